package io.pptpoperator.dataplane.linux.netlink;

import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.IFNAMSIZ;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NETWORK_HEADER;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_BITWISE_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_BITWISE_LEN;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_BITWISE_MASK;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_BITWISE_SREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_BITWISE_XOR;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_DATA;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_OP;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_SREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CT_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CT_KEY;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_DATA_VALUE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_DATA_VERDICT;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_EXPR_DATA;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_EXPR_NAME;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_IMMEDIATE_DATA;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_IMMEDIATE_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_LIST_ELEM;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_LOOKUP_FLAGS;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_LOOKUP_SET;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_LOOKUP_SREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_MATCH_INFO;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_MATCH_NAME;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_MATCH_REV;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_META_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_META_KEY;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_BASE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_LEN;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_OFFSET;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_VERDICT_CODE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_CMP_EQ;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_CMP_NEQ;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_CT_STATE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_CT_STATUS;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_LOOKUP_F_INV;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NF_ACCEPT;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NF_DROP;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.REGISTER_1;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.REGISTER_VERDICT;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A part of a rule: a match or what to do. Each becomes one or two expressions of nf_tables, in the very form in which
 * nft and iptables-nft write them, so that both list the rule as if it were their own.
 */
public sealed interface NftStatement {

    /** NF_CT_STATE_BIT of IP_CT_ESTABLISHED and IP_CT_RELATED; xt_conntrack has the same. */
    int ESTABLISHED_OR_RELATED = 2 | 4;
    /** Of linux/netfilter/nf_conntrack_common.h. */
    int IPS_DST_NAT = 1 << 5;
    /**
     * Eight addresses and masks of 16 bytes, two numbers, a protocol and four ports come before {@code match_flags}.
     */
    int CONNTRACK_FLAGS = 8 * 16 + 8 + 10;
    /** Size of the structure, aligned as iptables aligns it. */
    int CONNTRACK_MATCH = 168;
    /** The one that all iptables-nft use. */
    int CONNTRACK_REVISION = 3;
    /** Of {@code match_flags}. */
    int XT_CONNTRACK_STATE = 1;

    /** Which interface a packet is matched by. */
    enum Interface {
        /** The one where it arrived. */
        INPUT(6), // NFT_META_IIFNAME
        /** The one where it leaves. */
        OUTPUT(7); // NFT_META_OIFNAME

        private final int key;

        Interface(int key) {
            this.key = key;
        }
    }

    /** Which address of a packet is matched. */
    enum Address {
        /** The sender's. */
        SOURCE(12),
        /** The receiver's. */
        DESTINATION(16);

        /** Offset in the IPv4 header (RFC 791 section 3.1). */
        private final int offset;

        Address(int offset) {
            this.offset = offset;
        }
    }

    /** Matches when the interface has that name, or has not. */
    record InterfaceIs(Interface which, boolean equal, String name) implements NftStatement {}

    /** Matches when the address is in that set, or is not. */
    record AddressIn(Address which, boolean in, String set) implements NftStatement {}

    /** Matches when the address is in that network. */
    record AddressWithin(Address which, Ipv4Prefix network) implements NftStatement {}

    /**
     * Matches packets of connections that connection tracking knows from before, and what belongs to them such as ICMP
     * errors; or all others.
     *
     * @param as whose rule it shall look like
     */
    record Answers(boolean answers, Style as) implements NftStatement {}

    /** Whose rules look alike: iptables-nft refuses to list a table in which it finds what it does not know. */
    enum Style {
        /** Expressions of nf_tables alone. */
        NFT,
        /** A match of iptables. */
        IPTABLES
    }

    /** Matches packets whose destination was translated, or was not. */
    record DestinationTranslated(boolean translated) implements NftStatement {}

    /** Drops the packet. */
    record Drop() implements NftStatement {}

    /** Counts packets and bytes. */
    record Counter() implements NftStatement {}

    /** Rewrites the source to the address of the outgoing interface, and remembers it for the answers. */
    record Masquerade() implements NftStatement {}

    /** Lets the packet pass this base chain. */
    record Accept() implements NftStatement {}

    /** Writes the expressions into the list of a rule's expressions. */
    static void write(MessageWriter rule, NftStatement statement) {
        switch (statement) {
            case InterfaceIs match -> {
                expression(rule, "meta", data -> data.networkNumber(NFTA_META_KEY, match.which().key)
                        .networkNumber(NFTA_META_DREG, REGISTER_1));
                expression(rule, "cmp",
                        data -> data.networkNumber(NFTA_CMP_SREG, REGISTER_1)
                                .networkNumber(NFTA_CMP_OP, match.equal() ? 0 : 1)
                                .nested(NFTA_CMP_DATA, value -> value.attribute(NFTA_DATA_VALUE,
                                        Arrays.copyOf(match.name().getBytes(StandardCharsets.UTF_8), IFNAMSIZ))));
            }
            case AddressIn match -> {
                expression(rule, "payload",
                        data -> data.networkNumber(NFTA_PAYLOAD_DREG, REGISTER_1)
                                .networkNumber(NFTA_PAYLOAD_BASE, NETWORK_HEADER)
                                .networkNumber(NFTA_PAYLOAD_OFFSET, match.which().offset)
                                .networkNumber(NFTA_PAYLOAD_LEN, Integer.BYTES));
                expression(rule, "lookup", data -> {
                    data.networkNumber(NFTA_LOOKUP_SREG, REGISTER_1).text(NFTA_LOOKUP_SET, match.set());
                    if (!match.in()) {
                        data.networkNumber(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
                    }
                });
            }
            case AddressWithin match -> {
                expression(rule, "payload",
                        data -> data.networkNumber(NFTA_PAYLOAD_DREG, REGISTER_1)
                                .networkNumber(NFTA_PAYLOAD_BASE, NETWORK_HEADER)
                                .networkNumber(NFTA_PAYLOAD_OFFSET, match.which().offset)
                                .networkNumber(NFTA_PAYLOAD_LEN, Integer.BYTES));
                int mask = match.network().mask();
                if (mask != -1) {
                    masked(rule, bytes(mask, ByteOrder.BIG_ENDIAN));
                }
                compare(rule, true, match.network().network().toBytes());
            }
            case Answers match -> {
                if (match.as() == Style.IPTABLES) {
                    conntrackMatch(rule, match.answers());
                } else {
                    connection(rule, NFT_CT_STATE, ESTABLISHED_OR_RELATED, match.answers());
                }
            }
            case DestinationTranslated match -> connection(rule, NFT_CT_STATUS, IPS_DST_NAT, match.translated());
            case Drop() -> verdict(rule, NF_DROP);
            case Counter() -> expression(rule, "counter", data -> {});
            case Masquerade() -> expression(rule, "masq", data -> {});
            case Accept() -> verdict(rule, NF_ACCEPT);
        }
    }

    private static void verdict(MessageWriter rule, int code) {
        expression(rule, "immediate",
                data -> data.networkNumber(NFTA_IMMEDIATE_DREG, REGISTER_VERDICT)
                        .nested(NFTA_IMMEDIATE_DATA, value -> value.nested(NFTA_DATA_VERDICT,
                                verdict -> verdict.networkNumber(NFTA_VERDICT_CODE, code))));
    }

    /** Matches when any of these bits of what connection tracking says is set, or none. */
    private static void connection(MessageWriter rule, int key, int bits, boolean any) {
        expression(rule, "ct", data -> data.networkNumber(NFTA_CT_KEY, key).networkNumber(NFTA_CT_DREG, REGISTER_1));
        masked(rule, bytes(bits, ByteOrder.nativeOrder()));
        compare(rule, !any, new byte[Integer.BYTES]);
    }

    private static byte[] bytes(int value, ByteOrder order) {
        return ByteBuffer.allocate(Integer.BYTES).order(order).putInt(value).array();
    }

    private static void masked(MessageWriter rule, byte... mask) {
        expression(rule, "bitwise",
                data -> data.networkNumber(NFTA_BITWISE_SREG, REGISTER_1)
                        .networkNumber(NFTA_BITWISE_DREG, REGISTER_1)
                        .networkNumber(NFTA_BITWISE_LEN, mask.length)
                        .nested(NFTA_BITWISE_MASK, value -> value.attribute(NFTA_DATA_VALUE, mask))
                        .nested(NFTA_BITWISE_XOR, value -> value.attribute(NFTA_DATA_VALUE, new byte[mask.length])));
    }

    private static void compare(MessageWriter rule, boolean equal, byte... expected) {
        expression(rule, "cmp",
                data -> data.networkNumber(NFTA_CMP_SREG, REGISTER_1)
                        .networkNumber(NFTA_CMP_OP, equal ? NFT_CMP_EQ : NFT_CMP_NEQ)
                        .nested(NFTA_CMP_DATA, value -> value.attribute(NFTA_DATA_VALUE, expected)));
    }

    /** {@code struct xt_conntrack_mtinfo3} of linux/netfilter/xt_conntrack.h, of which only the state is used. */
    private static void conntrackMatch(MessageWriter rule, boolean answers) {
        byte[] parameters = ByteBuffer.allocate(CONNTRACK_MATCH)
                .order(ByteOrder.nativeOrder())
                .putShort(CONNTRACK_FLAGS, (short) XT_CONNTRACK_STATE)
                .putShort(CONNTRACK_FLAGS + 2, (short) (answers ? 0 : XT_CONNTRACK_STATE))
                .putShort(CONNTRACK_FLAGS + 4, (short) ESTABLISHED_OR_RELATED)
                .array();
        expression(rule, "match",
                data -> data.text(NFTA_MATCH_NAME, "conntrack")
                        .networkNumber(NFTA_MATCH_REV, CONNTRACK_REVISION)
                        .attribute(NFTA_MATCH_INFO, parameters));
    }

    private static void expression(MessageWriter rule, String name, Consumer<MessageWriter> data) {
        rule.nested(NFTA_LIST_ELEM, element -> element.text(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, data));
    }
}
