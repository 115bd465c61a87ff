package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.XdpSocketObstacle.Reason;
import io.pptpoperator.dataplane.linux.BpfPrograms;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Qdiscs;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a link has at its egress that may do something to GRE, and that an XDP socket's packets would pass by. */
final class EgressFilters {

    /**
     * Queueing disciplines that a link has of itself, or a distribution gives to all: they let one packet out after the
     * other. Incoming packets are not what {@code ingress} is about, and {@code noqueue} has none to queue.
     */
    private static final Set<String> PLAIN = Set.of("noqueue", "pfifo_fast", "pfifo", "bfifo", "fq_codel", "fq", "mq",
            "ingress");

    private final Qdiscs qdiscs;

    EgressFilters(Rtnetlink rtnetlink) {
        this.qdiscs = rtnetlink.qdiscs();
    }

    /** All there is on a link now. */
    List<XdpSocketObstacle> find(Link link) {
        List<XdpSocketObstacle> found = new ArrayList<>();
        try {
            qdiscs.all()
                    .stream()
                    .filter(qdisc -> qdisc.linkIndex() == link.index() && !PLAIN.contains(qdisc.kind()))
                    .map(Qdiscs.Qdisc::kind)
                    .distinct()
                    .forEach(kind -> found.add(obstacle(kind, link)));
            if (BpfPrograms.atEgress(link.index()) > 0) {
                found.add(
                        new XdpSocketObstacle(Reason.TRAFFIC_CONTROL, "BPF programs at the egress of " + link.name()));
            }
        } catch (LinuxException e) {
            found.add(new XdpSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
        }
        egressChains(found);
        return found;
    }

    private static XdpSocketObstacle obstacle(String kind, Link link) {
        return "clsact".equals(kind)
                ? new XdpSocketObstacle(Reason.TRAFFIC_CONTROL, "clsact on " + link.name())
                : new XdpSocketObstacle(Reason.QUEUEING, "the queueing discipline " + kind + " on " + link.name());
    }

    private static void egressChains(List<XdpSocketObstacle> found) {
        try (Nftables nftables = Nftables.open()) {
            if (nftables.hasEgressChains()) {
                found.add(new XdpSocketObstacle(Reason.FIREWALL, "nftables chains at the egress hook"));
            }
        } catch (LinuxException e) {
            // EPROTONOSUPPORT: a kernel without netfilter; EINVAL: without nf_tables.
            if (e.errno() != Errno.EPROTONOSUPPORT && e.errno() != Errno.EINVAL) {
                found.add(new XdpSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
            }
        }
    }
}
