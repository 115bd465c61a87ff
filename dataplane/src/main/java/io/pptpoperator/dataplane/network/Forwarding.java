package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.InterfaceAddress;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * IPv4 forwarding on the interfaces where clients' packets and the answers to them arrive. Linux decides by the
 * interface of arrival, so that others stay as they are and {@code net.ipv4.ip_forward} is not touched.
 */
final class Forwarding {

    private final Rtnetlink rtnetlink;
    private final String tun;
    private final Map<Integer, Link> switchedOn = new HashMap<>();

    Forwarding(Rtnetlink rtnetlink, String tun) {
        this.rtnetlink = rtnetlink;
        this.tun = tun;
    }

    /**
     * What is off.
     *
     * @param lans numbers of further interfaces where packets for clients arrive
     */
    List<Repair> inspect(NetworkPlan plan, Optional<Link> uplink, Set<Integer> lans) {
        List<Repair> repairs = new ArrayList<>();
        for (Link link : concerned(plan, uplink, lans)) {
            if (!rtnetlink.ipv4Conf(link).forwarding()) {
                repairs.add(Repair.of("IPv4 forwarding is off on " + link.name(), () -> switchOn(link)));
            }
        }
        return repairs;
    }

    private Iterable<Link> concerned(NetworkPlan plan, Optional<Link> uplink, Set<Integer> lans) {
        Map<Integer, Link> links = rtnetlink.links().stream().collect(Collectors.toMap(Link::index, link -> link));
        Map<Integer, Link> concerned = new LinkedHashMap<>();
        links.values()
                .stream()
                .filter(link -> link.name().equals(tun))
                .forEach(link -> concerned.put(link.index(), link));
        links.values()
                .stream()
                .filter(link -> lans.contains(link.index()))
                .forEach(link -> concerned.put(link.index(), link));
        if (plan.nat() && uplink.isPresent()) {
            links.values()
                    .stream()
                    .filter(link -> link.index() == uplink.get().index())
                    .forEach(link -> concerned.put(link.index(), link));
            for (Ipv4Prefix destination : plan.natExclusions()) {
                rtnetlink.routeTo(destination.length() < 31 ? destination.network().plus(1) : destination.network())
                        .map(route -> links.get(route.linkIndex()))
                        .filter(link -> !link.loopback())
                        .ifPresent(link -> concerned.put(link.index(), link));
            }
        } else {
            // Answers may come from anywhere.
            Set<Integer> addressed = rtnetlink.addresses()
                    .stream()
                    .map(InterfaceAddress::linkIndex)
                    .collect(Collectors.toSet());
            links.values()
                    .stream()
                    .filter(link -> link.up() && !link.loopback() && addressed.contains(link.index()))
                    .forEach(link -> concerned.put(link.index(), link));
        }
        return concerned.values();
    }

    /** Takes over what a predecessor that was killed switched on, to be switched off at the end. */
    void adopt(List<String> names) {
        for (Link link : rtnetlink.links()) {
            if (names.contains(link.name()) && rtnetlink.ipv4Conf(link).forwarding()) {
                switchedOn.put(link.index(), link);
            }
        }
    }

    /** The names of the interfaces whose forwarding was off before. */
    List<String> switchedOn() {
        return switchedOn.values().stream().map(Link::name).filter(name -> !name.equals(tun)).sorted().toList();
    }

    private void switchOn(Link link) {
        try {
            rtnetlink.setForwarding(link, true);
        } catch (NetlinkException e) {
            try {
                Files.writeString(Path.of("/proc/sys/net/ipv4/conf", link.name(), "forwarding"), "1");
            } catch (IOException alsoRefused) {
                e.addSuppressed(alsoRefused);
                throw e;
            }
        }
        switchedOn.put(link.index(), link);
    }

    /** Switches off what was switched on here, unless the whole host has become a router meanwhile. */
    void restore() {
        if (!rtnetlink.ipv4ConfOfAll().forwarding()) {
            for (Link link : rtnetlink.links()) {
                if (switchedOn.containsKey(link.index()) && !link.name().equals(tun)) {
                    rtnetlink.setForwarding(link, false);
                }
            }
        }
        switchedOn.clear();
    }
}
