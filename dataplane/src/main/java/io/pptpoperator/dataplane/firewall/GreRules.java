package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftExpression;
import io.pptpoperator.dataplane.linux.netlink.NftFamily;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What nf_tables, and iptables on top of it, may do to GRE that this host itself sends or receives. Chains for what
 * comes in count as well: many let in only what connection tracking has seen go out, which a rule that no GRE could
 * ever be refused by does not.
 */
public final class GreRules {

    /** Tables of our own servers, whose rules concern clients' addresses only. */
    private static final String OURS = "pptp-operator-";
    /** The one table in which iptables assigns helpers of connection tracking. */
    private static final String RAW = "raw";
    /**
     * {@code struct xt_ct_target_info_v1}: {@code u16 flags, zone}, {@code u32 ct_events, exp_events}, {@code helper}.
     */
    private static final int CT_HELPER = 12;
    /** Whether old kernels assign helpers of their own accord. */
    private static final Path AUTOMATIC_HELPERS = Path.of("/proc/sys/net/netfilter/nf_conntrack_helper");

    private GreRules() {}

    /**
     * Finds it all, in the network namespace of {@code nftables} and of the calling thread.
     *
     * @param chains all base chains
     * @throws io.pptpoperator.dataplane.linux.LinuxException when the kernel does not list its rules
     */
    public static List<Interference> find(Nftables nftables, List<NftChain> chains) {
        Set<Interference> found = new LinkedHashSet<>();
        Ruleset ruleset = new Ruleset(nftables);
        List<NftChain> foreign = chains.stream().filter(chain -> !chain.table().startsWith(OURS)).toList();
        for (NftChain chain : foreign) {
            if (chain.isAt(NftHook.OUTPUT) || chain.isAt(NftHook.POSTROUTING)) {
                ChainWalk.through(ruleset, chain, Direction.OUT, found);
            } else if (chain.isAt(NftHook.PREROUTING) || chain.isAt(NftHook.INPUT)) {
                ChainWalk.through(ruleset, chain, Direction.IN, found);
            }
        }
        if (foreign.stream().anyMatch(chain -> chain.type().equals("nat"))) {
            helpers(nftables, found);
        }
        return List.copyOf(found);
    }

    /**
     * A helper follows the control connection and expects its GRE, which is then translated as the connection is,
     * whatever the rules say about GRE.
     */
    private static void helpers(Nftables nftables, Set<Interference> found) {
        if (nftables.hasConnectionHelpers()
                || nftables.rules(NftFamily.IP, RAW).stream().anyMatch(GreRules::assignsHelper) || areAutomatic()) {
            found.add(new Interference("helpers of connection tracking", List.of()));
        }
    }

    private static boolean assignsHelper(NftRule rule) {
        return rule.expressions()
                .stream()
                .anyMatch(expression -> expression instanceof NftExpression.Target target && target.name().equals("CT")
                        && (target.parameters().length <= CT_HELPER || target.parameters()[CT_HELPER] != 0));
    }

    private static boolean areAutomatic() {
        try {
            return Files.readString(AUTOMATIC_HELPERS).strip().equals("1");
        } catch (IOException e) {
            return false; // no such setting, no such behaviour
        }
    }
}
