package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * The Internet checksum of RFC 1071.
 *
 * <p>
 * A <em>sum</em> here is the 16-bit one's complement sum, 0 to 0xFFFF; a <em>checksum</em>, what stands in a
 * header, is its complement.
 */
public final class InternetChecksum {
    /** The sum over data that includes its own right checksum. */
    public static final int VALID = 0xFFFF;

    private InternetChecksum() {}

    /**
     * The sum of {@code length} bytes; an odd last byte counts as if a zero followed.
     *
     * @param buffer holds the bytes
     * @param offset where they start
     */
    public static int sum(ByteBuffer buffer, int offset, int length) {
        long sum = 0;
        int index = offset;
        // Eight bytes a step, without unrolling: HotSpot makes vector instructions of just this shape.
        for (int end = offset + (length & ~7); index < end; index += 8) {
            long eight = buffer.getLong(index);
            sum += (eight >>> 32) + (eight & 0xFFFF_FFFFL);
        }
        if ((length & 4) != 0) {
            sum += buffer.getInt(index) & 0xFFFF_FFFFL;
            index += 4;
        }
        if ((length & 2) != 0) {
            sum += buffer.getShort(index) & 0xFFFF;
            index += 2;
        }
        if ((length & 1) != 0) {
            sum += (buffer.get(index) & 0xFF) << 8;
        }
        return fold(sum);
    }

    private static int fold(long sum) {
        long once = (sum >>> 32) + (sum & 0xFFFF_FFFFL);
        long twice = (once >>> 16 & 0xFFFF) + (once & 0xFFFF) + (once >>> 32);
        int thrice = (int) ((twice >>> 16) + (twice & 0xFFFF));
        return (thrice >>> 16) + (thrice & 0xFFFF);
    }

    /** The sum of two sums, of which the first covers an even number of bytes. */
    public static int add(int first, int second) {
        int sum = first + second;
        return (sum >>> 16) + (sum & 0xFFFF);
    }

    /**
     * The sum of the pseudo header that TCP and UDP checksums include (RFC 9293 section 3.1, RFC 768).
     *
     * @param protocol IP protocol number
     * @param length bytes of the TCP segment or UDP datagram, its header included
     */
    public static int pseudoHeader(int source, int destination, int protocol, int length) {
        return fold((source & 0xFFFF_FFFFL) + (destination & 0xFFFF_FFFFL) + protocol + length);
    }

    /** The checksum of {@code length} bytes in which the checksum's own place is 0. */
    public static int of(ByteBuffer buffer, int offset, int length) {
        return ~sum(buffer, offset, length) & 0xFFFF;
    }

    /**
     * A checksum after one 16-bit word it covers has changed, without reading the rest (RFC 1624, equation 3).
     *
     * @param checksum the old one
     * @param before the word as it was
     * @param after the word as it is
     */
    public static int update(int checksum, int before, int after) {
        return ~fold((~checksum & 0xFFFFL) + (~before & 0xFFFF) + (after & 0xFFFF)) & 0xFFFF;
    }

    /**
     * Finishes a checksum that was left to the device: its place holds the pseudo header's sum, and is replaced
     * by the checksum of everything from {@code start} on. The result is never 0, which in UDP would mean that
     * there is none.
     *
     * @param start where the TCP or UDP header starts
     * @param length bytes from there to the packet's end
     * @param place where the checksum stands, relative to {@code start}
     */
    public static void complete(ByteBuffer buffer, int start, int length, int place) {
        int checksum = of(buffer, start, length);
        buffer.putShort(start + place, (short) (checksum == 0 ? 0xFFFF : checksum));
    }
}
