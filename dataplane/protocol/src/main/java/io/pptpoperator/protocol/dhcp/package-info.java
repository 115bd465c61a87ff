/**
 * What a PPP peer asks by DHCPINFORM (RFC 2131 section 3.4), and the answer: classless routes, name servers and a domain.
 * Nothing else of DHCP, since IPCP gives the address. Knows nothing of sessions.
 */
package io.pptpoperator.protocol.dhcp;
