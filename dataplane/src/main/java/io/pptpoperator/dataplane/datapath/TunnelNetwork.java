package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;

/**
 * What IPCP and the configuration gave one session.
 *
 * @param clientAddress the client's address on the link
 * @param routes networks behind the client: routed to it, and accepted as its sources
 * @param mtu the largest IP packet, in bytes, to send to the client
 * @param mss the largest TCP segment to let either side announce, in bytes; 0 leaves announcements alone
 */
public record TunnelNetwork(Ipv4Address clientAddress, List<Ipv4Prefix> routes, int mtu, int mss) {

    /**
     * What IPCP gave a client: everything that the host routes into its TUN device goes to the server, and whatever the
     * server sends is accepted.
     *
     * @param server the server's end of the link
     */
    public static TunnelNetwork toServer(Ipv4Address server, int mtu, int mss) {
        return new TunnelNetwork(server, List.of(new Ipv4Prefix(Ipv4Address.ANY, 0)), mtu, mss);
    }

    /** Copies the routes. */
    public TunnelNetwork {
        routes = List.copyOf(routes);
    }
}
