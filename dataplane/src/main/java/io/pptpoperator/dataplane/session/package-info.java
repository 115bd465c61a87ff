/**
 * The sessions of one server: each a control connection, a PPP link and a tunnel; the table of all of them; limits,
 * leases of addresses, and who may log in.
 *
 * <p>All of it runs on one event loop, takes the time as an argument, and reaches the network only through
 * {@code ControlChannel} and the tunnels that it is given.
 */
package io.pptpoperator.dataplane.session;
