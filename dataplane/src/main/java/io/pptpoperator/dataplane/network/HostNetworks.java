package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;

/** The networks that this host reaches without the server, which no client may get anything of: a snapshot. */
public final class HostNetworks {

    /** Networks that nothing more specific may steal from the host, with the interface they are behind. */
    private final Map<Ipv4Prefix, String> connected = new LinkedHashMap<>();
    private final Map<Ipv4Prefix, String> distant = new LinkedHashMap<>();
    private final Set<Ipv4Address> own = new HashSet<>();

    private HostNetworks() {}

    /** What the kernel says, but for what leads to the TUN device of the server itself. */
    static HostNetworks read(Rtnetlink rtnetlink, String tun) {
        return of(tun, rtnetlink.links(), rtnetlink.addresses(), rtnetlink.routes(Route.MAIN, OptionalInt.empty()));
    }

    /**
     * What the kernel says, in the network namespace of the calling thread.
     *
     * @param tun the server's own TUN device, which does not count
     * @throws io.pptpoperator.dataplane.linux.LinuxException when the kernel cannot be asked
     */
    public static HostNetworks read(String tun) {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            return read(rtnetlink, tun);
        }
    }

    /** What some interfaces, their addresses and routes of the main table come to. */
    public static HostNetworks of(String tun, List<Link> links, List<InterfaceAddress> addresses, List<Route> routes) {
        IntFunction<String> nameOf = index -> links.stream()
                .filter(link -> link.index() == index)
                .map(Link::name)
                .findFirst()
                .orElse("another interface");
        var networks = new HostNetworks();
        for (InterfaceAddress address : addresses) {
            String name = nameOf.apply(address.linkIndex());
            if (!name.equals(tun)) {
                networks.own.add(address.address());
                networks.connected.putIfAbsent(address.network(), name);
            }
        }
        for (Route route : routes) {
            String name = nameOf.apply(route.linkIndex());
            if (name.equals(tun)) {
                continue;
            }
            // A router may be reached on its interface without being in any network of it.
            route.gateway().ifPresent(router -> networks.connected.putIfAbsent(new Ipv4Prefix(router, 32), name));
            if (!route.isDefault() && route.type() == Route.UNICAST) {
                (route.gateway().isEmpty() ? networks.connected : networks.distant).putIfAbsent(route.destination(),
                        name);
            }
        }
        return networks;
    }

    private boolean isRoomWithin(Ipv4Prefix network, Ipv4Prefix wanted) {
        Ipv4Address last = new Ipv4Address(network.network().bits() | ~network.mask());
        return network.length() <= ProxyArp.LONGEST_NETWORK && network.length() < wanted.length()
                && network.contains(wanted.network()) && !wanted.contains(network.network()) && !wanted.contains(last)
                && own.stream().noneMatch(wanted::contains);
    }

    /** The networks that are behind an interface itself, with its name. */
    Map<Ipv4Prefix, String> connected() {
        return connected;
    }

    /** Whether an interface of the host has the address. */
    boolean has(Ipv4Address address) {
        return own.contains(address);
    }

    /**
     * Which network of the host these addresses would take something from, as the end of a sentence.
     *
     * @param proxyArp whether they may lie inside the network of an interface, whose hosts then find them by ARP; the
     *     host's own addresses, its routers' and the network's first and last one remain theirs
     */
    public Optional<String> overlap(Ipv4Prefix wanted, boolean proxyArp) {
        return connected.entrySet()
                .stream()
                .filter(it -> it.getKey().overlaps(wanted))
                .filter(it -> !proxyArp || !isRoomWithin(it.getKey(), wanted))
                .findFirst()
                // A wider network behind a router is no obstacle: ours is more specific and wins.
                .or(() -> distant.entrySet()
                        .stream()
                        .filter(it -> it.getKey().overlaps(wanted) && it.getKey().length() >= wanted.length())
                        .findFirst())
                .map(it -> "overlaps " + it.getKey() + ", which this host reaches through " + it.getValue());
    }
}
