package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

    /**
     * These, made stricter by what a login demands, which can make nothing laxer.
     *
     * @return empty when there has to be encryption and no strength is left for it
     */
    public Optional<EncryptionSettings> with(EncryptionDemand demand) {
        if (demand.equals(EncryptionDemand.NONE)) {
            return Optional.of(this);
        }
        boolean required = policy == EncryptionPolicy.REQUIRED || demand.required();
        Set<Integer> left = new TreeSet<>(keyBits);
        left.removeIf(bits -> !demand.keyBits().isEmpty() && !demand.keyBits().contains(bits));
        if (left.isEmpty()) {
            return required ? Optional.empty() : Optional.of(NONE);
        }
        return Optional
                .of(new EncryptionSettings(required ? EncryptionPolicy.REQUIRED : policy, left, statefulAllowed));
    }

    /** The strengths allowed here that {@code keys} can key, strongest first. */
    public List<Integer> possibleWith(MppeStartKeys keys) {
        return keyBits.stream()
                .filter(bits -> bits == 128 || keys.hasShortKeys())
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
