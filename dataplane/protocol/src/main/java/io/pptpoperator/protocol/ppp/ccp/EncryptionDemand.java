package io.pptpoperator.protocol.ppp.ccp;

import java.util.Set;

/**
 * What a login asks of its link's encryption beyond the link's own settings, which it can make stricter and never laxer.
 *
 * @param required whether there must be encryption
 * @param keyBits the strengths that are left of those allowed: some of 40, 56 and 128; empty for no such wish
 */
public record EncryptionDemand(boolean required, Set<Integer> keyBits) {

    /** What the settings say. */
    public static final EncryptionDemand NONE = new EncryptionDemand(false, Set.of());

    /** Copies the strengths. */
    public EncryptionDemand {
        keyBits = Set.copyOf(keyBits);
    }
}
