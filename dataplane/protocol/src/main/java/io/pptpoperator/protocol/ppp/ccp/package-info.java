/**
 * CCP (RFC 1962) as far as MPPE needs it: the option that RFC 3078 section 2 defines, and what may be agreed under a
 * policy.
 */
package io.pptpoperator.protocol.ppp.ccp;
