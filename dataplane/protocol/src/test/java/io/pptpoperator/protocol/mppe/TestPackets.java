package io.pptpoperator.protocol.mppe;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Packets to encrypt, and packets that look encrypted. */
final class TestPackets {

    private TestPackets() {}

    /** An IPv4 packet of {@code ipLength} random bytes behind its PPP protocol field of one or two bytes. */
    static byte[] ipv4(RandomGenerator random, int ipLength) {
        int field = random.nextBoolean() ? 2 : 1;
        byte[] data = new byte[field + ipLength];
        random.nextBytes(data);
        data[0] = 0;
        data[field - 1] = 0x21;
        data[field] = 0x45;
        data[field + 2] = (byte) (ipLength >> 8);
        data[field + 3] = (byte) ipLength;
        return data;
    }

    /** A buffer that holds room for an MPPE header at {@code offset}, and the data behind it. */
    static ByteBuffer buffer(byte[] data, int offset) {
        return ByteBuffer.allocateDirect(offset + MppeHeader.LENGTH + data.length)
                .put(offset + MppeHeader.LENGTH, data);
    }

    static byte[] bytes(ByteBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }

    static byte[] key(RandomGenerator random, MppeParameters parameters) {
        byte[] key = new byte[parameters.keyBits() == 128 ? 16 : 8];
        random.nextBytes(key);
        return key;
    }
}
