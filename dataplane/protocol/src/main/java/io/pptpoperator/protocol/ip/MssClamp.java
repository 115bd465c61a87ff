package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * Lowers the maximum segment size that the two ends of a TCP connection announce to each other, so that neither
 * sends what does not fit into the tunnel. It is applied in both directions: the announcement in a SYN limits
 * what comes back, the one in the SYN-ACK what goes out.
 */
public final class MssClamp {
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int MSS_LENGTH = 4;

    private MssClamp() {}

    /**
     * The largest MSS for packets of at most {@code mtu} bytes: what is left behind IP and TCP headers without
     * options (RFC 6691 section 2).
     */
    public static int forMtu(int mtu) {
        return mtu - Ipv4Header.MIN_LENGTH - TcpHeader.MIN_LENGTH;
    }

    /**
     * Lowers the MSS option of a SYN or SYN-ACK; any other packet, and a SYN without the option or with a
     * broken list of options, stays as it is.
     *
     * @param packet holds an IPv4 packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts
     * @param mss the largest value to let through
     * @param partialChecksum whether the TCP checksum is left to the device, so that its place holds the pseudo
     *            header's sum, which no option changes
     * @return whether the packet was changed
     */
    public static boolean clamp(ByteBuffer packet, int offset, int mss, boolean partialChecksum) {
        if (Ipv4Header.protocol(packet, offset) != Ipv4Header.TCP || Ipv4Header.fragmentOffset(packet, offset) != 0) {
            return false;
        }
        int tcp = offset + Ipv4Header.headerLength(packet, offset);
        int available = offset + Ipv4Header.totalLength(packet, offset) - tcp;
        int length = TcpHeader.length(packet, tcp, available);
        if (length < 0 || (TcpHeader.flags(packet, tcp) & TcpHeader.SYN) == 0) {
            return false;
        }
        int end = tcp + length;
        int option = tcp + TcpHeader.MIN_LENGTH;
        boolean changed = false;
        while (option < end) {
            int kind = packet.get(option);
            if (kind == NO_OPERATION) {
                option++;
                continue;
            }
            if (kind == END_OF_OPTIONS || option + 1 >= end) {
                break;
            }
            int optionLength = packet.get(option + 1) & 0xFF;
            if (optionLength < 2 || option + optionLength > end) {
                break;
            }
            if (kind == MSS && optionLength == MSS_LENGTH) {
                changed |= lower(packet, tcp, option + 2, mss, partialChecksum);
            }
            option += optionLength;
        }
        return changed;
    }

    private static boolean lower(ByteBuffer packet, int tcp, int place, int mss, boolean partialChecksum) {
        int announced = packet.getShort(place) & 0xFFFF;
        if (announced <= mss) {
            return false;
        }
        packet.putShort(place, (short) mss);
        if (!partialChecksum) {
            int checksum = packet.getShort(tcp + TcpHeader.CHECKSUM) & 0xFFFF;
            // At an odd place the two bytes belong to two words of the sum, each in the other's position.
            boolean odd = (place - tcp & 1) != 0;
            int updated = odd
                    ? InternetChecksum.update(checksum, swap(announced), swap(mss))
                    : InternetChecksum.update(checksum, announced, mss);
            packet.putShort(tcp + TcpHeader.CHECKSUM, (short) updated);
        }
        return true;
    }

    private static int swap(int word) {
        return (word & 0xFF) << 8 | word >> 8 & 0xFF;
    }
}
