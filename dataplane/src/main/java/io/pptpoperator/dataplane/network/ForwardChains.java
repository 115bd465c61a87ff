package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Accept;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Counter;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Interface;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.InterfaceIs;
import io.pptpoperator.dataplane.linux.netlink.NftTransaction;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import java.util.ArrayList;
import java.util.List;

/**
 * Other programs' chains that would refuse forwarded packets: Docker's and Kubernetes' FORWARD with policy DROP, a
 * firewall whose last rule rejects. To accept in a table of our own does not help, because every chain of a hook must
 * let a packet pass; so two rules that carry our name go to the beginning of each such chain, and are removed with us.
 */
final class ForwardChains {

    private final Nftables nftables;
    private final String tun;
    private final String comment;

    ForwardChains(Nftables nftables, String tun) {
        this.nftables = nftables;
        this.tun = tun;
        this.comment = "pptp-operator " + tun;
    }

    List<Repair> inspect() {
        List<Repair> repairs = new ArrayList<>();
        for (NftChain chain : forwardFilters()) {
            List<NftRule> rules = nftables.rules(chain);
            List<NftRule> ours = rules.stream().filter(this::isOurs).toList();
            boolean refuses = chain.dropPolicy() || rules.stream().anyMatch(NftRule::refusesEverything);
            if (refuses && ours.size() != 2) {
                repairs.add(Repair.optional("the nftables chain " + chain + " refuses packets of " + tun,
                        () -> replace(chain, ours, true)));
            } else if (!refuses && !ours.isEmpty()) {
                repairs.add(Repair.optional("the nftables chain " + chain + " accepts packets of " + tun
                        + " without need", () -> replace(chain, ours, false)));
            }
        }
        return repairs;
    }

    private List<NftChain> forwardFilters() {
        return nftables.baseChains().stream()
                .filter(chain -> chain.isAt(NftHook.FORWARD) && chain.type().equals("filter")).toList();
    }

    private boolean isOurs(NftRule rule) {
        return rule.comment().filter(comment::equals).isPresent();
    }

    private void replace(NftChain chain, List<NftRule> ours, boolean accept) {
        NftTransaction transaction = new NftTransaction();
        ours.forEach(rule -> transaction.deleteRule(chain, rule));
        if (accept) {
            transaction
                    .insertRule(chain, comment, new InterfaceIs(Interface.OUTPUT, true, tun), new Counter(),
                            new Accept())
                    .insertRule(chain, comment, new InterfaceIs(Interface.INPUT, true, tun), new Counter(),
                            new Accept());
        }
        nftables.commit("cannot change the nftables chain " + chain + ": allow forwarding from and to " + tun
                + " in the program that owns it (firewalld: firewall-cmd --zone=trusted --add-interface="
                + tun + ")",
                transaction);
    }

    /** Takes our rules out of all chains. */
    void remove() {
        for (NftChain chain : forwardFilters()) {
            List<NftRule> ours = nftables.rules(chain).stream().filter(this::isOurs).toList();
            if (!ours.isEmpty()) {
                replace(chain, ours, false);
            }
        }
    }
}
