package io.pptpoperator.protocol.mppe;

/**
 * What CCP agreed for one direction of a link (RFC 3078 section 2.1).
 *
 * @param keyBits 40, 56 or 128
 * @param stateless whether the key changes with every packet, so that a lost one costs nothing but itself
 */
public record MppeParameters(int keyBits, boolean stateless) {

    /**
     * Checks the strength.
     *
     * @throws IllegalArgumentException when {@code keyBits} is not 40, 56 or 128
     */
    public MppeParameters {
        if (keyBits != 40 && keyBits != 56 && keyBits != 128) {
            throw new IllegalArgumentException("MPPE keys have 40, 56 or 128 bits, not " + keyBits);
        }
    }

    @Override
    public String toString() {
        return "MPPE " + keyBits + " bits, " + (stateless ? "stateless" : "stateful");
    }
}
