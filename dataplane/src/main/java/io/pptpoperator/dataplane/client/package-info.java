/**
 * The client's role (PNS, RFC 2637 section 1.3): {@code PnsSession} is one login from TCP to IPCP as a pure state
 * machine, {@code Dialer} gives it its TCP connection and its tunnel. {@code client.connect} is the VPN client,
 * {@code client.probe} finds out what keeps a client from connecting, {@code client.load} simulates many clients.
 */
package io.pptpoperator.dataplane.client;
