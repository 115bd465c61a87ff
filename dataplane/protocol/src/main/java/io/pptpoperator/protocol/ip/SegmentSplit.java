package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * Cuts what a TUN device with segmentation offload hands over, up to 64 KB at once, into the packets that go through
 * the tunnel. TCP is cut to the session's own MTU, whatever size the kernel had in mind; so are single TCP packets
 * that are too long, which cures senders that ignore both MSS and ICMP. UDP is cut where its datagrams end; one
 * that is too long must then be fragmented.
 *
 * <pre>{@code
 * int count = split.begin(packet, offset, mtu, gsoType, gsoSize, needsChecksum);
 * for (int i = 0; i < count; i++) {
 *     int length = split.next(target, targetOffset);
 *     ...
 * }
 * }</pre>
 */
public final class SegmentSplit {
    private static final int UDP_HEADER = 8;
    private static final int UDP_LENGTH = 4;
    private static final int UDP_CHECKSUM = 6;

    private ByteBuffer packet;
    private int offset;
    private int ipHeaderLength;
    private int headerLength;
    private int payloadLength;
    private int segmentSize;
    private int protocol;
    private boolean copyOnly;
    private int done;
    private int index;

    /** A splitter that has nothing to cut yet. */
    public SegmentSplit() {}

    /**
     * Starts on a packet. It must stay unchanged until its last segment is written.
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts, behind the virtio header
     * @param mtu bytes of the longest IPv4 packet wanted
     * @param gsoType {@link VirtioNetHeader#gsoType}
     * @param gsoSize {@link VirtioNetHeader#gsoSize}
     * @param needsChecksum {@link VirtioNetHeader#needsChecksum}
     * @return how many packets it makes, 1 or more; or a negative number that {@link IpFault#of} explains. With
     *         {@link IpFault#NOT_SEGMENTABLE} and {@link IpFault#TRANSPORT_CHECKSUM} the packet is in order but too
     *         long, and can be fragmented.
     */
    public int begin(ByteBuffer packet, int offset, int mtu, int gsoType, int gsoSize, boolean needsChecksum) {
        this.packet = packet;
        this.offset = offset;
        done = 0;
        index = 0;
        ipHeaderLength = Ipv4Header.headerLength(packet, offset);
        protocol = Ipv4Header.protocol(packet, offset);
        int available = Ipv4Header.totalLength(packet, offset) - ipHeaderLength;
        return switch (gsoType) {
            case VirtioNetHeader.GSO_NONE -> beginPlain(available, mtu, needsChecksum);
            case VirtioNetHeader.GSO_TCPV4 -> beginTcp(available, mtu, gsoSize);
            case VirtioNetHeader.GSO_UDP_L4 -> beginUdp(available, gsoSize);
            default -> IpFault.OFFLOAD.code;
        };
    }

    private int beginPlain(int available, int mtu, boolean needsChecksum) {
        if (ipHeaderLength + available <= mtu) {
            return beginCopy(available, needsChecksum);
        }
        // Only where nobody counts on the identification: the pieces get consecutive ones (RFC 6864 section 4.1).
        boolean atomic = Ipv4Header.dontFragment(packet, offset) && !Ipv4Header.isFragment(packet, offset);
        if (protocol != Ipv4Header.TCP || !atomic) {
            return IpFault.NOT_SEGMENTABLE.code;
        }
        int tcp = offset + ipHeaderLength;
        if (TcpHeader.length(packet, tcp, available) < 0) {
            return IpFault.TRANSPORT_HEADER.code;
        }
        if ((TcpHeader.flags(packet, tcp) & (TcpHeader.SYN | TcpHeader.RST | TcpHeader.URG)) != 0) {
            return IpFault.NOT_SEGMENTABLE.code;
        }
        if (!needsChecksum && InternetChecksum.add(InternetChecksum.sum(packet, tcp, available),
                pseudoHeader(available)) != InternetChecksum.VALID) {
            return IpFault.TRANSPORT_CHECKSUM.code;
        }
        return beginTcp(available, mtu, Ipv4Header.MAX_TOTAL_LENGTH);
    }

    private int beginCopy(int available, boolean needsChecksum) {
        copyOnly = true;
        headerLength = ipHeaderLength;
        payloadLength = available;
        if (needsChecksum) {
            int transport = protocol == Ipv4Header.TCP ? TcpHeader.MIN_LENGTH : UDP_HEADER;
            if (protocol != Ipv4Header.TCP && protocol != Ipv4Header.UDP || available < transport) {
                return IpFault.TRANSPORT_HEADER.code;
            }
            copyOnly = false;
            headerLength = ipHeaderLength + transport;
            payloadLength = available - transport;
            segmentSize = payloadLength;
        }
        return 1;
    }

    private int beginTcp(int available, int mtu, int gsoSize) {
        int length = protocol == Ipv4Header.TCP ? TcpHeader.length(packet, offset + ipHeaderLength, available) : -1;
        if (length < 0) {
            return IpFault.TRANSPORT_HEADER.code;
        }
        headerLength = ipHeaderLength + length;
        payloadLength = available - length;
        segmentSize = Math.min(gsoSize, mtu - headerLength);
        return countOf(gsoSize);
    }

    private int beginUdp(int available, int gsoSize) {
        if (protocol != Ipv4Header.UDP || available < UDP_HEADER) {
            return IpFault.TRANSPORT_HEADER.code;
        }
        headerLength = ipHeaderLength + UDP_HEADER;
        payloadLength = available - UDP_HEADER;
        segmentSize = gsoSize;
        return countOf(gsoSize);
    }

    private int countOf(int gsoSize) {
        copyOnly = false;
        if (gsoSize == 0) {
            return IpFault.OFFLOAD.code;
        }
        if (segmentSize < 1) {
            return IpFault.MTU.code;
        }
        return Math.max(1, (payloadLength + segmentSize - 1) / segmentSize);
    }

    /**
     * Writes the next packet, complete with checksums.
     *
     * @param target gets it; not the part of a buffer the original lies in
     * @param at where it starts there
     * @return its length in bytes; 0 when there is none left
     */
    public int next(ByteBuffer target, int at) {
        if (index > 0 && done >= payloadLength) {
            return 0;
        }
        if (copyOnly) {
            index++;
            done = payloadLength;
            target.put(at, packet, offset, headerLength + payloadLength);
            return headerLength + payloadLength;
        }
        int length = Math.min(segmentSize, payloadLength - done);
        boolean last = done + length == payloadLength;
        target.put(at, packet, offset, headerLength);
        target.put(at + headerLength, packet, offset + headerLength + done, length);
        int id = Ipv4Header.identification(packet, offset) + index;
        target.putShort(at + Ipv4Header.TOTAL_LENGTH, (short) (headerLength + length));
        target.putShort(at + Ipv4Header.IDENTIFICATION, (short) id);
        Ipv4Header.writeChecksum(target, at);
        if (protocol == Ipv4Header.TCP) {
            finishTcp(target, at + ipHeaderLength, headerLength - ipHeaderLength + length, last);
        } else {
            finishUdp(target, at + ipHeaderLength, UDP_HEADER + length);
        }
        done += length;
        index++;
        return headerLength + length;
    }

    private void finishTcp(ByteBuffer target, int tcp, int length, boolean last) {
        int sequence = target.getInt(tcp + TcpHeader.SEQUENCE) + done;
        target.putInt(tcp + TcpHeader.SEQUENCE, sequence);
        // FIN and PSH belong to the end of the data, CWR to the first packet after the window was reduced.
        int drop = (last ? 0 : TcpHeader.FIN | TcpHeader.PSH) | (index == 0 ? 0 : TcpHeader.CWR);
        target.put(tcp + TcpHeader.FLAGS, (byte) (TcpHeader.flags(target, tcp) & ~drop));
        target.putShort(tcp + TcpHeader.CHECKSUM, (short) pseudoHeader(length));
        int checksum = InternetChecksum.of(target, tcp, length);
        target.putShort(tcp + TcpHeader.CHECKSUM, (short) checksum);
    }

    private void finishUdp(ByteBuffer target, int udp, int length) {
        target.putShort(udp + UDP_LENGTH, (short) length);
        target.putShort(udp + UDP_CHECKSUM, (short) pseudoHeader(length));
        InternetChecksum.complete(target, udp, length, UDP_CHECKSUM);
    }

    private int pseudoHeader(int length) {
        return InternetChecksum.pseudoHeader(Ipv4Header.source(packet, offset), Ipv4Header.destination(packet, offset),
                protocol, length);
    }
}
