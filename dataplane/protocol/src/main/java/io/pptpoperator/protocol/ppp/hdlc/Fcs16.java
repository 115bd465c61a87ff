package io.pptpoperator.protocol.ppp.hdlc;

/**
 * The 16-bit Frame Check Sequence of RFC 1662 appendix C.2: the CRC of X.25, polynomial x^16 + x^12 + x^5 + 1, least
 * significant bit first.
 */
final class Fcs16 {
    /** Where a calculation starts. */
    static final int INITIAL = 0xffff;
    /** What a calculation over a frame and its own FCS comes to. */
    static final int GOOD = 0xf0b8;

    private static final int POLYNOMIAL = 0x8408;
    private static final int[] TABLE = table();

    private Fcs16() {}

    /** The calculation carried on over one more byte. */
    static int update(int fcs, byte octet) {
        return fcs >>> 8 ^ TABLE[(fcs ^ octet) & 0xff];
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
            }
            table[i] = value;
        }
        return table;
    }
}
