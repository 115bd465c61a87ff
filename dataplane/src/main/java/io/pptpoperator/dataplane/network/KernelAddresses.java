package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.address.LocalAddresses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What this host takes for its own: the addresses of all its interfaces, whoever made them, and its local routes. */
final class KernelAddresses {

    /**
     * Where IPVS wants the addresses of Services to be (kube-proxy, kube-router). They are no addresses of the host:
     * what is no Service's port of them is dropped behind IPVS, see {@link ServerTable}.
     */
    private static final Set<String> OF_SERVICES = Set.of("kube-ipvs0", "kube-dummy-if");
    private static final int LOOPBACK = 127;
    /** Networks of fewer addresses have no broadcast address (RFC 3021). */
    private static final int LONGEST_WITH_BROADCAST = 30;

    private KernelAddresses() {}

    static LocalAddresses read(Rtnetlink rtnetlink) {
        return of(rtnetlink.links(), rtnetlink.addresses(), rtnetlink.routes(Route.LOCAL_TABLE, OptionalInt.empty()));
    }

    /** What some interfaces, their addresses and the routes of the local table come to. */
    static LocalAddresses of(List<Link> links, List<InterfaceAddress> addresses, List<Route> local) {
        Set<Integer> ofServices = links.stream()
                .filter(link -> OF_SERVICES.contains(link.name()))
                .map(Link::index)
                .collect(Collectors.toSet());
        Set<Ipv4Address> own = new HashSet<>();
        List<Ipv4Prefix> networks = new ArrayList<>();
        Set<Ipv4Address> broadcasts = new HashSet<>();
        for (InterfaceAddress address : addresses) {
            if (ofServices.contains(address.linkIndex())) {
                continue;
            }
            own.add(address.address());
            Ipv4Prefix network = address.network();
            if (network.length() <= LONGEST_WITH_BROADCAST && network.contains(address.address())) {
                broadcasts.add(new Ipv4Address(network.network().bits() | ~network.mask()));
            }
        }
        for (Route route : local) {
            if (ofServices.contains(route.linkIndex())) {
                continue;
            }
            Ipv4Prefix destination = route.destination();
            if (route.type() == Route.BROADCAST && destination.length() == 32) {
                broadcasts.add(destination.network());
            } else if (route.type() == Route.LOCAL && destination.length() == 32) {
                own.add(destination.network());
            } else if (route.type() == Route.LOCAL && destination.network().bits() >>> 24 != LOOPBACK) {
                networks.add(destination);
            }
        }
        own.removeIf(address -> address.bits() >>> 24 == LOOPBACK);
        broadcasts.removeIf(address -> address.bits() >>> 24 == LOOPBACK || own.contains(address));
        return new LocalAddresses(own, networks, broadcasts);
    }
}
