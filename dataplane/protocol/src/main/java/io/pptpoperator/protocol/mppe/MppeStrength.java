package io.pptpoperator.protocol.mppe;

/** What a key strength means for the keys (RFC 3078 section 2, RFC 3079 section 1). */
enum MppeStrength {
    /** 40 bits: an 8-byte key whose first three bytes are known. */
    BITS_40(40, 8, 3),
    /** 56 bits: an 8-byte key whose first byte is known. */
    BITS_56(56, 8, 1),
    /** 128 bits. */
    BITS_128(128, 16, 0);

    private static final byte[] KNOWN_BYTES = {(byte) 0xd1, 0x26, (byte) 0x9e};

    private final int bits;
    private final int keyLength;
    private final int knownBytes;

    MppeStrength(int bits, int keyLength, int knownBytes) {
        this.bits = bits;
        this.keyLength = keyLength;
        this.knownBytes = knownBytes;
    }

    /**
     * The strength of so many bits.
     *
     * @throws IllegalArgumentException unless it is 40, 56 or 128
     */
    static MppeStrength of(int keyBits) {
        for (MppeStrength strength : values()) {
            if (strength.bits == keyBits) {
                return strength;
            }
        }
        throw new IllegalArgumentException("MPPE keys have 40, 56 or 128 bits, not " + keyBits);
    }

    int bits() {
        return bits;
    }

    /** The length in bytes of start keys and session keys. */
    int keyLength() {
        return keyLength;
    }

    /** Overwrites the known bytes of a session key (RFC 3079 sections 2.1 and 2.2). */
    void reduce(byte[] sessionKey) {
        for (int k = 0; k < knownBytes; k++) {
            sessionKey[k] = KNOWN_BYTES[k];
        }
    }
}
