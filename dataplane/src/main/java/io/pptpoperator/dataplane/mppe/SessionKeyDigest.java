package io.pptpoperator.dataplane.mppe;

/**
 * SHA-1 of start key, 40 bytes 0x00, session key, 40 bytes 0xF2: the first half of every MPPE key change (RFC 3079
 * section 2.4, GetNewKeyFromSHA).
 */
final class SessionKeyDigest {
    private final int[] w = new int[80];
    private final int[] state = new int[5];
    private final byte[] block = new byte[128];

    /** Overwrites {@code sessionKey} with the interim key. */
    void interimKey(byte[] startKey, byte[] sessionKey, int length) {
        java.util.Arrays.fill(block, (byte) 0);
        System.arraycopy(startKey, 0, block, 0, length);
        System.arraycopy(sessionKey, 0, block, length + 40, length);
        java.util.Arrays.fill(block, 2 * length + 40, 2 * length + 80, (byte) 0xf2);
        block[2 * length + 80] = (byte) 0x80;
        int bits = (2 * length + 80) * 8;
        block[126] = (byte) (bits >>> 8);
        block[127] = (byte) bits;
        state[0] = 0x67452301;
        state[1] = 0xefcdab89;
        state[2] = 0x98badcfe;
        state[3] = 0x10325476;
        state[4] = 0xc3d2e1f0;
        compress(0);
        compress(64);
        for (int k = 0; k < length; k++) {
            sessionKey[k] = (byte) (state[k >> 2] >>> 24 - 8 * (k & 3));
        }
    }

    private void compress(int offset) {
        for (int t = 0; t < 16; t++) {
            int k = offset + 4 * t;
            w[t] = block[k] << 24 | (block[k + 1] & 0xff) << 16 | (block[k + 2] & 0xff) << 8
                    | block[k + 3] & 0xff;
        }
        for (int t = 16; t < 80; t++) {
            w[t] = Integer.rotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        for (int t = 0; t < 80; t++) {
            int f = t < 20
                    ? (b & c | ~b & d) + 0x5a827999
                    : t < 40
                            ? (b ^ c ^ d) + 0x6ed9eba1
                            : t < 60 ? (b & c | b & d | c & d) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
            int next = Integer.rotateLeft(a, 5) + f + e + w[t];
            e = d;
            d = c;
            c = Integer.rotateLeft(b, 30);
            b = a;
            a = next;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
