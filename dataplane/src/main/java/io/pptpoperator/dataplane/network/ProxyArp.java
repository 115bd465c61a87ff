package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Neighbours;
import io.pptpoperator.dataplane.linux.netlink.Neighbours.Proxy;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers ARP for connected clients whose addresses lie in the network of an interface, so that its hosts reach them as
 * if they were there. The kernel does so where it forwards, and routes the address elsewhere.
 */
final class ProxyArp {

    /** Networks of fewer addresses have no room for clients. */
    static final int LONGEST_NETWORK = 30;

    private final Rtnetlink rtnetlink;
    private final Neighbours neighbours;
    private final TunLink tun;
    private final Set<Ipv4Address> clients = new LinkedHashSet<>();

    ProxyArp(Rtnetlink rtnetlink, TunLink tun) {
        this.rtnetlink = rtnetlink;
        this.neighbours = rtnetlink.neighbours();
        this.tun = tun;
    }

    /** The networks of interfaces in which clients of the plan may be, with their interfaces. */
    List<InterfaceAddress> networks(NetworkPlan plan) {
        if (!plan.proxyArp()) {
            return List.of();
        }
        int own = tun.find().map(link -> link.index()).orElse(0);
        return rtnetlink.addresses()
                .stream()
                .filter(address -> address.linkIndex() != own && address.network().length() <= LONGEST_NETWORK)
                .filter(address -> plan.clients().stream().anyMatch(prefix -> isWithin(prefix, address.network())))
                .toList();
    }

    private static boolean isWithin(Ipv4Prefix prefix, Ipv4Prefix network) {
        return prefix.length() > network.length() && network.contains(prefix.network());
    }

    /** Begins to answer for a client that has connected. */
    void add(NetworkPlan plan, Ipv4Address client) {
        clients.add(client);
        wanted(plan, List.of(client)).forEach(proxy -> neighbours.addProxy(proxy, TunLink.ROUTE_PROTOCOL));
    }

    /** Ends what {@link #add} began. */
    void remove(NetworkPlan plan, Ipv4Address client) {
        clients.remove(client);
        wanted(plan, List.of(client)).forEach(neighbours::removeProxy);
    }

    private Set<Proxy> wanted(NetworkPlan plan, Iterable<Ipv4Address> addresses) {
        Set<Proxy> wanted = new HashSet<>();
        List<InterfaceAddress> networks = networks(plan);
        for (Ipv4Address address : addresses) {
            networks.stream()
                    .filter(it -> it.network().contains(address))
                    .forEach(it -> wanted.add(new Proxy(it.linkIndex(), address)));
        }
        return wanted;
    }

    /** What is missing, and what a predecessor left. */
    List<Repair> inspect(NetworkPlan plan) {
        if (!plan.proxyArp()) {
            return List.of();
        }
        List<Repair> repairs = new ArrayList<>();
        Set<Proxy> wanted = wanted(plan, clients);
        for (Proxy proxy : neighbours.proxies(TunLink.ROUTE_PROTOCOL)) {
            if (!wanted.remove(proxy) && plan.clients().stream().anyMatch(prefix -> prefix.contains(proxy.address()))) {
                repairs.add(Repair.optional("ARP is answered for " + proxy.address() + " without need",
                        () -> neighbours.removeProxy(proxy)));
            }
        }
        wanted.forEach(proxy -> repairs.add(Repair.optional("ARP is not answered for " + proxy.address(),
                () -> neighbours.addProxy(proxy, TunLink.ROUTE_PROTOCOL))));
        return repairs;
    }

    /** Answers for nobody any more. */
    void close(NetworkPlan plan) throws LinuxException {
        wanted(plan, clients).forEach(neighbours::removeProxy);
        clients.clear();
    }
}
