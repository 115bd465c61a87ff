package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import java.util.List;
import java.util.OptionalInt;

/**
 * CCP's option 18, the only one supported (RFC 3078 section 2): 32 supported bits. Those that are never agreed to, C
 * for MPPC compression and the obsolete D, need no name here.
 */
final class MppeOption {
    /** The option's type. */
    static final int TYPE = 18;
    /** How many bytes its value has. */
    static final int LENGTH = 4;

    /** H: stateless mode. */
    private static final int STATELESS = 0x01000000;
    /** M: 56 bits. */
    private static final int BITS_56 = 0x80;
    /** S: 128 bits. */
    private static final int BITS_128 = 0x40;
    /** L: 40 bits. */
    private static final int BITS_40 = 0x20;

    private static final List<Integer> EVERY = List.of(128, 56, 40);

    private MppeOption() {}

    /** The option that asks for exactly {@code parameters}. */
    static ConfigureOption of(MppeParameters parameters) {
        return of(List.of(parameters.keyBits()), parameters.stateless());
    }

    /** The option that asks for any of {@code strengths}, in bits. */
    static ConfigureOption of(List<Integer> strengths, boolean stateless) {
        int bits = stateless ? STATELESS : 0;
        for (int strength : strengths) {
            bits |= bit(strength);
        }
        return ConfigureOption.ofInt(TYPE, bits);
    }

    /** Whether {@code bits} offer stateless mode. */
    static boolean offersStateless(int bits) {
        return (bits & STATELESS) != 0;
    }

    /** The first of {@code strengths}, in bits, that {@code bits} offer. */
    static OptionalInt firstOffered(List<Integer> strengths, int bits) {
        return strengths.stream()
                .mapToInt(Integer::intValue)
                .filter(strength -> (bits & bit(strength)) != 0)
                .findFirst();
    }

    /** The strengths, in bits, that {@code bits} name, strongest first. */
    static List<Integer> strengths(int bits) {
        return EVERY.stream().filter(strength -> (bits & bit(strength)) != 0).toList();
    }

    /** What an option that names exactly one strength agrees to. */
    static MppeParameters parameters(ConfigureOption option) {
        int bits = option.asInt();
        return new MppeParameters(firstOffered(EVERY, bits).orElseThrow(), offersStateless(bits));
    }

    private static int bit(int strength) {
        return switch (strength) {
            case 128 -> BITS_128;
            case 56 -> BITS_56;
            default -> BITS_40;
        };
    }
}
