package io.pptpoperator.protocol.ppp.auth;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The value of a Response packet of either MS-CHAP version, which are alike but for the first 24 bytes (RFC 2433
 * section 5, RFC 2759 section 4).
 *
 * @param first version 1: the LAN Manager response; version 2: the peer's challenge of 16 bytes and 8 zeros
 * @param ntResponse the response made of the NT hash, 24 bytes
 * @param flags the last byte: version 1 says with it which response counts; version 2 wants it to be 0
 */
record MsChapResponse(byte[] first, byte[] ntResponse, int flags) {
    private static final int LENGTH = 49;
    private static final int PART = 24;

    /** Empty when the value has not 49 bytes. */
    static Optional<MsChapResponse> parse(byte[] value) {
        return value.length == LENGTH
                ? Optional.of(new MsChapResponse(Arrays.copyOf(value, PART), Arrays.copyOfRange(value, PART, 2 * PART),
                        value[2 * PART]))
                : Optional.empty();
    }

    /** The 49 bytes. */
    byte[] encode() {
        return ByteBuffer.allocate(LENGTH).put(first).put(PART, ntResponse).put(2 * PART, (byte) flags).array();
    }

    /** The peer's challenge of version 2. */
    byte[] peerChallenge() {
        return Arrays.copyOf(first, 16);
    }
}
