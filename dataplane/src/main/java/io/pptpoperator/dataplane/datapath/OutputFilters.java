package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.datapath.PacketSocketObstacle.Reason;
import io.pptpoperator.dataplane.firewall.GreRules;
import io.pptpoperator.dataplane.firewall.Interference;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.IpsecPolicies;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What on this host may do something to GRE that a packet socket would pass by. Traffic control and netdev egress
 * chains do not count: a packet socket's packets meet them as well.
 */
final class OutputFilters {

    /** Lists the tables of iptables-legacy that are in use, of the calling thread's network namespace. */
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

    /**
     * What was found.
     *
     * @param forAll what may concern every peer
     * @param forSome rules that concern some addresses
     */
    record Findings(List<PacketSocketObstacle> forAll, List<Interference> forSome) {
        static final Findings NONE = new Findings(List.of(), List.of());
    }

    private final Rtnetlink rtnetlink;
    /** What nf_tables may do; null when that has to be read. */
    private List<Interference> rules;

    OutputFilters(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** The rules of nf_tables have changed. */
    void rulesChanged() {
        rules = null;
    }

    /** All there is now; nothing when packet sockets pass by nothing. */
    Findings find() {
        List<PacketSocketObstacle> found = new ArrayList<>();
        try {
            if (rules == null) {
                rules = readRules();
            }
            rules.stream()
                    .filter(Interference::concernsAll)
                    .forEach(rule -> found.add(new PacketSocketObstacle(Reason.FIREWALL, rule.what())));
        } catch (LinuxException e) {
            found.add(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
        }
        legacyTables(found);
        try {
            if (IpsecPolicies.concernOutput()) {
                found.add(new PacketSocketObstacle(Reason.IPSEC, "IPsec policies"));
            }
        } catch (LinuxException e) {
            found.add(new PacketSocketObstacle(Reason.UNAVAILABLE, e.getMessage()));
        }
        if (rtnetlink.rulesLookAtProtocol()) {
            found.add(new PacketSocketObstacle(Reason.ROUTING_RULES, "routing rules that look at the IP protocol"));
        }
        return new Findings(found,
                rules == null ? List.of() : rules.stream().filter(rule -> !rule.concernsAll()).toList());
    }

    private static List<Interference> readRules() {
        try (Nftables nftables = Nftables.open()) {
            return GreRules.find(nftables, baseChains(nftables));
        } catch (LinuxException e) {
            if (e.errno() == Errno.EPROTONOSUPPORT) {
                return List.of(); // a kernel without netfilter
            }
            throw e;
        }
    }

    private static List<NftChain> baseChains(Nftables nftables) {
        try {
            return nftables.baseChains();
        } catch (NetlinkException e) {
            if (e.errno() == Errno.EINVAL) {
                return List.of(); // a kernel without nf_tables
            }
            throw e;
        }
    }

    private static void legacyTables(List<PacketSocketObstacle> found) {
        try {
            Files.readAllLines(LEGACY_TABLES)
                    .forEach(table -> found
                            .add(new PacketSocketObstacle(Reason.FIREWALL, "iptables-legacy table " + table)));
        } catch (NoSuchFileException e) {
            // a kernel without them
        } catch (IOException e) {
            found.add(new PacketSocketObstacle(Reason.UNAVAILABLE,
                    "cannot read " + LEGACY_TABLES + ": " + e.getMessage()));
        }
    }
}
