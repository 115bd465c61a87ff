/**
 * Tunnels without a TUN device: one raw GRE socket, any number of calls, their packets made and read in this process.
 */
package io.pptpoperator.dataplane.client.gre;
