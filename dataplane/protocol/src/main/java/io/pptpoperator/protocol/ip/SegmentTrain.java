package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * One train: consecutive TCP segments of one flow, joined into one long packet that the kernel cuts again where it
 * has to. Its first packet's headers stand for all, so a packet joins only if its headers say the same.
 */
final class SegmentTrain {
    /** Bytes the virtio header and the longest packet take. */
    static final int CAPACITY = VirtioNetHeader.LENGTH + Ipv4Header.MAX_TOTAL_LENGTH;

    private final ByteBuffer buffer;
    private final int start;
    private final int ip;
    private final int tcp;

    private long addresses;
    private int ports;
    private int headerLength;
    private int segmentSize;
    private int segments;
    private int length;
    private int nextSequence;
    private boolean closed;

    /**
     * A train without packets.
     *
     * @param buffer where the train is put together
     * @param start where its {@link #CAPACITY} bytes begin
     */
    SegmentTrain(ByteBuffer buffer, int start) {
        this.buffer = buffer;
        this.start = start;
        ip = start + VirtioNetHeader.LENGTH;
        tcp = ip + Ipv4Header.MIN_LENGTH;
    }

    boolean isEmpty() {
        return segments == 0;
    }

    boolean carries(long addresses, int ports) {
        return segments != 0 && this.addresses == addresses && this.ports == ports;
    }

    int start() {
        return start;
    }

    /** Makes a packet, of which the caller knows that it may join others, the first of the train. */
    void begin(ByteBuffer packet, int offset, long addresses, int ports, int headerLength, int payloadLength) {
        this.addresses = addresses;
        this.ports = ports;
        this.headerLength = headerLength;
        segmentSize = payloadLength;
        segments = 1;
        length = headerLength + payloadLength;
        buffer.put(ip, packet, offset, length);
        nextSequence = buffer.getInt(tcp + TcpHeader.SEQUENCE) + payloadLength;
        closed = (TcpHeader.flags(buffer, tcp) & TcpHeader.PSH) != 0;
    }

    /** Appends the next packet of the flow; false when it does not continue the train. */
    boolean append(ByteBuffer packet, int offset, int headerLength, int payloadLength) {
        int segment = offset + Ipv4Header.MIN_LENGTH;
        if (closed || headerLength != this.headerLength || payloadLength > segmentSize
                || length + payloadLength > Ipv4Header.MAX_TOTAL_LENGTH
                || packet.getInt(segment + TcpHeader.SEQUENCE) != nextSequence
                || !sameHeaders(packet, offset, segment)) {
            return false;
        }
        buffer.put(ip + length, packet, offset + headerLength, payloadLength);
        length += payloadLength;
        nextSequence += payloadLength;
        segments++;
        boolean push = (TcpHeader.flags(packet, segment) & TcpHeader.PSH) != 0;
        if (push) {
            int flags = TcpHeader.flags(buffer, tcp) | TcpHeader.PSH;
            buffer.put(tcp + TcpHeader.FLAGS, (byte) flags);
        }
        closed = push || payloadLength < segmentSize;
        return true;
    }

    private boolean sameHeaders(ByteBuffer packet, int offset, int segment) {
        boolean sameIp = packet.getShort(offset) == buffer.getShort(ip)
                && packet.getShort(offset + Ipv4Header.FRAGMENT) == buffer.getShort(ip + Ipv4Header.FRAGMENT)
                && packet.getShort(offset + 8) == buffer.getShort(ip + 8)
                && (Ipv4Header.dontFragment(packet, offset) || isNextIdentification(packet, offset));
        if (!sameIp
                || packet.getInt(segment + TcpHeader.ACKNOWLEDGMENT) != buffer.getInt(tcp + TcpHeader.ACKNOWLEDGMENT)) {
            return false;
        }
        int difference = packet.getInt(segment + TcpHeader.FLAG_WORD) ^ buffer.getInt(tcp + TcpHeader.FLAG_WORD);
        if ((difference & ~(TcpHeader.PSH << 16)) != 0) {
            return false;
        }
        for (int i = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH; i < headerLength; i += 4) {
            if (packet.getInt(offset + i) != buffer.getInt(ip + i)) {
                return false;
            }
        }
        return true;
    }

    /** The kernel numbers the packets it cuts consecutively; where that matters, they must have been so. */
    private boolean isNextIdentification(ByteBuffer packet, int offset) {
        int next = Ipv4Header.identification(buffer, ip) + segments & 0xFFFF;
        return Ipv4Header.identification(packet, offset) == next;
    }

    /** Completes the headers; returns the bytes to write, those of the virtio header included. Empty afterwards. */
    int finish() {
        if (segments == 0) {
            return 0;
        }
        if (segments == 1) {
            VirtioNetHeader.writeNone(buffer, start);
        } else {
            VirtioNetHeader.writeTcpTrain(buffer, start, Ipv4Header.MIN_LENGTH, headerLength, segmentSize);
            buffer.putShort(ip + Ipv4Header.TOTAL_LENGTH, (short) length);
            Ipv4Header.writeChecksum(buffer, ip);
            int partial = InternetChecksum.pseudoHeader(Ipv4Header.source(buffer, ip),
                    Ipv4Header.destination(buffer, ip), Ipv4Header.TCP, length - Ipv4Header.MIN_LENGTH);
            buffer.putShort(tcp + TcpHeader.CHECKSUM, (short) partial);
        }
        segments = 0;
        return VirtioNetHeader.LENGTH + length;
    }
}
