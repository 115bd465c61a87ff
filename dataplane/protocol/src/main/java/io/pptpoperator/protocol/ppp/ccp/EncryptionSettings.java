package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What one end wants of encryption.
 *
 * @param policy whether to encrypt
 * @param keyBits the strengths allowed: some of 40, 56 and 128
 * @param statefulAllowed whether the peer may have stateful mode when it does not offer stateless
 */
public record EncryptionSettings(EncryptionPolicy policy, Set<Integer> keyBits, boolean statefulAllowed) {

    /** 128 bits, stateless, or nothing at all. */
    public static final EncryptionSettings STRONG = new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(128),
            false);
    /** In clear. */
    public static final EncryptionSettings NONE = new EncryptionSettings(EncryptionPolicy.OFF, Set.of(), false);

    /**
     * Checks the strengths.
     *
     * @throws IllegalArgumentException when one is unknown, or when there is none although the policy wants one
     */
    public EncryptionSettings {
        keyBits = Set.copyOf(keyBits);
        if (keyBits.isEmpty() && policy != EncryptionPolicy.OFF) {
            throw new IllegalArgumentException(
                    "encryption is " + policy.label() + ", but no key length of 40, 56 or 128 bits is allowed");
        }
        for (int bits : keyBits) {
            new MppeParameters(bits, true);
        }
    }

    /** The strengths allowed here that {@code keys} can key, strongest first. */
    public List<Integer> possibleWith(MppeStartKeys keys) {
        return keyBits.stream()
                .filter(bits -> bits == 128 || keys.hasShortKeys())
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
