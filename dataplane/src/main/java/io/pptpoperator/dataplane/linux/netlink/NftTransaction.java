package io.pptpoperator.dataplane.linux.netlink;

import static io.pptpoperator.dataplane.linux.netlink.NetlinkMessage.NLM_F_APPEND;
import static io.pptpoperator.dataplane.linux.netlink.NetlinkMessage.NLM_F_CREATE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.message;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Changes to nf_tables that take effect together; {@link Nftables#commit} sends them. Pure: it only writes messages.
 */
public final class NftTransaction {

    /** An attribute's length field ends at 65,535 bytes; an interval's two elements take at most 40. */
    private static final int INTERVALS_PER_MESSAGE = 1000;
    /** Room in a rule's user data for the comment, its closing zero byte included. */
    private static final int MAX_COMMENT = 128;

    private final List<MessageWriter> messages = new ArrayList<>();
    private int lastSetId;

    /** The messages, in order. */
    List<MessageWriter> messages() {
        return messages;
    }

    /** Deletes a table with all it contains; its absence is no error. */
    public NftTransaction deleteTable(NftFamily family, String table) {
        // Deleting what is not there fails, creating what is there does not: so first one, then the other.
        messages.add(table(NftNumbers.NFT_MSG_NEWTABLE, NLM_F_CREATE, family, table));
        messages.add(table(NftNumbers.NFT_MSG_DELTABLE, 0, family, table));
        return this;
    }

    /** Creates an empty table. */
    public NftTransaction addTable(NftFamily family, String table) {
        messages.add(table(NftNumbers.NFT_MSG_NEWTABLE, NLM_F_CREATE, family, table));
        return this;
    }

    private static MessageWriter table(int type, int flags, NftFamily family, String table) {
        return message(type, flags, family.number()).text(NftNumbers.NFTA_TABLE_NAME, table);
    }

    /**
     * Creates a base chain with the policy accept.
     *
     * @param type {@code filter} or {@code nat}
     * @param priority order among the chains of the hook, the lowest first
     */
    public NftTransaction addBaseChain(NftFamily family, String table, String chain, String type, NftHook hook,
            int priority) {
        messages.add(message(NftNumbers.NFT_MSG_NEWCHAIN, NLM_F_CREATE, family.number())
                .text(NftNumbers.NFTA_CHAIN_TABLE, table)
                .text(NftNumbers.NFTA_CHAIN_NAME, chain)
                .text(NftNumbers.NFTA_CHAIN_TYPE, type)
                .networkNumber(NftNumbers.NFTA_CHAIN_POLICY, NftNumbers.NF_ACCEPT)
                .nested(NftNumbers.NFTA_CHAIN_HOOK, at -> at.networkNumber(NftNumbers.NFTA_HOOK_HOOKNUM, hook.number())
                        .networkNumber(NftNumbers.NFTA_HOOK_PRIORITY, priority)));
        return this;
    }

    /** Creates a set of IPv4 addresses that holds all those of {@code prefixes}, which may overlap. */
    public NftTransaction addAddressSet(NftFamily family, String table, String set, List<Ipv4Prefix> prefixes) {
        int id = ++lastSetId;
        messages.add(
                message(NftNumbers.NFT_MSG_NEWSET, NLM_F_CREATE, family.number()).text(NftNumbers.NFTA_SET_TABLE, table)
                        .text(NftNumbers.NFTA_SET_NAME, set)
                        .networkNumber(NftNumbers.NFTA_SET_FLAGS, NftNumbers.NFT_SET_INTERVAL)
                        .networkNumber(NftNumbers.NFTA_SET_KEY_TYPE, NftNumbers.TYPE_IPADDR)
                        .networkNumber(NftNumbers.NFTA_SET_KEY_LEN, Integer.BYTES)
                        .networkNumber(NftNumbers.NFTA_SET_ID, id));
        List<Interval> intervals = intervals(prefixes);
        for (int from = 0; from < intervals.size(); from += INTERVALS_PER_MESSAGE) {
            List<Interval> part = intervals.subList(from, Math.min(from + INTERVALS_PER_MESSAGE, intervals.size()));
            messages.add(message(NftNumbers.NFT_MSG_NEWSETELEM, NLM_F_CREATE, family.number())
                    .text(NftNumbers.NFTA_SET_ELEM_LIST_TABLE, table)
                    .text(NftNumbers.NFTA_SET_ELEM_LIST_SET, set)
                    .nested(NftNumbers.NFTA_SET_ELEM_LIST_ELEMENTS, list -> part.forEach(interval -> {
                        element(list, interval.first, false);
                        // An interval up to 255.255.255.255 has no end.
                        interval.behind.ifPresent(behind -> element(list, behind, true));
                    })));
        }
        return this;
    }

    private static void element(MessageWriter list, Ipv4Address address, boolean end) {
        list.nested(NftNumbers.NFTA_LIST_ELEM, element -> {
            if (end) {
                element.networkNumber(NftNumbers.NFTA_SET_ELEM_FLAGS, NftNumbers.NFT_SET_ELEM_INTERVAL_END);
            }
            element.nested(NftNumbers.NFTA_SET_ELEM_KEY, key -> key.address(NftNumbers.NFTA_DATA_VALUE, address));
        });
    }

    /** From {@code first} up to but without {@code behind}. */
    private record Interval(Ipv4Address first, Optional<Ipv4Address> behind) {

        boolean reaches(Ipv4Address address) {
            return behind.isEmpty() || address.compareTo(behind.get()) <= 0;
        }

        static Interval of(Ipv4Prefix prefix) {
            Ipv4Address behind = prefix.last().plus(1);
            return new Interval(prefix.network(), behind.bits() == 0 ? Optional.empty() : Optional.of(behind));
        }
    }

    /** Disjoint and ascending, as the kernel demands. */
    private static List<Interval> intervals(List<Ipv4Prefix> prefixes) {
        List<Interval> merged = new ArrayList<>();
        prefixes.stream().sorted(Comparator.comparing(Ipv4Prefix::network)).map(Interval::of).forEach(next -> {
            Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || !last.reaches(next.first)) {
                merged.add(next);
            } else if (last.behind.isPresent()
                    && (next.behind.isEmpty() || next.behind.get().compareTo(last.behind.get()) > 0)) {
                merged.set(merged.size() - 1, new Interval(last.first, next.behind));
            }
        });
        return merged;
    }

    /** Adds a rule at the end of a chain. */
    public NftTransaction appendRule(NftFamily family, String table, String chain, String comment,
            NftStatement... statements) {
        messages.add(rule(NLM_F_CREATE | NLM_F_APPEND, family, table, chain, statements)
                .attribute(NftNumbers.NFTA_RULE_USERDATA, userData(comment)));
        return this;
    }

    /** Adds a rule to a chain, directly before one that is there. */
    public NftTransaction insertRule(NftFamily family, String table, NftRule before, String comment,
            NftStatement... statements) {
        messages.add(rule(NLM_F_CREATE, family, table, before.chain(), statements)
                .networkLong(NftNumbers.NFTA_RULE_POSITION, before.handle())
                .attribute(NftNumbers.NFTA_RULE_USERDATA, userData(comment)));
        return this;
    }

    private static MessageWriter rule(int flags, NftFamily family, String table, String chain,
            NftStatement... statements) {
        return message(NftNumbers.NFT_MSG_NEWRULE, flags, family.number()).text(NftNumbers.NFTA_RULE_TABLE, table)
                .text(NftNumbers.NFTA_RULE_CHAIN, chain)
                .nested(NftNumbers.NFTA_RULE_EXPRESSIONS, expressions -> {
                    for (NftStatement statement : statements) {
                        NftStatement.write(expressions, statement);
                    }
                });
    }

    /** A comment as nft and iptables-nft store it: {@code u8 type}, {@code u8 length}, text, zero byte. */
    private static byte[] userData(String comment) {
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        if (text.length >= MAX_COMMENT) {
            throw new IllegalArgumentException(
                    "the comment '" + comment + "' is longer than " + (MAX_COMMENT - 1) + " bytes");
        }
        byte[] userData = new byte[text.length + 3];
        userData[0] = NftNumbers.NFTNL_UDATA_RULE_COMMENT;
        userData[1] = (byte) (text.length + 1);
        System.arraycopy(text, 0, userData, 2, text.length);
        return userData;
    }

    /** Deletes one rule of a table. */
    public NftTransaction deleteRule(NftFamily family, String table, NftRule rule) {
        messages.add(message(NftNumbers.NFT_MSG_DELRULE, 0, family.number()).text(NftNumbers.NFTA_RULE_TABLE, table)
                .text(NftNumbers.NFTA_RULE_CHAIN, rule.chain())
                .networkLong(NftNumbers.NFTA_RULE_HANDLE, rule.handle()));
        return this;
    }
}
