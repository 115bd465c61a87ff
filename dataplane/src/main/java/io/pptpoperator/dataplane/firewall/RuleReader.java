package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.dataplane.firewall.Registers.Address;
import io.pptpoperator.dataplane.firewall.Registers.Content;
import io.pptpoperator.dataplane.firewall.Registers.Known;
import io.pptpoperator.dataplane.firewall.Registers.Unknown;
import io.pptpoperator.dataplane.firewall.RuleReading.Effect;
import io.pptpoperator.dataplane.firewall.RuleReading.Goes;
import io.pptpoperator.dataplane.firewall.RuleReading.Interferes;
import io.pptpoperator.dataplane.firewall.RuleReading.Way;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.netlink.NftExpression;
import io.pptpoperator.dataplane.linux.netlink.NftSet;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Follows a rule's expressions with a packet of which its IP protocol is known, its addresses by name, and, on its way
 * out, that it has no mark: the raw socket sets none, and a rule that sets one interferes.
 */
final class RuleReader {

    // linux/netfilter/nf_tables.h
    private static final int NFT_META_PROTOCOL = 1;
    private static final int NFT_META_MARK = 3;
    private static final int NFT_META_NFPROTO = 15;
    private static final int NFT_META_L4PROTO = 16;
    private static final byte NFPROTO_IPV4 = 2;

    // RFC 791 section 3.1
    private static final int PROTOCOL = 9;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final byte[] GRE = {RawGreSocket.PROTOCOL};
    private static final byte[] NO_MARK = new byte[4];

    /** Matches of iptables that only look, at what is not known here. */
    private static final Set<String> LOOKING_ON = Set.of("addrtype", "conntrack", "state", "tcp", "udp", "multiport");
    /** {@code struct xt_mark_mtinfo1}: {@code u32 mark, mask}, {@code u8 invert}. */
    private static final int MARK_MATCH = 9;

    /** Whether a condition holds. */
    private enum Answer {
        YES, NO, MAYBE
    }

    private final Direction direction;
    private final Function<String, Optional<NftSet>> sets;
    private final Registers registers = new Registers();
    private final List<AddressCondition> conditions = new ArrayList<>();
    private boolean certain = true;

    /**
     * For one rule.
     *
     * @param sets finds the sets of the rule's table; none for one that is not to be relied on
     */
    RuleReader(Direction direction, Function<String, Optional<NftSet>> sets) {
        this.direction = direction;
        this.sets = sets;
    }

    /** What the rule may do; empty when that is nothing. */
    Optional<RuleReading> read(List<NftExpression> rule) {
        boolean counts = false;
        for (NftExpression expression : rule) {
            Answer answer = Answer.YES;
            switch (expression) {
                case NftExpression.Meta load -> registers.put(load.register(), length(load), content(load));
                case NftExpression.Payload load -> registers.put(load.register(), load.length(), content(load));
                case NftExpression.Bitwise bitwise ->
                    registers.put(bitwise.register(), bitwise.mask().length, content(bitwise));
                case NftExpression.Load load -> registers.forget(load.register());
                case NftExpression.Counter() -> counts = true;
                case NftExpression.Condition() -> answer = Answer.MAYBE;
                case NftExpression.Compare compare -> answer = compare(compare);
                case NftExpression.Match match -> {
                    if (!understands(match)) {
                        return interferes("match " + match.name());
                    }
                    answer = match(match);
                }
                case NftExpression.Lookup lookup -> {
                    answer = lookup(lookup);
                    if (lookup.mapped() && answer != Answer.NO) {
                        return interferes("map " + lookup.set());
                    }
                }
                case NftExpression.Verdict verdict -> {
                    return verdict(verdict);
                }
                case NftExpression.Target target -> {
                    return interferes(target.name());
                }
                case NftExpression.Other other -> {
                    return interferes(other.name());
                }
            }
            if (answer == Answer.NO) {
                return RuleReading.nothing();
            }
            certain &= answer == Answer.YES;
        }
        // A rule without a verdict may be there to count.
        return counts ? interferes("counter") : RuleReading.nothing();
    }

    private Optional<RuleReading> interferes(String how) {
        return reading(new Interferes(how));
    }

    private Optional<RuleReading> reading(Effect effect) {
        return Optional.of(new RuleReading(certain, conditions, effect));
    }

    private Optional<RuleReading> verdict(NftExpression.Verdict verdict) {
        return switch (verdict.decision()) {
            case CONTINUE -> RuleReading.nothing();
            case ACCEPT -> reading(new Goes(Way.ACCEPTED, ""));
            case RETURN -> reading(new Goes(Way.RETURN, ""));
            case JUMP -> reading(new Goes(Way.JUMP, verdict.chain()));
            case GOTO -> reading(new Goes(Way.GOTO, verdict.chain()));
            case REFUSE -> interferes("drop");
        };
    }

    private static int length(NftExpression.Meta load) {
        return switch (load.key()) {
            case NFT_META_L4PROTO, NFT_META_NFPROTO -> 1;
            case NFT_META_PROTOCOL -> 2;
            case NFT_META_MARK -> 4;
            default -> 16;
        };
    }

    private Content content(NftExpression.Meta load) {
        return switch (load.key()) {
            case NFT_META_L4PROTO -> new Known(GRE);
            case NFT_META_NFPROTO -> new Known(new byte[]{NFPROTO_IPV4});
            case NFT_META_PROTOCOL -> new Known(new byte[]{0x08, 0x00});
            case NFT_META_MARK -> direction == Direction.OUT ? new Known(NO_MARK) : new Unknown();
            default -> new Unknown();
        };
    }

    private Content content(NftExpression.Payload load) {
        boolean address = load.length() <= Integer.BYTES;
        if (load.base() != NftExpression.NETWORK_HEADER) {
            return new Unknown();
        }
        return switch (load.offset()) {
            case PROTOCOL -> load.length() == 1 ? new Known(GRE) : new Unknown();
            case SOURCE ->
                address ? new Address(direction.source(), load.length(), mask(load.length())) : new Unknown();
            case DESTINATION ->
                address ? new Address(direction.destination(), load.length(), mask(load.length())) : new Unknown();
            default -> new Unknown();
        };
    }

    private Content content(NftExpression.Bitwise bitwise) {
        byte[] mask = bitwise.mask();
        return switch (registers.get(bitwise.source(), mask.length)) {
            case Known known -> {
                byte[] result = new byte[mask.length];
                for (int i = 0; i < result.length; i++) {
                    result[i] = (byte) (known.bytes()[i] & mask[i] ^ bitwise.xor()[i]);
                }
                yield new Known(result);
            }
            case Address address -> Arrays.equals(bitwise.xor(), new byte[mask.length])
                    ? new Address(address.end(), address.length(), address.mask() & leftAligned(mask))
                    : new Unknown();
            case Unknown unknown -> unknown;
        };
    }

    /** The first {@code bytes} of an address's four. */
    private static int mask(int bytes) {
        return bytes == 0 ? 0 : -1 << (Integer.BYTES - bytes) * Byte.SIZE;
    }

    private static int leftAligned(byte[] bytes) {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, Integer.BYTES)).getInt(0);
    }

    private Answer compare(NftExpression.Compare compare) {
        byte[] value = compare.value();
        return switch (registers.get(compare.register(), value.length)) {
            case Known known -> Arrays.equals(known.bytes(), value) == compare.equal() ? Answer.YES : Answer.NO;
            case Address address -> {
                int bits = Integer.bitCount(address.mask());
                int network = leftAligned(value);
                boolean prefix = Integer.numberOfLeadingZeros(~address.mask()) == bits
                        && (network & ~address.mask()) == 0;
                yield prefix
                        ? condition(address.end(),
                                AddressPool
                                        .of(List.of(AddressRange.of(new Ipv4Prefix(new Ipv4Address(network), bits)))),
                                compare.equal())
                        : Answer.MAYBE;
            }
            case Unknown() -> Answer.MAYBE;
        };
    }

    private Answer condition(End end, AddressPool addresses, boolean among) {
        conditions.add(new AddressCondition(end, addresses, among));
        return Answer.YES;
    }

    private Answer lookup(NftExpression.Lookup lookup) {
        Optional<NftSet> found = sets.apply(lookup.set());
        if (found.isEmpty()) {
            return Answer.MAYBE;
        }
        NftSet set = found.get();
        List<Registers.KnownPart> known = registers.knownWithin(lookup.register(), set.keyLength());
        if (set.elements()
                .stream()
                .noneMatch(element -> known.stream().allMatch(part -> element.admits(part.offset(), part.bytes())))) {
            return lookup.inverted() ? Answer.YES : Answer.NO;
        }
        return switch (registers.get(lookup.register(), set.keyLength())) {
            case Known whole -> lookup.inverted() ? Answer.NO : Answer.YES;
            case Address address ->
                address.mask() == -1 ? condition(address.end(), addresses(set), !lookup.inverted()) : Answer.MAYBE;
            case Unknown() -> Answer.MAYBE;
        };
    }

    private static AddressPool addresses(NftSet set) {
        return AddressPool.of(set.elements()
                .stream()
                .map(element -> new AddressRange(Ipv4Address.read(element.first(), 0),
                        Ipv4Address.read(element.last(), 0)))
                .toList());
    }

    private static boolean understands(NftExpression.Match match) {
        return switch (match.name()) {
            case "comment" -> true;
            case "mark" -> match.parameters().length >= MARK_MATCH;
            default -> LOOKING_ON.contains(match.name());
        };
    }

    private Answer match(NftExpression.Match match) {
        return switch (match.name()) {
            case "comment" -> Answer.YES;
            case "mark" -> direction == Direction.OUT ? markMatch(match.parameters()) : Answer.MAYBE;
            default -> Answer.MAYBE;
        };
    }

    private static Answer markMatch(byte[] parameters) {
        int mark = ByteBuffer.wrap(parameters).order(ByteOrder.nativeOrder()).getInt(0);
        boolean inverted = parameters[MARK_MATCH - 1] != 0;
        return (mark == 0) != inverted ? Answer.YES : Answer.NO;
    }
}
