/**
 * The PPTP control connection (RFC 2637 sections 2 and 3): its messages, their bytes, and both ends' state machines.
 *
 * <p>The client is the PNS, the server the PAC, as in every PPTP VPN: the client asks for an outgoing call and the
 * server "dials" it. Everything here is pure: bytes or messages and a time in, messages and actions out. Only
 * {@code control.netty} knows sockets.
 */
package io.pptpoperator.protocol.control;
