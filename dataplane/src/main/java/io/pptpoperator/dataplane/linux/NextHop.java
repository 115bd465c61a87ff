package io.pptpoperator.dataplane.linux;

import io.pptpoperator.protocol.address.Ipv4Address;

/**
 * Where a packet socket sends packets for one destination, past the kernel's routing.
 *
 * @param linkIndex number of the Ethernet interface they leave through
 * @param hardwareAddress of the next host, in the lower 48 bits
 * @param mtu the longest IP packet of that interface, in bytes
 * @param source the packets' source address
 */
public record NextHop(int linkIndex, long hardwareAddress, int mtu, Ipv4Address source) {}
