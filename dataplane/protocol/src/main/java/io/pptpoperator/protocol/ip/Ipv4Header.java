package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * The IPv4 header of RFC 791 section 3.1, read where it lies. The methods other than {@link #validate} trust that
 * it accepted the packet.
 */
public final class Ipv4Header {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;
    /** Bytes of the longest packet there is. */
    public static final int MAX_TOTAL_LENGTH = 65_535;
    /** The protocol number of ICMP. */
    public static final int ICMP = 1;
    /** The protocol number of TCP. */
    public static final int TCP = 6;
    /** The protocol number of UDP. */
    public static final int UDP = 17;

    /** The protocol number of GRE. */
    public static final int GRE = 47;

    static final int TOTAL_LENGTH = 2;
    static final int IDENTIFICATION = 4;
    static final int FRAGMENT = 6;
    static final int CHECKSUM = 10;

    static final int DONT_FRAGMENT = 0x4000;
    static final int MORE_FRAGMENTS = 0x2000;
    static final int FRAGMENT_OFFSET = 0x1FFF;

    private Ipv4Header() {}

    /**
     * Checks the lengths in a packet's header, so that everything they announce is there. Bytes behind the
     * packet are tolerated; its checksum is not looked at, see {@link #checksumValid}.
     *
     * @param packet holds the packet
     * @param offset where it starts
     * @param length bytes received from there on
     * @return the header's length in bytes, or a negative number that {@link IpFault#of} explains
     */
    public static int validate(ByteBuffer packet, int offset, int length) {
        if (length < MIN_LENGTH) {
            return IpFault.TRUNCATED.code;
        }
        int first = packet.getInt(offset);
        if (first >>> 28 != 4) {
            return IpFault.VERSION.code;
        }
        int headerLength = first >>> 22 & 0x3C;
        if (headerLength < MIN_LENGTH || headerLength > length) {
            return IpFault.HEADER_LENGTH.code;
        }
        int totalLength = first & 0xFFFF;
        if (totalLength < headerLength || totalLength > length) {
            return IpFault.TOTAL_LENGTH.code;
        }
        return headerLength;
    }

    /** Bytes of the header, 20 to 60. */
    public static int headerLength(ByteBuffer packet, int offset) {
        return packet.get(offset) << 2 & 0x3C;
    }

    /** Bytes of the packet, its header included. */
    public static int totalLength(ByteBuffer packet, int offset) {
        return packet.getShort(offset + TOTAL_LENGTH) & 0xFFFF;
    }

    /** What the fragments of one packet have in common, 0 to 65535. */
    public static int identification(ByteBuffer packet, int offset) {
        return packet.getShort(offset + IDENTIFICATION) & 0xFFFF;
    }

    /** Whether its sender forbids fragments. */
    public static boolean dontFragment(ByteBuffer packet, int offset) {
        return (packet.getShort(offset + FRAGMENT) & DONT_FRAGMENT) != 0;
    }

    /** Whether it is a part of a packet rather than all of it. */
    public static boolean isFragment(ByteBuffer packet, int offset) {
        return (packet.getShort(offset + FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0;
    }

    /** How many bytes of the original packet's payload came before this fragment's; 0 when it is whole. */
    public static int fragmentOffset(ByteBuffer packet, int offset) {
        return (packet.getShort(offset + FRAGMENT) & FRAGMENT_OFFSET) << 3;
    }

    /** The IP protocol number of its payload. */
    public static int protocol(ByteBuffer packet, int offset) {
        return packet.get(offset + 9) & 0xFF;
    }

    /** The source address. */
    public static int source(ByteBuffer packet, int offset) {
        return packet.getInt(offset + 12);
    }

    /** The destination address. */
    public static int destination(ByteBuffer packet, int offset) {
        return packet.getInt(offset + 16);
    }

    /** Whether the header's checksum is right. */
    public static boolean checksumValid(ByteBuffer packet, int offset) {
        return InternetChecksum.sum(packet, offset, headerLength(packet, offset)) == InternetChecksum.VALID;
    }

    /** Computes the header's checksum and writes it into its place. */
    static void writeChecksum(ByteBuffer packet, int offset) {
        packet.putShort(offset + CHECKSUM, (short) 0);
        int checksum = InternetChecksum.of(packet, offset, headerLength(packet, offset));
        packet.putShort(offset + CHECKSUM, (short) checksum);
    }
}
