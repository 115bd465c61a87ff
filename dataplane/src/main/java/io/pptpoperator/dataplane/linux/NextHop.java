package io.pptpoperator.dataplane.linux;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;

/**
 * Where a packet socket, or an XDP socket, sends packets for one destination, past the kernel's routing.
 *
 * @param linkIndex number of the Ethernet interface they leave through
 * @param hardwareAddress of the next host, in the lower 48 bits
 * @param mtu the longest IP packet of that interface, in bytes
 * @param source the packets' source address
 * @param xdp that interface's XDP sockets, if packets may leave through them
 */
public record NextHop(int linkIndex, long hardwareAddress, int mtu, Ipv4Address source, Optional<XdpLink> xdp) {}
