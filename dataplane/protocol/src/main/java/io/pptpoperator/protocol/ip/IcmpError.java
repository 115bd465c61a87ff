package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * Writes the ICMP error messages a router owes to senders (RFC 792), about which packets it may (RFC 1812 section
 * 4.3.2). How many per second is the caller's choice, see {@link io.pptpoperator.protocol.rate.TokenBucket}.
 */
public final class IcmpError {
    /** Bytes of the longest message: RFC 1812 section 4.3.2.3. */
    public static final int MAX_LENGTH = 576;

    private static final int ICMP_HEADER = 8;
    private static final int UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int PROHIBITED = 13;

    /** Precedence "internetwork control", RFC 1812 section 4.3.2.5. */
    private static final int TYPE_OF_SERVICE = 0xC0;
    private static final int TTL = 64;

    private static final int LOOPBACK = 127;
    private static final int FIRST_MULTICAST = 224;

    private IcmpError() {}

    /**
     * Says that a packet is too long for the link and must not be fragmented (type 3, code 4), with the length that
     * would fit (RFC 1191 section 4).
     *
     * @param target gets the message, at most {@link #MAX_LENGTH} bytes of IPv4 packet
     * @param at where it starts there
     * @param packet holds the packet it is about, which {@link Ipv4Header#validate} accepted
     * @param offset where that starts
     * @param router the message's source address
     * @param mtu bytes of the longest packet that would fit
     * @return the message's length in bytes, or 0 when no error may be sent about the packet
     */
    public static int fragmentationNeeded(ByteBuffer target, int at, ByteBuffer packet, int offset, int router,
            int mtu) {
        return write(target, at, packet, offset, router, FRAGMENTATION_NEEDED, mtu);
    }

    /**
     * Says that the packet is not allowed through (type 3, code 13: communication administratively prohibited).
     *
     * @return the message's length in bytes, or 0 when no error may be sent about the packet
     * @see #fragmentationNeeded
     */
    public static int prohibited(ByteBuffer target, int at, ByteBuffer packet, int offset, int router) {
        return write(target, at, packet, offset, router, PROHIBITED, 0);
    }

    /**
     * Whether an error may be sent about a packet: never about an ICMP error, about a fragment but the first, nor
     * where the answer would go to, or the packet went to, more than one host or none (RFC 1812 section 4.3.2.7).
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts
     */
    public static boolean mayAnswer(ByteBuffer packet, int offset) {
        if (Ipv4Header.fragmentOffset(packet, offset) != 0) {
            return false;
        }
        int source = Ipv4Header.source(packet, offset) >>> 24;
        int destination = Ipv4Header.destination(packet, offset) >>> 24;
        if (source == 0 || source == LOOPBACK || source >= FIRST_MULTICAST || destination >= FIRST_MULTICAST) {
            return false;
        }
        if (Ipv4Header.protocol(packet, offset) != Ipv4Header.ICMP) {
            return true;
        }
        int headerLength = Ipv4Header.headerLength(packet, offset);
        return Ipv4Header.totalLength(packet, offset) > headerLength && isQuery(packet.get(offset + headerLength));
    }

    /** Whether a message of this type asks or answers; all others, the unknown ones too, may be errors. */
    private static boolean isQuery(int type) {
        return switch (type) {
            // Echo, Router Advertisement and Solicitation, Timestamp, Information, Address Mask.
            case 0, 8, 9, 10, 13, 14, 15, 16, 17, 18 -> true;
            default -> false;
        };
    }

    private static int write(ByteBuffer target, int at, ByteBuffer packet, int offset, int router, int code, int rest) {
        if (!mayAnswer(packet, offset)) {
            return 0;
        }
        int icmp = at + Ipv4Header.MIN_LENGTH;
        int quoted = Math.min(Ipv4Header.totalLength(packet, offset), MAX_LENGTH - Ipv4Header.MIN_LENGTH - ICMP_HEADER);
        int length = Ipv4Header.MIN_LENGTH + ICMP_HEADER + quoted;
        target.putInt(at, 0x4500 << 16 | TYPE_OF_SERVICE << 16 | length);
        // Never fragmented, so the identification means nothing (RFC 6864 section 4.1).
        target.putInt(at + Ipv4Header.IDENTIFICATION, Ipv4Header.DONT_FRAGMENT);
        target.putInt(at + 8, TTL << 24 | Ipv4Header.ICMP << 16);
        target.putInt(at + 12, router);
        target.putInt(at + 16, Ipv4Header.source(packet, offset));
        Ipv4Header.writeChecksum(target, at);
        target.putInt(icmp, UNREACHABLE << 24 | code << 16);
        target.putInt(icmp + 4, rest);
        target.put(icmp + ICMP_HEADER, packet, offset, quoted);
        int checksum = InternetChecksum.of(target, icmp, ICMP_HEADER + quoted);
        target.putShort(icmp + 2, (short) checksum);
        return length;
    }
}
