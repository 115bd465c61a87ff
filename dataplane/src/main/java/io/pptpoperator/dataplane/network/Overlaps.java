package io.pptpoperator.dataplane.network;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;

/** Finds addresses of a plan that this host already reaches elsewhere. Pure. */
final class Overlaps {

    private Overlaps() {}

    /** One sentence for each address or network of the plan that collides with the host's. */
    static List<String> find(NetworkPlan plan, HostNetworks host) {
        List<String> problems = new ArrayList<>();
        host.connected().forEach((network, name) -> {
            if (network.length() < 32 && network.contains(plan.localAddress()) && !host.has(plan.localAddress())) {
                problems.add(
                        "localIP " + plan.localAddress() + " lies in " + network + ", which this host reaches through "
                                + name + ": choose one that is used nowhere else, or one that this host has itself");
            }
        });
        for (Ipv4Prefix prefix : plan.clients()) {
            host.overlap(prefix, plan.proxyArp())
                    .ifPresent(overlap -> problems.add(prefix + " of the clients' addresses " + overlap
                            + ": choose addresses for pools that are used nowhere else"));
        }
        return problems;
    }
}
