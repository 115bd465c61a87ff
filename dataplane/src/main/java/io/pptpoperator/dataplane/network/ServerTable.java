package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.netlink.NetlinkException;
import io.pptpoperator.dataplane.linux.netlink.NftChain;
import io.pptpoperator.dataplane.linux.netlink.NftFamily;
import io.pptpoperator.dataplane.linux.netlink.NftHook;
import io.pptpoperator.dataplane.linux.netlink.NftStatement;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Address;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.AddressIn;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Answers;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Counter;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.DestinationTranslated;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Drop;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Interface;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.InterfaceIs;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Masquerade;
import io.pptpoperator.dataplane.linux.netlink.NftStatement.Style;
import io.pptpoperator.dataplane.linux.netlink.NftTransaction;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own nf_tables table: what rewrites clients' packets, and what keeps packets away from them and from this host. It
 * is always replaced as a whole, in one transaction, so that no packet ever sees half of it and nothing can be there
 * twice.
 */
final class ServerTable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTable.class);

    /** What the names of all servers' tables begin with. */
    static final String NAME = "pptp-operator-";

    private static final String POSTROUTING = "postrouting";
    private static final String FORWARD = "forward";
    private static final String INPUT = "input";
    private static final String CLIENTS = "clients";
    private static final String EXCLUDED = "excluded";
    private static final String HOST = "host";
    private static final String FORWARDERS = "; forwarding was off on ";
    /** With names of 15 characters the comment still has room. */
    private static final int MOST_FORWARDERS = 4;
    /** {@code srcnat} (NF_IP_PRI_NAT_SRC). */
    private static final int PRIORITY_NAT = 100;
    /** {@code filter} (NF_IP_PRI_FILTER). */
    private static final int PRIORITY_FILTER = 0;
    /** Behind IPVS, which takes packets for its Services out of the input hook just before {@code srcnat}. */
    private static final int PRIORITY_INPUT = 150;

    /**
     * What the table is to do.
     *
     * @param host the addresses of this host at which clients' packets may arrive; the datapath lets through what is
     *     open of them, this is for what it cannot know yet: an address of a moment ago, and what IPVS leaves over
     * @param nat what is rewritten; empty: nothing
     * @param forwarders interfaces whose forwarding was off before: the table says so to the successor of a process
     *     that was killed
     */
    record Rules(List<Ipv4Prefix> host, Optional<Nat> nat, List<String> forwarders) {

        Rules {
            host = List.copyOf(host);
            forwarders = List.copyOf(forwarders);
        }
    }

    /**
     * Rewriting of sources. What comes from where it is done reaches clients only as an answer, or if its destination
     * was translated by somebody's rule, a Service's for instance.
     *
     * @param sources addresses to be rewritten
     * @param uplink only packets that leave there; empty: all that do not leave through the TUN device
     * @param exclusions destinations for which nothing is rewritten, and whose packets reach clients
     */
    record Nat(List<Ipv4Prefix> sources, Optional<String> uplink, List<Ipv4Prefix> exclusions) {

        Nat {
            sources = List.copyOf(sources);
            exclusions = List.copyOf(exclusions);
        }
    }

    private final Nftables nftables;
    private final String tun;
    private final String table;
    /** Whether the kernel has none for IPv4, and none is needed. */
    private boolean withoutTables;
    private Optional<Rules> applied = Optional.empty();
    private List<ByteBuffer> contents = List.of();

    ServerTable(Nftables nftables, String tun) {
        this.nftables = nftables;
        this.tun = tun;
        this.table = NAME + tun;
    }

    List<Repair> inspect(Supplier<Rules> rules) {
        if (withoutTables && rules.get().nat().isEmpty()) {
            return List.of();
        }
        if (!has(rules.get())) {
            return List
                    .of(Repair.of("the nftables table ip " + table + " is not up to date", () -> apply(rules.get())));
        }
        if (contents.isEmpty() || !contents().equals(contents)) {
            return List.of(
                    Repair.of("the nftables table ip " + table + " was removed or changed", () -> apply(rules.get())));
        }
        return List.of();
    }

    /** Whether these rules are the last that were applied; somebody may have removed them since. */
    boolean has(Rules rules) {
        return applied.equals(Optional.of(rules));
    }

    void apply(Rules rules) {
        try {
            nftables.commit(
                    "cannot set the rules for " + tun
                            + (rules.nat().isPresent()
                                    ? " (they need nf_tables, nf_nat, nft_ct and nft_masq: run 'modprobe -a nf_tables"
                                            + " nft_chain_nat nft_ct nft_masq' on the host)"
                                    : " (they need nf_tables: run 'modprobe nf_tables' on the host)"),
                    transaction(tun, rules));
        } catch (NetlinkException e) {
            if (rules.nat().isPresent() || !lacksIpv4Tables(e.errno())) {
                throw e;
            }
            if (!withoutTables) {
                LOG.warn("The nf_tables of this kernel have no IPv4 tables: the datapath alone keeps clients from this"
                        + " host, and an address that it gets is open to them for a moment");
            }
            withoutTables = true;
            applied = Optional.of(rules);
            return;
        }
        withoutTables = false;
        applied = Optional.of(rules);
        contents = contents();
    }

    /** What the kernel answers to a table of a family that it was built without. */
    static boolean lacksIpv4Tables(int errno) {
        return errno == Errno.EOPNOTSUPP || errno == Errno.EAFNOSUPPORT;
    }

    /** All that there is; nothing when a part is missing. */
    private List<ByteBuffer> contents() {
        List<ByteBuffer> all = new ArrayList<>();
        if (!add(all, INPUT, NftHook.INPUT, "filter", List.of(HOST))) {
            return List.of();
        }
        Optional<Nat> nat = applied.orElseThrow().nat();
        if (nat.isPresent()) {
            List<String> sets = nat.get().exclusions().isEmpty() ? List.of() : List.of(EXCLUDED);
            if (!add(all, POSTROUTING, NftHook.POSTROUTING, "nat", List.of(CLIENTS))
                    || !add(all, FORWARD, NftHook.FORWARD, "filter", sets)) {
                return List.of();
            }
        }
        return all;
    }

    private boolean add(List<ByteBuffer> all, String chain, NftHook hook, String type, List<String> sets) {
        List<ByteBuffer> found = nftables.contents(new NftChain(NftFamily.IP, table, chain, hook.number(), type, false),
                sets);
        all.addAll(found);
        return !found.isEmpty();
    }

    /** The whole table anew. */
    static NftTransaction transaction(String tun, Rules rules) {
        String table = NAME + tun;
        NftTransaction transaction = new NftTransaction().deleteTable(NftFamily.IP, table)
                .addTable(NftFamily.IP, table)
                .addAddressSet(NftFamily.IP, table, HOST, rules.host())
                .addBaseChain(NftFamily.IP, table, INPUT, "filter", NftHook.INPUT, PRIORITY_INPUT)
                .appendRule(NftFamily.IP, table, INPUT, comment(tun, rules.forwarders()),
                        new InterfaceIs(Interface.INPUT, true, tun), new AddressIn(Address.DESTINATION, false, HOST),
                        new Counter(), new Drop());
        rules.nat().ifPresent(nat -> add(transaction, tun, nat));
        return transaction;
    }

    private static void add(NftTransaction transaction, String tun, Nat nat) {
        String table = NAME + tun;
        boolean excludes = !nat.exclusions().isEmpty();
        transaction.addAddressSet(NftFamily.IP, table, CLIENTS, nat.sources());
        if (excludes) {
            transaction.addAddressSet(NftFamily.IP, table, EXCLUDED, nat.exclusions());
        }
        List<NftStatement> rewriting = new ArrayList<>(
                List.of(outside(Interface.OUTPUT, tun, nat), new AddressIn(Address.SOURCE, true, CLIENTS)));
        List<NftStatement> closing = new ArrayList<>(
                List.of(outside(Interface.INPUT, tun, nat), new InterfaceIs(Interface.OUTPUT, true, tun)));
        if (excludes) {
            rewriting.add(new AddressIn(Address.DESTINATION, false, EXCLUDED));
            closing.add(new AddressIn(Address.SOURCE, false, EXCLUDED));
        }
        rewriting.add(new Masquerade());
        closing.addAll(
                List.of(new Answers(false, Style.NFT), new DestinationTranslated(false), new Counter(), new Drop()));
        transaction.addBaseChain(NftFamily.IP, table, POSTROUTING, "nat", NftHook.POSTROUTING, PRIORITY_NAT)
                .appendRule(NftFamily.IP, table, POSTROUTING, "clients of " + tun,
                        rewriting.toArray(NftStatement[]::new))
                .addBaseChain(NftFamily.IP, table, FORWARD, "filter", NftHook.FORWARD, PRIORITY_FILTER)
                .appendRule(NftFamily.IP, table, FORWARD, "only answers for clients of " + tun,
                        closing.toArray(NftStatement[]::new));
    }

    private static InterfaceIs outside(Interface which, String tun, Nat nat) {
        return nat.uplink()
                .map(uplink -> new InterfaceIs(which, true, uplink))
                .orElseGet(() -> new InterfaceIs(which, false, tun));
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
        return nftables.rules(NftFamily.IP, table)
                .stream()
                .flatMap(rule -> rule.comment().stream())
                .filter(comment -> comment.contains(FORWARDERS))
                .map(comment -> comment.substring(comment.indexOf(FORWARDERS) + FORWARDERS.length()))
                .flatMap(names -> Stream.of(names.split(" ", -1)))
                .toList();
    }

    /** Deletes the table, also one that a predecessor left. */
    void remove() {
        try {
            nftables.commit("cannot delete the nftables table ip " + table,
                    new NftTransaction().deleteTable(NftFamily.IP, table));
        } catch (NetlinkException e) {
            // Where there can be none, none is left.
            if (!lacksIpv4Tables(e.errno())) {
                throw e;
            }
        }
        applied = Optional.empty();
        contents = List.of();
    }
}
