package io.pptpoperator.dataplane.linux.netlink;

import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.IFNAMSIZ;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NETWORK_HEADER;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_DATA;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_OP;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_CMP_SREG;
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
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_META_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_META_KEY;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_BASE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_DREG;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_LEN;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_PAYLOAD_OFFSET;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFTA_VERDICT_CODE;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NFT_LOOKUP_F_INV;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.NF_ACCEPT;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.REGISTER_1;
import static io.pptpoperator.dataplane.linux.netlink.NftNumbers.REGISTER_VERDICT;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A part of a rule: a match or what to do. Each becomes one or two expressions of nf_tables, in the very form in which
 * nft and iptables-nft write them, so that both list the rule as if it were their own.
 */
public sealed interface NftStatement {

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
                expression(rule, "meta", data -> data
                        .networkNumber(NFTA_META_KEY, match.which().key)
                        .networkNumber(NFTA_META_DREG, REGISTER_1));
                expression(rule, "cmp", data -> data
                        .networkNumber(NFTA_CMP_SREG, REGISTER_1)
                        .networkNumber(NFTA_CMP_OP, match.equal() ? 0 : 1)
                        .nested(NFTA_CMP_DATA, value -> value.attribute(NFTA_DATA_VALUE,
                                Arrays.copyOf(match.name().getBytes(StandardCharsets.UTF_8), IFNAMSIZ))));
            }
            case AddressIn match -> {
                expression(rule, "payload", data -> data
                        .networkNumber(NFTA_PAYLOAD_DREG, REGISTER_1)
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
            case Counter() -> expression(rule, "counter", data -> {});
            case Masquerade() -> expression(rule, "masq", data -> {});
            case Accept() -> expression(rule, "immediate", data -> data
                    .networkNumber(NFTA_IMMEDIATE_DREG, REGISTER_VERDICT)
                    .nested(NFTA_IMMEDIATE_DATA, value -> value.nested(NFTA_DATA_VERDICT,
                            verdict -> verdict.networkNumber(NFTA_VERDICT_CODE, NF_ACCEPT))));
        }
    }

    private static void expression(MessageWriter rule, String name, Consumer<MessageWriter> data) {
        rule.nested(NFTA_LIST_ELEM,
                element -> element.text(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, data));
    }
}
