package io.pptpoperator.dataplane.client.connect;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a connected client changes in the host's network: its TUN device's address and MTU, the routes into it, and the
 * way to the server, which must not lead into it.
 *
 * <p>All of it but the way to the server disappears with the TUN device, and so with the process. The way to the server
 * is a route of ours, known by its tag, whose metric is the number of the TUN device it serves: once there is no such
 * device the route is nobody's, and whoever starts next removes it.
 */
final class ClientNetwork {
    /**
     * Tags our routes (rtm_protocol); neither a number of linux/rtnetlink.h, whose routing daemons sweep their own, nor
     * the one that marks a server's routes.
     */
    static final int ROUTE_PROTOCOL = 148;

    private final Rtnetlink rtnetlink;
    private final Link tun;
    private Optional<Route> wayToServer = Optional.empty();
    private Optional<AddressPlan> addresses = Optional.empty();

    /** Nothing is changed yet. */
    ClientNetwork(Rtnetlink rtnetlink, Link tun) {
        this.rtnetlink = rtnetlink;
        this.tun = tun;
    }

    /**
     * Removes the routes of clients that were killed.
     *
     * @return how many there were
     */
    static int removeLeftovers(Rtnetlink rtnetlink) {
        Set<Integer> alive = rtnetlink.links().stream().map(Link::index).collect(Collectors.toSet());
        List<Route> leftovers = rtnetlink.routes(Route.MAIN, OptionalInt.empty())
                .stream()
                .filter(route -> route.protocol() == ROUTE_PROTOCOL && !alive.contains(route.metric())
                        && route.metric() != 0)
                .toList();
        leftovers.forEach(rtnetlink::removeRoute);
        return leftovers.size();
    }

    /** The largest packet of the interface that leads to the server, in bytes; empty when none does. */
    static OptionalInt uplinkMtu(Rtnetlink rtnetlink, Ipv4Address server) {
        return rtnetlink.routeTo(server)
                .stream()
                .flatMapToInt(route -> rtnetlink.links()
                        .stream()
                        .filter(link -> link.index() == route.linkIndex())
                        .mapToInt(Link::mtu))
                .findFirst();
    }

    /**
     * The link is up: gives the TUN device its address, and routes into it what is wanted.
     *
     * @param server the server's address outside the tunnel
     * @param destinations what to route into the tunnel
     * @throws LinuxException when the kernel refuses; {@link #down} then takes back what was done
     */
    void up(Ipv4Address server, AddressPlan plan, int mtu, List<Ipv4Prefix> destinations) {
        addresses = Optional.of(plan);
        rtnetlink.setMtu(tun, mtu);
        // A server that calls its inner end by its outer address would draw its own GRE packets into the tunnel.
        boolean peerIsRoutable = !plan.peerAddress().equals(Ipv4Address.ANY) && !plan.peerAddress().equals(server);
        keepWayTo(server, destinations);
        rtnetlink.addAddress(tun, plan.ourAddress(),
                peerIsRoutable ? Optional.of(plan.peerAddress()) : Optional.empty());
        switchOn();
        for (Ipv4Prefix destination : halves(destinations)) {
            rtnetlink.addRoute(tun, destination, plan.ourAddress(), ROUTE_PROTOCOL);
        }
    }

    /** A host without IPv6 cannot be asked to refrain from it. */
    private void switchOn() {
        try {
            rtnetlink.withoutIpv6Addresses(tun);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EINVAL && e.errno() != Errno.EOPNOTSUPP) {
                throw e;
            }
        }
        rtnetlink.setUp(tun, true);
    }

    private void keepWayTo(Ipv4Address server, List<Ipv4Prefix> destinations) {
        if (destinations.stream().noneMatch(destination -> destination.contains(server))) {
            return;
        }
        Optional<Route> present = rtnetlink.routeTo(server).filter(route -> route.type() == Route.UNICAST);
        if (present.isPresent()) {
            Route way = new Route(new Ipv4Prefix(server, 32), present.get().linkIndex(), present.get().gateway(),
                    Optional.empty(), Route.MAIN, ROUTE_PROTOCOL, Route.UNICAST, tun.index());
            rtnetlink.addRoute(way);
            wayToServer = Optional.of(way);
        }
    }

    /**
     * Everything is routed by two halves of everything: they are more specific than a default route, which so can stay
     * as it is and works again the moment they are gone.
     */
    static List<Ipv4Prefix> halves(List<Ipv4Prefix> destinations) {
        List<Ipv4Prefix> split = new ArrayList<>();
        for (Ipv4Prefix destination : destinations) {
            if (destination.length() == 0) {
                split.add(new Ipv4Prefix(Ipv4Address.ANY, 1));
                split.add(new Ipv4Prefix(new Ipv4Address(1 << 31), 1));
            } else {
                split.add(destination);
            }
        }
        return split;
    }

    /** Takes everything back that {@link #up} did; what is gone already is no error. */
    void down() {
        try {
            for (Route route : rtnetlink.routes(Route.MAIN, OptionalInt.of(tun.index()))) {
                if (route.protocol() == ROUTE_PROTOCOL) {
                    rtnetlink.removeRoute(route);
                }
            }
            addresses.ifPresent(plan -> rtnetlink.removeAddress(tun, plan.ourAddress()));
            addresses = Optional.empty();
        } finally {
            wayToServer.ifPresent(rtnetlink::removeRoute);
            wayToServer = Optional.empty();
        }
    }
}
