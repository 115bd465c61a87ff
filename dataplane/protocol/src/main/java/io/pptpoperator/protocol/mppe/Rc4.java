package io.pptpoperator.protocol.mppe;

import java.nio.ByteBuffer;

/**
 * One RC4 stream. RC4 is a chain of dependent loads and stores, so the processor idles unless two or three independent
 * chains run side by side: hence the methods that work on several streams at once. The tables hold ints because
 * HotSpot then needs no widening; the index of a key stream's row is the loop variable because range checks then go.
 */
final class Rc4 {
    private static final int SIZE = 256;
    private static final int MAX_KEY = 16;
    private static final int[] IDENTITY = new int[SIZE];

    static {
        for (int k = 0; k < SIZE; k++) {
            IDENTITY[k] = k;
        }
    }

    private final int[] table = new int[SIZE];
    private final int[] key = new int[MAX_KEY];
    private int i;
    private int j;

    /** Starts a new stream. {@code length}, the bytes of the key, divides 16. */
    void init(byte[] keyBytes, int length) {
        begin(keyBytes, length);
        int[] s = table;
        int[] k = key;
        int y = 0;
        for (int x = 0; x < SIZE; x++) {
            int sx = s[x];
            y = y + sx + k[x & MAX_KEY - 1] & 0xff;
            s[x] = s[y];
            s[y] = sx;
        }
    }

    /** Starts two streams in little more time than one, with keys of the same length. */
    static void initPair(Rc4 first, byte[] firstKey, Rc4 second, byte[] secondKey, int length) {
        first.begin(firstKey, length);
        second.begin(secondKey, length);
        int[] s = first.table;
        int[] t = second.table;
        int[] k = first.key;
        int[] l = second.key;
        int y = 0;
        int z = 0;
        int sx = 0;
        int tx = 0;
        for (int x = 0; x < SIZE - 1; x++) {
            // Loaded before this round's stores, which may change it: the loads of the next round then wait for
            // nothing.
            int sNext = s[x + 1];
            int tNext = t[x + 1];
            int kx = k[x & MAX_KEY - 1];
            int lx = l[x & MAX_KEY - 1];
            y = y + sx + kx & 0xff;
            z = z + tx + lx & 0xff;
            int sy = s[y];
            int tz = t[z];
            s[x] = sy;
            t[x] = tz;
            s[y] = sx;
            t[z] = tx;
            sx = y == x + 1 ? sx : sNext;
            tx = z == x + 1 ? tx : tNext;
        }
        y = y + sx + k[MAX_KEY - 1] & 0xff;
        s[SIZE - 1] = s[y];
        s[y] = sx;
        z = z + tx + l[MAX_KEY - 1] & 0xff;
        t[SIZE - 1] = t[z];
        t[z] = tx;
    }

    private void begin(byte[] keyBytes, int length) {
        System.arraycopy(IDENTITY, 0, table, 0, SIZE);
        for (int x = 0; x < MAX_KEY; x++) {
            key[x] = keyBytes[x & length - 1] & 0xff;
        }
        i = 0;
        j = 0;
    }

    /** Where it is: the table, then both indices. */
    byte[] place() {
        byte[] place = new byte[SIZE + 2];
        for (int k = 0; k < SIZE; k++) {
            place[k] = (byte) table[k];
        }
        place[SIZE] = (byte) i;
        place[SIZE + 1] = (byte) j;
        return place;
    }

    /**
     * A stream at this place.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Rc4 at(byte[] place) {
        if (place.length != SIZE + 2) {
            throw new IllegalArgumentException(
                    "a place in an RC4 stream has " + (SIZE + 2) + " bytes, not " + place.length);
        }
        Rc4 stream = new Rc4();
        for (int k = 0; k < SIZE; k++) {
            stream.table[k] = place[k] & 0xff;
        }
        stream.i = place[SIZE] & 0xff;
        stream.j = place[SIZE + 1] & 0xff;
        return stream;
    }

    /** Becomes a stream at the same place as {@code other}. */
    void copyFrom(Rc4 other) {
        System.arraycopy(other.table, 0, table, 0, SIZE);
        i = other.i;
        j = other.j;
    }

    /** Encrypts or decrypts the first {@code length} bytes in place. */
    void crypt(byte[] data, int length) {
        for (int k = 0; k < length; k++) {
            data[k] ^= (byte) next();
        }
    }

    private int next() {
        int[] s = table;
        i = i + 1 & 0xff;
        int sx = s[i];
        j = j + sx & 0xff;
        int sy = s[j];
        s[i] = sy;
        s[j] = sx;
        return s[sx + sy & 0xff];
    }

    /** Encrypts or decrypts {@code length} bytes in place, at an absolute {@code offset} of a big-endian buffer. */
    void crypt(ByteBuffer data, int offset, int length) {
        int[] s = table;
        int x = i;
        int y = j;
        int end = offset + length;
        int k = offset;
        for (; k + Integer.BYTES <= end; k += Integer.BYTES) {
            int stream = 0;
            for (int b = 0; b < Integer.BYTES; b++) {
                x = x + 1 & 0xff;
                int sx = s[x];
                y = y + sx & 0xff;
                int sy = s[y];
                s[x] = sy;
                s[y] = sx;
                stream = stream << 8 | s[sx + sy & 0xff];
            }
            data.putInt(k, data.getInt(k) ^ stream);
        }
        i = x;
        j = y;
        for (; k < end; k++) {
            data.put(k, (byte) (data.get(k) ^ next()));
        }
    }

    /**
     * Writes the first {@code length} bytes of three streams just initialized to the start of {@code a}, {@code b} and
     * {@code c}.
     */
    static void firstBytes(Rc4 first, byte[] a, Rc4 second, byte[] b, Rc4 third, byte[] c, int length) {
        int[] s = first.table;
        int[] t = second.table;
        int[] u = third.table;
        int y = 0;
        int z = 0;
        int w = 0;
        int k = 0;
        int x = 1;
        while (k < length) {
            for (int end = x + Math.min(length - k, SIZE - x); x < end; x++) {
                int sx = s[x];
                y = y + sx & 0xff;
                int sy = s[y];
                s[x] = sy;
                s[y] = sx;
                a[k] = (byte) s[sx + sy & 0xff];
                sx = t[x];
                z = z + sx & 0xff;
                sy = t[z];
                t[x] = sy;
                t[z] = sx;
                b[k] = (byte) t[sx + sy & 0xff];
                sx = u[x];
                w = w + sx & 0xff;
                sy = u[w];
                u[x] = sy;
                u[w] = sx;
                c[k++] = (byte) u[sx + sy & 0xff];
            }
            x = x == SIZE ? 0 : x;
        }
        first.i = length & 0xff;
        first.j = y;
        second.i = first.i;
        second.j = z;
        third.i = first.i;
        third.j = w;
    }
}
