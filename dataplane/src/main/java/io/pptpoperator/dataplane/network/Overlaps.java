package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import java.util.ArrayList;
import java.util.List;

/** Finds addresses of a plan that this host already reaches elsewhere. Pure. */
final class Overlaps {

    private Overlaps() {}

    /** One sentence for each address or network of the plan that collides with the host's. */
    static List<String> find(NetworkPlan plan, List<Link> links, List<InterfaceAddress> addresses,
            HostNetworks host) {
        List<String> problems = new ArrayList<>();
        for (InterfaceAddress address : addresses) {
            if (address.address().equals(plan.localAddress())) {
                problems.add("network.localAddress " + plan.localAddress() + " is an address of "
                        + links.stream().filter(link -> link.index() == address.linkIndex()).map(Link::name)
                                .findFirst().orElse("another interface")
                        + " already: choose one that no interface has");
            }
        }
        host.connected().forEach((network, name) -> {
            if (network.length() < 32 && network.contains(plan.localAddress())) {
                problems.add("network.localAddress " + plan.localAddress() + " lies in " + network
                        + ", which this host reaches through " + name
                        + ": choose one that is used nowhere else");
            }
        });
        for (Ipv4Prefix prefix : plan.clients()) {
            host.overlap(prefix).ifPresent(overlap -> problems.add(prefix + " of the clients' addresses "
                    + overlap + ": choose addresses for network.pools that are used nowhere else"));
        }
        return problems;
    }
}
