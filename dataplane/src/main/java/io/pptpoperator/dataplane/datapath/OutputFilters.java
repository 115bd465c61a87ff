package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.IpsecPolicies;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What on this host may do something to GRE that a packet socket would pass by. Nobody can tell from a foreign firewall's
 * rules that none of them ever concerns GRE, so each chain that this host's own packets meet counts; those for incoming
 * packets too, because many let in only what connection tracking has seen go out. Traffic control and netdev egress
 * chains do not count: a packet socket's packets meet them as well.
 */
final class OutputFilters {

    private static final Set<NftHook> HOOKS = Set.of(NftHook.PREROUTING, NftHook.INPUT, NftHook.OUTPUT,
            NftHook.POSTROUTING);
    /** Tables of our own servers, whose rules concern clients' addresses only. */
    private static final String OURS = "pptp-operator-";
    /** Lists the tables of iptables-legacy that are in use, of the calling thread's network namespace. */
    private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");

    private OutputFilters() {}

    /** All that was found, in words; empty when packet sockets pass by nothing. */
    static List<String> find(Rtnetlink rtnetlink) {
        List<String> found = new ArrayList<>();
        for (NftChain chain : chains(found)) {
            if (concernsOwnPackets(chain)) {
                found.add("nftables chain " + chain);
            }
        }
        legacyTables(found);
        try {
            if (IpsecPolicies.concernOutput()) {
                found.add("IPsec policies");
            }
        } catch (LinuxException e) {
            found.add(e.getMessage());
        }
        if (rtnetlink.rulesLookAtProtocol()) {
            found.add("routing rules that look at the IP protocol");
        }
        return found;
    }

    static boolean concernsOwnPackets(NftChain chain) {
        return !chain.table().startsWith(OURS) && HOOKS.stream().anyMatch(chain::isAt);
    }

    private static List<NftChain> chains(List<String> found) {
        try (Nftables nftables = Nftables.open()) {
            return nftables.baseChains();
        } catch (LinuxException e) {
            boolean kernelWithout = e.errno() == Errno.EPROTONOSUPPORT
                    || e instanceof NetlinkException && e.errno() == Errno.EINVAL;
            if (!kernelWithout) {
                found.add(e.getMessage());
            }
            return List.of();
        }
    }

    private static void legacyTables(List<String> found) {
        try {
            Files.readAllLines(LEGACY_TABLES).forEach(table -> found.add("iptables-legacy table " + table));
        } catch (NoSuchFileException e) {
            // a kernel without them
        } catch (IOException e) {
            found.add("cannot read " + LEGACY_TABLES + ": " + e.getMessage());
        }
    }
}
