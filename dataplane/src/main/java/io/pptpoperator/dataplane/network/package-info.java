/**
 * The network around one server: its TUN device's address and routes, IPv4 forwarding, MASQUERADE and the firewall's
 * consent. {@code ServerNetwork} knows what should be there and puts it there, {@code NetworkWatch} puts it back when
 * somebody removes it, and nothing is left when both are closed.
 */
package io.pptpoperator.dataplane.network;
