package io.pptpoperator.protocol.mppe;

import java.util.Objects;

/**
 * The start keys that a completed MS-CHAP exchange yields for one end of a link (RFC 3079 sections 2 and 3).
 * 128-bit and the shorter strengths start from different keys under MS-CHAPv1 (NT hash against LM hash), hence both.
 *
 * @param send128 16 bytes, for what this end encrypts
 * @param receive128 16 bytes, for what this end decrypts
 * @param sendShort 8 bytes for 40 and 56 bits, or null where only the NT hash is known and the method needs the LM hash
 * @param receiveShort as {@code sendShort}, for what this end decrypts
 */
public record MppeStartKeys(byte[] send128, byte[] receive128, byte[] sendShort, byte[] receiveShort) {

    /** Checks the lengths. */
    public MppeStartKeys {
        if (send128.length != 16 || receive128.length != 16) {
            throw new IllegalArgumentException("a 128-bit start key has 16 bytes");
        }
        if ((sendShort == null) != (receiveShort == null)
                || sendShort != null && (sendShort.length != 8 || receiveShort.length != 8)) {
            throw new IllegalArgumentException("a 40- or 56-bit start key has 8 bytes");
        }
    }

    /** Whether 40- and 56-bit encryption can be keyed. */
    public boolean hasShortKeys() {
        return sendShort != null;
    }

    /**
     * What encrypts this end's packets.
     *
     * @throws IllegalStateException when the parameters need a short key and there is none
     */
    public MppeEncryptor encryptor(MppeParameters parameters) {
        return new MppeEncryptor(parameters, choose(parameters, send128, sendShort));
    }

    /**
     * What decrypts the peer's packets.
     *
     * @throws IllegalStateException when the parameters need a short key and there is none
     */
    public MppeDecryptor decryptor(MppeParameters parameters) {
        return new MppeDecryptor(parameters, choose(parameters, receive128, receiveShort));
    }

    private byte[] choose(MppeParameters parameters, byte[] key128, byte[] keyShort) {
        if (parameters.keyBits() == 128) {
            return key128;
        }
        if (!hasShortKeys()) {
            throw new IllegalStateException(parameters + " needs a start key that this login did not yield");
        }
        return keyShort;
    }

    /** Never the keys themselves. */
    @Override
    public String toString() {
        return "MppeStartKeys[" + (hasShortKeys() ? "128, 56 and 40" : "128") + " bits]";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(this));
    }
}
