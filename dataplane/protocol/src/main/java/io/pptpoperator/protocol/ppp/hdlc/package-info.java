/**
 * HDLC-like framing (RFC 1662): PPTP carries PPP frames without it, so the data plane never runs it; it is here for
 * those who use these packages as a library and speak PPP over a serial line or a pseudo-terminal, as pppd does.
 */
package io.pptpoperator.protocol.ppp.hdlc;
