package io.pptpoperator.dataplane.linux.netlink;

import java.util.Optional;

/**
 * A part of a rule as the kernel lists it, as far as needed to tell which packets a rule concerns and what it does to
 * them. Registers are given by their first byte in the register file (nf_tables.h has two ways to number them).
 */
public sealed interface NftExpression {

    /** Loads something that is not in the packet itself; {@code key} is one of {@link NftMeta} or another number. */
    record Meta(int key, int register) implements NftExpression {}

    /** Loads bytes of the packet; {@code base} is {@link #NETWORK_HEADER} or another number. */
    record Payload(int base, int offset, int length, int register) implements NftExpression {}

    /** Puts {@code source & mask ^ xor} into {@code register}. */
    record Bitwise(int source, int register, byte[] mask, byte[] xor) implements NftExpression {}

    /** Goes on only if the register's bytes are equal to {@code value}, or are not. */
    record Compare(int register, boolean equal, byte[] value) implements NftExpression {}

    /**
     * Goes on only if the register's bytes are in that set, or are not.
     *
     * @param mapped whether what the set maps them to is used
     */
    record Lookup(int register, String set, boolean inverted, boolean mapped) implements NftExpression {}

    /** Loads something that only the packet's own way through the host decides. */
    record Load(int register) implements NftExpression {}

    /** Goes on only if something holds that only the packet's own way through the host decides. */
    record Condition() implements NftExpression {}

    /** A match of iptables, with its parameters as iptables' own structure. */
    record Match(String name, byte[] parameters) implements NftExpression {}

    /** A target of iptables, with its parameters as iptables' own structure. */
    record Target(String name, byte[] parameters) implements NftExpression {}

    /** Decides where the packet goes. */
    record Verdict(Decision decision, String chain) implements NftExpression {}

    /** Counts packets. */
    record Counter() implements NftExpression {}

    /** Anything else, which may do anything. */
    record Other(String name) implements NftExpression {}

    /** What a verdict says. */
    enum Decision {
        /** Done with this base chain. */
        ACCEPT,
        /** The next rule. */
        CONTINUE,
        /** Another chain, and then the next rule. */
        JUMP,
        /** Another chain instead of the rest of this one. */
        GOTO,
        /** Out of this chain. */
        RETURN,
        /** Dropped, queued or stolen. */
        REFUSE
    }

    /** {@link Payload#base} of the IP header. */
    int NETWORK_HEADER = NftNumbers.NETWORK_HEADER;

    /** Reads an element of a rule's list of expressions. */
    static NftExpression decode(Attributes expression) {
        String name = expression.text(NftNumbers.NFTA_EXPR_NAME).orElse("");
        Attributes data = expression.nested(NftNumbers.NFTA_EXPR_DATA);
        return switch (name) {
            case "meta" -> data.has(NftNumbers.NFTA_META_DREG)
                    ? new Meta(number(data, NftNumbers.NFTA_META_KEY), register(data, NftNumbers.NFTA_META_DREG))
                    : new Other("meta set");
            case "payload" -> data.has(NftNumbers.NFTA_PAYLOAD_DREG)
                    ? new Payload(number(data, NftNumbers.NFTA_PAYLOAD_BASE),
                            number(data, NftNumbers.NFTA_PAYLOAD_OFFSET), number(data, NftNumbers.NFTA_PAYLOAD_LEN),
                            register(data, NftNumbers.NFTA_PAYLOAD_DREG))
                    : new Other("payload set");
            case "bitwise" -> bitwise(data);
            case "cmp" -> compare(data);
            case "lookup" -> new Lookup(register(data, NftNumbers.NFTA_LOOKUP_SREG),
                    data.text(NftNumbers.NFTA_LOOKUP_SET).orElse(""),
                    (data.networkNumber(NftNumbers.NFTA_LOOKUP_FLAGS).orElse(0) & NftNumbers.NFT_LOOKUP_F_INV) != 0,
                    data.has(NftNumbers.NFTA_LOOKUP_DREG));
            case "ct" -> data.has(NftNumbers.NFTA_CT_DREG)
                    ? new Load(register(data, NftNumbers.NFTA_CT_DREG))
                    : new Other("ct set");
            case "fib" -> new Load(register(data, NftNumbers.NFTA_FIB_DREG));
            case "range" -> new Condition();
            case "match" -> new Match(data.text(NftNumbers.NFTA_MATCH_NAME).orElse(""),
                    data.bytes(NftNumbers.NFTA_MATCH_INFO).orElse(new byte[0]));
            case "target" -> new Target(data.text(NftNumbers.NFTA_TARGET_NAME).orElse(""),
                    data.bytes(NftNumbers.NFTA_TARGET_INFO).orElse(new byte[0]));
            case "immediate" -> immediate(data);
            case "counter" -> new Counter();
            default -> new Other(name);
        };
    }

    private static NftExpression bitwise(Attributes data) {
        int register = register(data, NftNumbers.NFTA_BITWISE_DREG);
        Optional<byte[]> mask = value(data, NftNumbers.NFTA_BITWISE_MASK);
        Optional<byte[]> xor = value(data, NftNumbers.NFTA_BITWISE_XOR);
        boolean masks = data.networkNumber(NftNumbers.NFTA_BITWISE_OP).orElse(0) == 0;
        return masks && mask.isPresent() && xor.isPresent() && mask.get().length == xor.get().length
                ? new Bitwise(register(data, NftNumbers.NFTA_BITWISE_SREG), register, mask.get(), xor.get())
                : new Load(register);
    }

    private static NftExpression compare(Attributes data) {
        int operation = number(data, NftNumbers.NFTA_CMP_OP);
        Optional<byte[]> value = value(data, NftNumbers.NFTA_CMP_DATA);
        return operation <= NftNumbers.NFT_CMP_NEQ && value.isPresent()
                ? new Compare(register(data, NftNumbers.NFTA_CMP_SREG), operation == NftNumbers.NFT_CMP_EQ, value.get())
                : new Condition();
    }

    private static NftExpression immediate(Attributes data) {
        if (number(data, NftNumbers.NFTA_IMMEDIATE_DREG) != NftNumbers.REGISTER_VERDICT) {
            return new Load(register(data, NftNumbers.NFTA_IMMEDIATE_DREG));
        }
        Attributes verdict = data.nested(NftNumbers.NFTA_IMMEDIATE_DATA).nested(NftNumbers.NFTA_DATA_VERDICT);
        Decision decision = switch (number(verdict, NftNumbers.NFTA_VERDICT_CODE)) {
            case NftNumbers.NF_ACCEPT -> Decision.ACCEPT;
            case NftNumbers.NFT_CONTINUE -> Decision.CONTINUE;
            case NftNumbers.NFT_JUMP -> Decision.JUMP;
            case NftNumbers.NFT_GOTO -> Decision.GOTO;
            case NftNumbers.NFT_RETURN -> Decision.RETURN;
            default -> Decision.REFUSE;
        };
        return new Verdict(decision, verdict.text(NftNumbers.NFTA_VERDICT_CHAIN).orElse(""));
    }

    private static Optional<byte[]> value(Attributes data, int type) {
        return data.nested(type).bytes(NftNumbers.NFTA_DATA_VALUE);
    }

    private static int number(Attributes data, int type) {
        return data.networkNumber(type)
                .orElseThrow(() -> new NetlinkMessageException("an nf_tables expression lacks attribute " + type));
    }

    /** NFT_REG_1 and up are of 16 bytes, NFT_REG32_00 and up of 4; both share their memory. */
    private static int register(Attributes data, int type) {
        int number = number(data, type);
        return number < NftNumbers.NFT_REG32_00
                ? (number - NftNumbers.REGISTER_1) * 16
                : (number - NftNumbers.NFT_REG32_00) * 4;
    }
}
