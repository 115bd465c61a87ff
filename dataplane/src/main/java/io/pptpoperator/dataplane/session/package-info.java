/**
 * The sessions of one server: {@code PacSession} is one of them as a pure state machine, control connection, PPP link and
 * login; {@code PeerConnection} gives it its TCP connection, its tunnel and its place in the {@code SessionTable}, which
 * has the rules for all of them; an {@code Authority} says who may log in.
 *
 * <p>All of it runs on one event loop, takes the time as an argument, and reaches the network only through
 * {@code ControlChannel} and the tunnels that it is given.
 */
package io.pptpoperator.dataplane.session;
