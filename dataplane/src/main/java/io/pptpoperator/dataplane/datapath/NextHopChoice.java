package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.XdpLink;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Neighbour;
import io.pptpoperator.dataplane.linux.netlink.OutputRoute;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;

/** Decides from what the kernel says whether a packet socket may send to a peer, and where. */
final class NextHopChoice {

    private NextHopChoice() {}

    /**
     * The host that the next hop's hardware address is asked of: the route's gateway or the peer itself. Empty where
     * only the kernel can send: to this host itself, into devices without Ethernet addresses, with encapsulation, from
     * an address that was not asked for.
     *
     * @param link the route's interface
     * @param local the source address that packets must have, {@link Ipv4Address#ANY} for whichever
     */
    static Optional<Ipv4Address> neighbour(OutputRoute route, Optional<Link> link, Ipv4Address peer,
            Ipv4Address local) {
        boolean usable = route.plain() && link.filter(known -> known.up() && known.ethernet()).isPresent()
                && !route.source().equals(Ipv4Address.ANY)
                && (local.equals(Ipv4Address.ANY) || local.equals(route.source()));
        return usable ? Optional.of(route.gateway().orElse(peer)) : Optional.empty();
    }

    /**
     * The next hop, as long as the neighbour that {@link #neighbour} named is known and fresh.
     *
     * @param xdp the link's XDP sockets, if packets may leave through them
     */
    static Optional<NextHop> nextHop(OutputRoute route, Link link, Optional<Neighbour> neighbour,
            Optional<XdpLink> xdp) {
        return neighbour.filter(Neighbour::isFresh)
                .map(fresh -> new NextHop(route.linkIndex(), fresh.hardwareAddress().orElseThrow(), link.mtu(),
                        route.source(), xdp));
    }
}
