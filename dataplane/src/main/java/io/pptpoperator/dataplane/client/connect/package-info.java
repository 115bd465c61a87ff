/**
 * The VPN client: a TUN device, its address and routes, name servers, and a session that is dialled again when it ends.
 */
package io.pptpoperator.dataplane.client.connect;
