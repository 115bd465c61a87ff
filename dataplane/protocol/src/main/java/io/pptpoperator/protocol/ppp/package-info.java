/**
 * What all of PPP's protocols share (RFC 1661): frames, Configure packets and their options, and the automaton of
 * section 4 as a table.
 *
 * <p>Pure: packets, events and a time in milliseconds go in, actions come out. LCP, authentication, CCP and IPCP
 * have packages of their own below this one, and {@code ppp.link} runs them as one link.
 */
package io.pptpoperator.protocol.ppp;
