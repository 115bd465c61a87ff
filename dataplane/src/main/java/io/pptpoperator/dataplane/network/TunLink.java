package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The TUN device as an interface of the host: MTU, address, up, routes. */
final class TunLink {

    /**
     * Tags our routes (rtm_protocol). None of the numbers that linux/rtnetlink.h gives to routing daemons: those sweep
     * routes with their own number when they start.
     */
    static final int ROUTE_PROTOCOL = 147;

    private static final int STRICT = 1;
    private static final int LOOSE = 2;

    private final Rtnetlink rtnetlink;
    /**
     * Packets that wait while a worker does not get the processor: the usual 500 are gone in 2 ms of a flood, and then
     * everybody's packets are lost, whoever floods.
     */
    private static final int QUEUE_LENGTH = 5_000;

    private final String name;
    private final Ipv4Address address;

    TunLink(Rtnetlink rtnetlink, String name, Ipv4Address address) {
        this.rtnetlink = rtnetlink;
        this.name = name;
        this.address = address;
    }

    Optional<Link> find() {
        return rtnetlink.link(name);
    }

    /** What differs from an interface with that MTU and exactly these routes of ours; fixes are to be run in order. */
    List<Repair> inspect(int mtu, Set<Ipv4Prefix> destinations) {
        Optional<Link> found = find();
        if (found.isEmpty()) {
            return List.of(gone());
        }
        try {
            return inspect(found.get(), mtu, destinations);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENODEV) {
                return List.of(gone()); // it went while it was looked at
            }
            throw e;
        }
    }

    private Repair gone() {
        return Repair.impossible("the TUN device " + name + " is gone: restart the server");
    }

    private List<Repair> inspect(Link link, int mtu, Set<Ipv4Prefix> destinations) {
        List<Repair> repairs = new ArrayList<>();
        if (link.mtu() != mtu) {
            repairs.add(Repair.of("the MTU of " + name + " is " + link.mtu() + " instead of " + mtu,
                    () -> rtnetlink.setMtu(link, mtu)));
        }
        if (rtnetlink.addresses()
                .stream()
                .noneMatch(a -> a.linkIndex() == link.index() && a.address().equals(address))) {
            repairs.add(Repair.of(name + " lacks the address " + address,
                    () -> rtnetlink.addAddress(link, address, Optional.empty())));
        }
        if (!link.up()) {
            repairs.add(Repair.of(name + " is down", () -> bringUp(link)));
        }
        // A strict filter would drop what a client's network sends before its route is there.
        if (Math.max(rtnetlink.ipv4Conf(link).reversePathFilter(),
                rtnetlink.ipv4ConfOfAll().reversePathFilter()) == STRICT) {
            repairs.add(Repair.optional("rp_filter of " + name + " is strict",
                    () -> rtnetlink.setReversePathFilter(link, LOOSE)));
        }
        repairs.addAll(inspectRoutes(link, destinations));
        return repairs;
    }

    private void bringUp(Link link) {
        try {
            rtnetlink.withoutIpv6Addresses(link);
        } catch (NetlinkException e) {
            // Only a host without IPv6 refuses, and it sends no router solicitations either.
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EINVAL && e.errno() != Errno.EOPNOTSUPP) {
                throw e;
            }
        }
        rtnetlink.setQueueLength(link, QUEUE_LENGTH);
        rtnetlink.setUp(link, true);
    }

    private List<Repair> inspectRoutes(Link link, Set<Ipv4Prefix> destinations) {
        List<Repair> repairs = new ArrayList<>();
        Set<Ipv4Prefix> missing = new LinkedHashSet<>(destinations);
        for (Route route : rtnetlink.routes(Route.MAIN, OptionalInt.of(link.index()))) {
            missing.remove(route.destination());
            if (route.protocol() == ROUTE_PROTOCOL && !destinations.contains(route.destination())) {
                repairs.add(Repair.of(route.destination() + " is routed to " + name + " without need",
                        () -> rtnetlink.removeRoute(link, route.destination(), ROUTE_PROTOCOL)));
            }
        }
        for (Ipv4Prefix destination : missing) {
            repairs.add(Repair.of(destination + " is not routed to " + name, () -> addRoute(link, destination)));
        }
        return repairs;
    }

    /** Routes a network to the TUN device; having done so already is no error. */
    void addRoute(Link link, Ipv4Prefix destination) {
        try {
            rtnetlink.addRoute(link, destination, address, ROUTE_PROTOCOL);
        } catch (NetlinkException e) {
            if (e.errno() != Errno.EEXIST || rtnetlink.routes(Route.MAIN, OptionalInt.of(link.index()))
                    .stream()
                    .noneMatch(route -> route.destination().equals(destination))) {
                throw e;
            }
        }
    }

    void removeRoute(Link link, Ipv4Prefix destination) {
        rtnetlink.removeRoute(link, destination, ROUTE_PROTOCOL);
    }

    /** Takes address and routes away; the device itself goes when it is closed. */
    void remove() {
        find().ifPresent(link -> {
            for (Route route : rtnetlink.routes(Route.MAIN, OptionalInt.of(link.index()))) {
                if (route.protocol() == ROUTE_PROTOCOL) {
                    removeRoute(link, route.destination());
                }
            }
            rtnetlink.removeAddress(link, address);
        });
    }
}
