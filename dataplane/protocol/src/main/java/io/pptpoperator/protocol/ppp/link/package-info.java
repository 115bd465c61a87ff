/**
 * One PPP link from LCP to IPCP, as the server and as the client: {@code PppLink} leads it through its phases (RFC
 * 1661 section 3.2) and says what shall happen as {@code LinkAction}s.
 *
 * <p>Pure: it is run by an event loop that hands it frames and the time, and does what it says.
 */
package io.pptpoperator.protocol.ppp.link;
