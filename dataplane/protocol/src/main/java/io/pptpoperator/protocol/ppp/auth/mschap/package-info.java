/** The hashes and responses of MS-CHAPv1 (RFC 2433 appendix A) and MS-CHAPv2 (RFC 2759 section 8), as functions. */
package io.pptpoperator.protocol.ppp.auth.mschap;
