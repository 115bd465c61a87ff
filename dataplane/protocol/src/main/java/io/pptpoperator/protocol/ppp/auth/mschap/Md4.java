package io.pptpoperator.protocol.ppp.auth.mschap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** MD4 (RFC 1320), which the JDK has not, and which NT password hashes are made of. */
public final class Md4 {
    private static final int BLOCK = 64;
    private static final int[] SHIFTS_1 = {3, 7, 11, 19};
    private static final int[] SHIFTS_2 = {3, 5, 9, 13};
    private static final int[] SHIFTS_3 = {3, 9, 11, 15};
    private static final int[] ORDER_2 = {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
    private static final int[] ORDER_3 = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
    private static final int SQUARE_ROOT_2 = 0x5a827999;
    private static final int SQUARE_ROOT_3 = 0x6ed9eba1;

    private Md4() {}

    /** The 16-byte digest of {@code message}. */
    public static byte[] digest(byte[] message) {
        ByteBuffer padded = padded(message);
        int a = 0x67452301;
        int b = 0xefcdab89;
        int c = 0x98badcfe;
        int d = 0x10325476;
        for (int block = 0; block < padded.capacity(); block += BLOCK) {
            int a0 = a;
            int b0 = b;
            int c0 = c;
            int d0 = d;
            for (int step = 0; step < 48; step++) {
                int k = step & 15;
                int mixed;
                int word;
                int shift;
                if (step < 16) {
                    mixed = b & c | ~b & d;
                    word = k;
                    shift = SHIFTS_1[k & 3];
                } else if (step < 32) {
                    mixed = (b & c | b & d | c & d) + SQUARE_ROOT_2;
                    word = ORDER_2[k];
                    shift = SHIFTS_2[k & 3];
                } else {
                    mixed = (b ^ c ^ d) + SQUARE_ROOT_3;
                    word = ORDER_3[k];
                    shift = SHIFTS_3[k & 3];
                }
                int next = Integer.rotateLeft(a + mixed + padded.getInt(block + 4 * word), shift);
                a = d;
                d = c;
                c = b;
                b = next;
            }
            a += a0;
            b += b0;
            c += c0;
            d += d0;
        }
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(a).putInt(b).putInt(c).putInt(d).array();
    }

    /** The message, a one bit, zeros, and the message's length in bits (RFC 1320 sections 3.1 and 3.2). */
    private static ByteBuffer padded(byte[] message) {
        int length = (message.length + 1 + Long.BYTES + BLOCK - 1) / BLOCK * BLOCK;
        return ByteBuffer.allocate(length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, message)
                .put(message.length, (byte) 0x80)
                .putLong(length - Long.BYTES, 8L * message.length);
    }
}
