package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.HostChecks;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Looks, before anything is changed, for what would keep a server from working. */
public final class StartupChecks {

    /** Read of this thread's network namespace, which is not always that of the process. */
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

    /**
     * What was found, one line each saying what to do.
     *
     * @param failures what makes starting pointless
     * @param warnings what an administrator should know
     */
    public record Findings(List<String> failures, List<String> warnings) {

        /** Takes copies of the lists. */
        public Findings {
            failures = List.copyOf(failures);
            warnings = List.copyOf(warnings);
        }
    }

    private StartupChecks() {}

    /** Checks host, names and addresses for {@code plan}, whose TUN device must not be open yet. */
    public static Findings run(NetworkPlan plan) {
        return run(plan, false);
    }

    /**
     * The same.
     *
     * @param takesOver whether the TUN device is open already, in the process that is taken over from
     */
    public static Findings run(NetworkPlan plan, boolean takesOver) {
        List<String> failures = new ArrayList<>(HostChecks.problems());
        List<String> warnings = new ArrayList<>();
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            List<Link> links = rtnetlink.links();
            if (!takesOver && rtnetlink.link(plan.tun()).isPresent()) {
                failures.add("tun " + plan.tun() + " is the name of an interface that exists already: stop the"
                        + " process that holds it, remove it with 'ip link delete " + plan.tun()
                        + "', or choose another name");
            }
            failures.addAll(Overlaps.find(plan, HostNetworks.read(rtnetlink, plan.tun())));
            checkUplink(plan, rtnetlink, links, failures, warnings);
        } catch (LinuxException e) {
            failures.add(e.getMessage());
        }
        checkFirewall(plan, failures, warnings);
        return new Findings(failures, warnings);
    }

    private static void checkUplink(NetworkPlan plan, Rtnetlink rtnetlink, List<Link> links, List<String> failures,
            List<String> warnings) {
        if (Uplink.find(rtnetlink, plan).isPresent()) {
            return;
        }
        if (plan.uplink().isPresent()) {
            failures.add("nat.uplink " + plan.uplink().get() + " does not exist: choose one of "
                    + links.stream().filter(link -> !link.loopback()).map(Link::name).collect(Collectors.joining(", "))
                    + ", or leave it out");
        } else {
            warnings.add("this host has no default route, so clients reach only its own networks"
                    + (plan.nat() ? " and MASQUERADE applies to every interface" : "")
                    + ": add a default route, or name the interface in nat.uplink");
        }
    }

    private static void checkFirewall(NetworkPlan plan, List<String> failures, List<String> warnings) {
        try (Nftables nftables = Nftables.open()) {
            nftables.baseChains();
        } catch (LinuxException e) {
            failures.add("nf_tables cannot be used: run 'modprobe nf_tables' on the host; " + e.getMessage());
        }
        try {
            if (Files.exists(LEGACY_TABLES) && Files.readAllLines(LEGACY_TABLES).contains("filter")) {
                warnings.add("iptables-legacy is in use here, and its rules are not changed: if its FORWARD chain"
                        + " refuses packets, run 'iptables-legacy -A FORWARD -i " + plan.tun()
                        + " -j ACCEPT; iptables-legacy -A FORWARD -o " + plan.tun()
                        + (plan.nat() ? " -m conntrack --ctstate ESTABLISHED,RELATED" : "") + " -j ACCEPT'");
            }
        } catch (IOException e) {
            warnings.add("cannot tell whether iptables-legacy is in use: " + LEGACY_TABLES + " cannot be read");
        }
    }
}
