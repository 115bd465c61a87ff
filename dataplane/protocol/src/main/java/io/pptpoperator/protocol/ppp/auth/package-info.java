/**
 * Proving who dials in: PAP (RFC 1334), CHAP (RFC 1994) with MD5, MS-CHAPv1 (RFC 2433) and MS-CHAPv2 (RFC 2759), as
 * the authenticator and as the peer.
 *
 * <p>Pure. Unknown names take the way of wrong passwords, so that neither answers nor times tell who has an account.
 */
package io.pptpoperator.protocol.ppp.auth;
