package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Finds addresses of a plan that this host already reaches elsewhere. Pure. */
final class Overlaps {

    private Overlaps() {}

    /** One sentence for each address or network of the host that collides with the plan. */
    static List<String> find(NetworkPlan plan, List<Link> links, List<InterfaceAddress> addresses,
            List<Route> routes) {
        IntFunction<String> nameOf = index -> links.stream().filter(link -> link.index() == index)
                .map(Link::name)
                .findFirst().orElse("another interface");
        List<String> problems = new ArrayList<>();
        // Networks that nothing more specific may steal from us, with who has them.
        Map<Ipv4Prefix, String> connected = new LinkedHashMap<>();
        Map<Ipv4Prefix, String> distant = new LinkedHashMap<>();
        for (InterfaceAddress address : addresses) {
            String name = nameOf.apply(address.linkIndex());
            if (address.address().equals(plan.localAddress())) {
                problems.add("network.localAddress " + plan.localAddress() + " is an address of " + name
                        + " already: choose one that no interface has");
            }
            if (!name.equals(plan.tun())) {
                connected.putIfAbsent(address.network(), name);
            }
        }
        for (Route route : routes) {
            String name = nameOf.apply(route.linkIndex());
            if (!route.isDefault() && route.type() == Route.UNICAST && !name.equals(plan.tun())) {
                (route.gateway().isEmpty() ? connected : distant).putIfAbsent(route.destination(), name);
            }
        }
        List<Ipv4Prefix> wanted = new ArrayList<>(plan.clients());
        wanted.addAll(plan.userNetworks());
        connected.forEach((network, name) -> {
            if (network.length() < 32 && network.contains(plan.localAddress())) {
                problems.add("network.localAddress " + plan.localAddress() + " lies in " + network
                        + ", which this host reaches through " + name
                        + ": choose one that is used nowhere else");
            }
        });
        connected.forEach((network, name) -> first(wanted, network).ifPresent(
                prefix -> problems.add(sentence(prefix, network, name))));
        // A wider network behind a router is no obstacle: ours is more specific and wins.
        distant.forEach((network, name) -> first(wanted, network)
                .filter(prefix -> network.length() >= prefix.length())
                .ifPresent(prefix -> problems.add(sentence(prefix, network, name))));
        return problems;
    }

    private static Optional<Ipv4Prefix> first(List<Ipv4Prefix> wanted, Ipv4Prefix network) {
        return wanted.stream().filter(network::overlaps).findFirst();
    }

    private static String sentence(Ipv4Prefix prefix, Ipv4Prefix network, String name) {
        return prefix + " of the clients' addresses overlaps " + network
                + ", which this host reaches through " + name
                + ": choose addresses for network.pools and users that are used nowhere else";
    }
}
