package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftFamily;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import io.pptpoperator.dataplane.linux.netlink.NftStatement;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Accept;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Address;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.AddressWithin;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Answers;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Counter;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Interface;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.InterfaceIs;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Style;
import io.pptpoperator.dataplane.linux.netlink.NftTransaction;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Other programs' chains that would refuse forwarded packets: Docker's and Kubernetes' FORWARD with policy DROP, a
 * firewall whose last rule rejects. To accept in a table of our own does not help, because every chain of a hook must
 * let a packet pass; so rules that carry our name go where a chain would refuse what none of its rules has decided:
 * behind all of them, or before the one that refuses the rest. What an administrator drops or accepts before is not
 * touched. They are removed with us.
 */
final class ForwardChains {

    /** The tables of iptables-nft. */
    private static final Set<String> IPTABLES = Set.of("filter", "mangle", "security");

    /**
     * What is to be let through.
     *
     * @param answersOnly whether, of what goes to clients, only what belongs to connections that they began
     * @param peers networks that may begin connections to clients all the same
     */
    record Consent(boolean answersOnly, List<Ipv4Prefix> peers) {

        Consent {
            peers = List.copyOf(peers);
        }
    }

    private final Nftables nftables;
    private final String tun;
    private final String comment;

    ForwardChains(Nftables nftables, String tun) {
        this.nftables = nftables;
        this.tun = tun;
        this.comment = "pptp-operator " + tun;
    }

    List<Repair> inspect(Consent consent) {
        List<Repair> repairs = new ArrayList<>();
        for (NftChain base : forwardFilters()) {
            Map<String, List<NftRule>> rules = rules(base);
            List<NftRule> present = ours(rules);
            Optional<Refusal> refusal = RefusalSearch.in(base, rules, this::isOurs);
            List<List<NftStatement>> wanted = refusal.isEmpty() ? List.of() : wanted(base, consent);
            if (isInPlace(rules, present, refusal, wanted.size(), marked(consent))) {
                continue;
            }
            String problem = refusal.isPresent()
                    ? "the nftables chain " + base + " refuses packets of " + tun
                    : "the nftables chain " + base + " accepts packets of " + tun + " without need";
            repairs.add(Repair.optional(problem, () -> replace(base, present, refusal, wanted, marked(consent))));
        }
        return repairs;
    }

    /** A comment that tells rules for this consent from those for another. */
    private String marked(Consent consent) {
        return consent.answersOnly()
                ? comment + (consent.peers().isEmpty() ? "" : " %08x".formatted(consent.peers().hashCode()))
                : comment + " all";
    }

    private List<NftChain> forwardFilters() {
        return nftables.baseChains()
                .stream()
                .filter(chain -> chain.isAt(NftHook.FORWARD) && chain.type().equals("filter")
                        && !chain.table().startsWith(ServerTable.NAME))
                .toList();
    }

    private Map<String, List<NftRule>> rules(NftChain base) {
        return nftables.rules(base.family(), base.table()).stream().collect(Collectors.groupingBy(NftRule::chain));
    }

    private List<NftRule> ours(Map<String, List<NftRule>> rules) {
        return rules.values().stream().flatMap(List::stream).filter(this::isOurs).toList();
    }

    private boolean isOurs(NftRule rule) {
        return rule.comment().filter(text -> text.equals(comment) || text.startsWith(comment + " ")).isPresent();
    }

    /** Whether our rules, and no others, are directly before what refuses. */
    private static boolean isInPlace(Map<String, List<NftRule>> rules, List<NftRule> present, Optional<Refusal> refusal,
            int wanted, String mark) {
        if (refusal.isEmpty() || present.size() != wanted) {
            return present.isEmpty() && refusal.isEmpty();
        }
        List<NftRule> chain = rules.getOrDefault(refusal.get().chain(), List.of());
        int end = refusal.get().rule().map(chain::indexOf).orElse(chain.size());
        return end >= wanted && chain.subList(end - wanted, end).equals(present)
                && present.stream().allMatch(rule -> rule.comment().equals(Optional.of(mark)));
    }

    private List<List<NftStatement>> wanted(NftChain base, Consent consent) {
        Style style = base.family() == NftFamily.IP && IPTABLES.contains(base.table()) && base.name().equals("FORWARD")
                ? Style.IPTABLES
                : Style.NFT;
        List<List<NftStatement>> rules = new ArrayList<>();
        rules.add(List.of(new InterfaceIs(Interface.INPUT, true, tun), new Counter(), new Accept()));
        InterfaceIs toClients = new InterfaceIs(Interface.OUTPUT, true, tun);
        if (!consent.answersOnly()) {
            rules.add(List.of(toClients, new Counter(), new Accept()));
            return rules;
        }
        rules.add(List.of(toClients, new Answers(true, style), new Counter(), new Accept()));
        for (Ipv4Prefix peer : consent.peers()) {
            rules.add(List.of(toClients, new AddressWithin(Address.SOURCE, peer), new Counter(), new Accept()));
        }
        return rules;
    }

    private void replace(NftChain base, List<NftRule> present, Optional<Refusal> refusal,
            List<List<NftStatement>> wanted, String mark) {
        NftTransaction transaction = new NftTransaction();
        present.forEach(rule -> transaction.deleteRule(base.family(), base.table(), rule));
        for (List<NftStatement> rule : wanted) {
            NftStatement[] statements = rule.toArray(NftStatement[]::new);
            refusal.orElseThrow()
                    .rule()
                    .ifPresentOrElse(
                            before -> transaction.insertRule(base.family(), base.table(), before, mark, statements),
                            () -> transaction.appendRule(base.family(), base.table(), base.name(), mark, statements));
        }
        nftables.commit("cannot change the nftables chain " + base + ": allow forwarding from and to " + tun
                + " in the program that owns it (firewalld: firewall-cmd --zone=trusted --add-interface=" + tun + ")",
                transaction);
    }

    /** Takes our rules out of all chains. */
    void remove() {
        for (NftChain base : forwardFilters()) {
            List<NftRule> ours = ours(rules(base));
            if (!ours.isEmpty()) {
                replace(base, ours, Optional.empty(), List.of(), comment);
            }
        }
    }
}
