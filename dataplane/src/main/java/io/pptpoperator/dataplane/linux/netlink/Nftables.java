package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The firewall rules of the network namespace in which it was opened. Every method throws {@link NetlinkException} when
 * the kernel refuses.
 */
public final class Nftables implements AutoCloseable {

    private final NetlinkSocket socket;

    private Nftables(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket to nf_tables.
     *
     * @throws LinuxException when the kernel refuses, or has no nf_tables
     */
    public static Nftables open() {
        return new Nftables(NetlinkSocket.open(NetlinkSocket.Family.NETFILTER));
    }

    /** Opens a socket that is notified when any rule changes. */
    public static NetlinkSocket watch() {
        return NetlinkSocket.open(NetlinkSocket.Family.NETFILTER, NftNumbers.NFNLGRP_NFTABLES);
    }

    /**
     * Makes all changes, or none.
     *
     * @param what a sentence for the exception, beginning with "cannot"
     */
    public void commit(String what, NftTransaction transaction) {
        socket.transaction(what, batch(NftNumbers.NFNL_MSG_BATCH_BEGIN), transaction.messages(),
                batch(NftNumbers.NFNL_MSG_BATCH_END));
    }

    /** {@code struct nfgenmsg} with the subsystem, in network order, as its resource. */
    private static MessageWriter batch(int type) {
        return new MessageWriter(type, 0).u8(0).u8(0).u8(0).u8(NftNumbers.NFNL_SUBSYS_NFTABLES);
    }

    /** All base chains that IPv4 packets pass. */
    public List<NftChain> baseChains() {
        return socket.dump("cannot list the chains of nf_tables", NftNumbers.message(NftNumbers.NFT_MSG_GETCHAIN, 0, 0))
                .stream()
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWCHAIN))
                .flatMap(message -> NftChain.decode(message).stream())
                .toList();
    }

    /** Whether a base chain sees what leaves through some interface, at netdev's egress hook. */
    public boolean hasEgressChains() {
        return socket.dump("cannot list the chains of nf_tables", NftNumbers.message(NftNumbers.NFT_MSG_GETCHAIN, 0, 0))
                .stream()
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWCHAIN))
                .anyMatch(NftChain::isAtEgress);
    }

    /** The rules of a chain, in order. */
    public List<NftRule> rules(NftChain chain) {
        return rules(chain.family(), chain.table(), chain.name());
    }

    /** The rules of a chain, which need not be a base chain, in order. */
    public List<NftRule> rules(NftFamily family, String table, String chain) {
        return dumpRules(family, table, chain).stream().map(NftRule::decode).toList();
    }

    /** The rules of all chains of a table; none when there is no such table. */
    public List<NftRule> rules(NftFamily family, String table) {
        return rules("cannot list the rules of " + family + " " + table,
                NftNumbers.message(NftNumbers.NFT_MSG_GETRULE, 0, family.number())
                        .text(NftNumbers.NFTA_RULE_TABLE, table))
                .stream()
                .map(NftRule::decode)
                .toList();
    }

    /** A set or map of a table; empty when packets change it. */
    public Optional<NftSet> set(NftFamily family, String table, String name) {
        String what = "cannot read the set " + family + " " + table + " " + name;
        NetlinkMessage set = socket
                .request(what,
                        NftNumbers.message(NftNumbers.NFT_MSG_GETSET, 0, family.number())
                                .text(NftNumbers.NFTA_SET_TABLE, table)
                                .text(NftNumbers.NFTA_SET_NAME, name))
                .stream()
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWSET))
                .findFirst()
                .orElseThrow(() -> new NetlinkException(what, Errno.ENOENT, ""));
        return NftSet.decode(set, dumpElements(family, table, name));
    }

    /** Whether any table can have connection tracking assign helpers. */
    public boolean hasConnectionHelpers() {
        return socket.dump("cannot list the objects of nf_tables", NftNumbers.message(NftNumbers.NFT_MSG_GETOBJ, 0, 0))
                .stream()
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWOBJ))
                .anyMatch(message -> message.attributes(NftNumbers.NFGENMSG)
                        .networkNumber(NftNumbers.NFTA_OBJ_TYPE)
                        .orElse(NftNumbers.NFT_OBJECT_CT_HELPER) == NftNumbers.NFT_OBJECT_CT_HELPER);
    }

    private List<NetlinkMessage> dumpRules(NftFamily family, String table, String chain) {
        return rules("cannot list the rules of " + family + " " + table + " " + chain,
                NftNumbers.message(NftNumbers.NFT_MSG_GETRULE, 0, family.number())
                        .text(NftNumbers.NFTA_RULE_TABLE, table)
                        .text(NftNumbers.NFTA_RULE_CHAIN, chain));
    }

    private List<NetlinkMessage> rules(String what, MessageWriter request) {
        return socket.dump(what, request)
                .stream()
                .filter(message -> message.type() == NftNumbers.type(NftNumbers.NFT_MSG_NEWRULE))
                .toList();
    }

    private List<NetlinkMessage> dumpElements(NftFamily family, String table, String set) {
        return socket.dump("cannot list the set " + set,
                NftNumbers.message(NftNumbers.NFT_MSG_GETSETELEM, 0, family.number())
                        .text(NftNumbers.NFTA_SET_ELEM_LIST_TABLE, table)
                        .text(NftNumbers.NFTA_SET_ELEM_LIST_SET, set));
    }

    /**
     * What a chain and its sets contain, as opaque bytes: equal as long as nobody has changed anything. Empty when the
     * chain, its table or one of the sets is not there.
     */
    public List<ByteBuffer> contents(NftChain chain, List<String> sets) {
        if (!baseChains().contains(chain)) {
            return List.of();
        }
        List<NetlinkMessage> objects = new ArrayList<>(dumpRules(chain.family(), chain.table(), chain.name()));
        try {
            for (String set : sets) {
                objects.addAll(dumpElements(chain.family(), chain.table(), set));
            }
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of();
            }
            throw e;
        }
        // The structure before the attributes carries the ruleset's generation, which any change anywhere raises.
        return objects.stream()
                .map(object -> object.structure(NftNumbers.NFGENMSG).position(NftNumbers.NFGENMSG))
                .toList();
    }

    /** Closes the socket; doing so again has no effect. */
    @Override
    public void close() {
        socket.close();
    }
}
