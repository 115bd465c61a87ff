package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * Joins consecutive TCP segments on their way to a TUN device with segmentation offload, several flows at a time:
 * one write then costs the kernel hardly more than a single packet did. Packets of one flow stay in order.
 *
 * <pre>{@code
 * int result = trains.offer(packet, offset);
 * while (result >= 0) {
 *     write(trains.buffer(), trains.start(result), trains.finish(result));
 *     result = trains.offer(packet, offset);
 * }
 * if (result == SegmentTrains.ALONE) {
 *     write the packet itself, behind VirtioNetHeader.writeNone
 * }
 * ...
 * for (int train = trains.next(); train >= 0; train = trains.next()) { // when no more packets are at hand
 *     write(trains.buffer(), trains.start(train), trains.finish(train));
 * }
 * }</pre>
 */
public final class SegmentTrains {
    /** The packet joins nothing and is to be written by itself. */
    public static final int ALONE = -1;
    /** The packet has been copied into a train. */
    public static final int TAKEN = -2;

    private static final int STRIDE = SegmentTrain.CAPACITY + 15 & ~15;

    private final ByteBuffer buffer;
    private final SegmentTrain[] trains;
    private int victim;

    /** Bytes of memory for this many trains. */
    public static int bytesFor(int count) {
        return count * STRIDE;
    }

    /**
     * Room for some trains, 64 KB each.
     *
     * @param memory {@link #bytesFor} bytes in network order
     * @param count how many flows are joined at a time, 1 or more
     */
    public SegmentTrains(ByteBuffer memory, int count) {
        buffer = memory;
        trains = new SegmentTrain[count];
        for (int i = 0; i < count; i++) {
            trains[i] = new SegmentTrain(buffer, i * STRIDE);
        }
    }

    /**
     * Takes a packet if it can join others. Only packets whose checksums are right do, since a joined packet gets
     * new ones.
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts
     * @return {@link #ALONE}, {@link #TAKEN}, or the number of a train to finish and write before the packet is
     *         offered again
     */
    public int offer(ByteBuffer packet, int offset) {
        if (Ipv4Header.protocol(packet, offset) != Ipv4Header.TCP || Ipv4Header.isFragment(packet, offset)) {
            return ALONE;
        }
        int ipHeaderLength = Ipv4Header.headerLength(packet, offset);
        int available = Ipv4Header.totalLength(packet, offset) - ipHeaderLength;
        int tcp = offset + ipHeaderLength;
        int tcpLength = TcpHeader.length(packet, tcp, available);
        if (tcpLength < 0) {
            return ALONE;
        }
        long addresses = packet.getLong(offset + 12);
        int ports = packet.getInt(tcp);
        int train = trainOf(addresses, ports);
        boolean joins = ipHeaderLength == Ipv4Header.MIN_LENGTH && available > tcpLength
                && (TcpHeader.flags(packet, tcp) & ~(TcpHeader.PSH | TcpHeader.ECE)) == TcpHeader.ACK
                && checksumsValid(packet, offset, tcp, available);
        if (!joins) {
            return train >= 0 ? train : ALONE;
        }
        int headerLength = ipHeaderLength + tcpLength;
        int payloadLength = available - tcpLength;
        if (train >= 0) {
            return trains[train].append(packet, offset, headerLength, payloadLength) ? TAKEN : train;
        }
        int free = freeTrain();
        if (!trains[free].isEmpty()) {
            return free;
        }
        trains[free].begin(packet, offset, addresses, ports, headerLength, payloadLength);
        return TAKEN;
    }

    private int trainOf(long addresses, int ports) {
        for (int i = 0; i < trains.length; i++) {
            if (trains[i].carries(addresses, ports)) {
                return i;
            }
        }
        return -1;
    }

    /** An empty train, or the one that has to make room, each in turn. */
    private int freeTrain() {
        for (int i = 0; i < trains.length; i++) {
            if (trains[i].isEmpty()) {
                return i;
            }
        }
        victim = victim + 1 < trains.length ? victim + 1 : 0;
        return victim;
    }

    private static boolean checksumsValid(ByteBuffer packet, int offset, int tcp, int length) {
        int pseudo = InternetChecksum.pseudoHeader(Ipv4Header.source(packet, offset),
                Ipv4Header.destination(packet, offset), Ipv4Header.TCP, length);
        return Ipv4Header.checksumValid(packet, offset)
                && InternetChecksum.add(pseudo, InternetChecksum.sum(packet, tcp, length)) == InternetChecksum.VALID;
    }

    /** The number of a train that waits to be written, or -1. */
    public int next() {
        for (int i = 0; i < trains.length; i++) {
            if (!trains[i].isEmpty()) {
                return i;
            }
        }
        return -1;
    }

    /** Holds the trains. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where a train starts in {@link #buffer}, with its virtio header. */
    public int start(int train) {
        return trains[train].start();
    }

    /**
     * Completes a train, whose place is then free: its bytes stay until the next packet is offered.
     *
     * @return the bytes to write, those of the virtio header included
     */
    public int finish(int train) {
        return trains[train].finish();
    }
}
