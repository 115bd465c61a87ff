/**
 * LCP (RFC 1661) with its options, echoes as keepalive, and what a peer says of itself (Identification, RFC 1570).
 */
package io.pptpoperator.protocol.ppp.lcp;
