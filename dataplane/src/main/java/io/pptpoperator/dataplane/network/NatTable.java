package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.address.Ipv4Prefix;
import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftFamily;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.NftStatement;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Address;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.AddressIn;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Interface;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.InterfaceIs;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Masquerade;
import io.pptpoperator.dataplane.linux.netlink.NftTransaction;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Our own nf_tables table with the MASQUERADE rule. It is always replaced as a whole, in one transaction, so that no
 * packet ever sees half of it and nothing can be there twice.
 */
final class NatTable {

    private static final String CHAIN = "postrouting";
    private static final String CLIENTS = "clients";
    private static final String EXCLUDED = "excluded";
    private static final String FORWARDERS = "; forwarding was off on ";
    /** With names of 15 characters the comment still has room. */
    private static final int MOST_FORWARDERS = 4;
    /** {@code srcnat} (NF_IP_PRI_NAT_SRC). */
    private static final int PRIORITY = 100;

    /**
     * What the table is to do.
     *
     * @param sources addresses to be rewritten
     * @param uplink only packets that leave there; empty: all that do not leave through the TUN device
     * @param exclusions destinations for which nothing is rewritten
     * @param forwarders interfaces whose forwarding was off before: the table says so to the successor of a process that
     *     was killed
     */
    record Rules(List<Ipv4Prefix> sources, Optional<String> uplink, List<Ipv4Prefix> exclusions,
            List<String> forwarders) {

        Rules {
            sources = List.copyOf(sources);
            exclusions = List.copyOf(exclusions);
            forwarders = List.copyOf(forwarders);
        }
    }

    private final Nftables nftables;
    private final String tun;
    private final String table;
    private Optional<Rules> applied = Optional.empty();
    private List<ByteBuffer> contents = List.of();

    NatTable(Nftables nftables, String tun) {
        this.nftables = nftables;
        this.tun = tun;
        this.table = "pptp-operator-" + tun;
    }

    List<Repair> inspect(Supplier<Rules> rules) {
        if (!has(rules.get())) {
            return List.of(
                    Repair.of("the MASQUERADE rule for " + tun + " is not up to date",
                            () -> apply(rules.get())));
        }
        if (contents.isEmpty() || !contents().equals(contents)) {
            return List.of(Repair.of("the nftables table ip " + table + " was removed or changed",
                    () -> apply(rules.get())));
        }
        return List.of();
    }

    /** Whether these rules are the last that were applied; somebody may have removed them since. */
    boolean has(Rules rules) {
        return applied.equals(Optional.of(rules));
    }

    void apply(Rules rules) {
        nftables.commit(
                "cannot set the MASQUERADE rule for " + tun + " (it needs nf_tables, nf_nat and nft_masq:"
                        + " run 'modprobe -a nf_tables nft_chain_nat nft_masq' on the host)",
                transaction(tun, rules));
        applied = Optional.of(rules);
        contents = contents();
    }

    private List<ByteBuffer> contents() {
        return nftables.contents(
                new NftChain(NftFamily.IP, table, CHAIN, NftHook.POSTROUTING.number(), "nat", false),
                applied.orElseThrow().exclusions().isEmpty() ? List.of(CLIENTS) : List.of(CLIENTS, EXCLUDED));
    }

    /** The whole table anew. */
    static NftTransaction transaction(String tun, Rules rules) {
        String table = "pptp-operator-" + tun;
        NftTransaction transaction = new NftTransaction().deleteTable(NftFamily.IP, table)
                .addTable(NftFamily.IP, table).addAddressSet(NftFamily.IP, table, CLIENTS, rules.sources())
                .addBaseChain(NftFamily.IP, table, CHAIN, "nat", NftHook.POSTROUTING, PRIORITY);
        List<NftStatement> statements = new ArrayList<>();
        statements.add(rules.uplink().isPresent()
                ? new InterfaceIs(Interface.OUTPUT, true, rules.uplink().get())
                : new InterfaceIs(Interface.OUTPUT, false, tun));
        statements.add(new AddressIn(Address.SOURCE, true, CLIENTS));
        if (!rules.exclusions().isEmpty()) {
            transaction.addAddressSet(NftFamily.IP, table, EXCLUDED, rules.exclusions());
            statements.add(new AddressIn(Address.DESTINATION, false, EXCLUDED));
        }
        statements.add(new Masquerade());
        return transaction.appendRule(NftFamily.IP, table, CHAIN, comment(tun, rules.forwarders()),
                statements.toArray(NftStatement[]::new));
    }

    private static String comment(String tun, List<String> forwarders) {
        StringBuilder comment = new StringBuilder("clients of " + tun);
        for (int i = 0; i < Math.min(forwarders.size(), MOST_FORWARDERS); i++) {
            comment.append(i == 0 ? FORWARDERS : " ").append(forwarders.get(i));
        }
        return comment.toString();
    }

    /** The {@link Rules#forwarders} of a table that a predecessor left. */
    List<String> forwardersLeftBehind() {
        return nftables.baseChains().stream()
                .filter(chain -> chain.family() == NftFamily.IP && chain.table().equals(table)
                        && chain.name().equals(CHAIN))
                .flatMap(chain -> nftables.rules(chain).stream()).flatMap(rule -> rule.comment().stream())
                .filter(comment -> comment.contains(FORWARDERS))
                .map(comment -> comment.substring(comment.indexOf(FORWARDERS) + FORWARDERS.length()))
                .flatMap(names -> Stream.of(names.split(" ", -1))).toList();
    }

    /** Deletes the table, also one that a predecessor left. */
    void remove() {
        nftables.commit("cannot delete the nftables table ip " + table,
                new NftTransaction().deleteTable(NftFamily.IP, table));
        applied = Optional.empty();
        contents = List.of();
    }
}
