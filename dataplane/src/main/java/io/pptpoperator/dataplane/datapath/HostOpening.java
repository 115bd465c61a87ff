package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;

/**
 * Something of the server's own host that clients may reach.
 *
 * @param address one of its addresses, or a broadcast or multicast address; empty: each of its own
 * @param protocol the IP protocol's number
 * @param firstPort the lowest port; of no meaning for ICMP, where echo requests are meant
 * @param lastPort the highest port
 */
public record HostOpening(Optional<Ipv4Address> address, int protocol, int firstPort, int lastPort) {

    /** Whether it opens this port of that address, which is one host's own; allocates nothing. */
    boolean opens(int addressBits, boolean unicast, int wantedProtocol, int port) {
        return protocol == wantedProtocol && firstPort <= port && port <= lastPort
                && (address.isPresent() ? address.get().bits() == addressBits : unicast);
    }
}
