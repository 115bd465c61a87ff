/** IPCP (RFC 1332) with the name servers of RFC 1877: which addresses each end asks for, and what is answered. */
package io.pptpoperator.protocol.ppp.ipcp;
