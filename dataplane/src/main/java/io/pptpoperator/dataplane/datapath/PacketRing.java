package io.pptpoperator.dataplane.datapath;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands packets from one worker to another: a bounded ring with one producer and one consumer, in memory of its own, so
 * that neither waits for the other and nothing is allocated per packet. Packets lie in it one behind the other, each
 * behind its length; none is broken at the end of the memory.
 */
final class PacketRing {
    private static final int CAPACITY = 1 << 20;
    private static final int LENGTH_FIELD = 8;
    private static final int ALIGNMENT = 8;
    /** In the place of a length: the rest of the memory is empty, go on at its start. */
    private static final int WRAP = -1;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(CAPACITY);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /** Copies a packet in; false when there is no room. For the producer. */
    boolean offer(ByteBuffer packet, int offset, int length) {
        int record = (LENGTH_FIELD + length + ALIGNMENT - 1) & -ALIGNMENT;
        long end = written.getPlain();
        int toWrap = CAPACITY - place(end);
        long start = record <= toWrap ? end : end + toWrap;
        if (start + record - read.getAcquire() > CAPACITY) {
            return false;
        }
        if (start != end) {
            memory.putInt(place(end), WRAP);
        }
        memory.putInt(place(start), length);
        memory.put(place(start) + LENGTH_FIELD, packet, offset, length);
        written.setRelease(start + record);
        return true;
    }

    /** Whether no packet waits. For the consumer. */
    boolean isEmpty() {
        long start = read.getPlain();
        if (start == written.getAcquire()) {
            return true;
        }
        if (memory.getInt(place(start)) == WRAP) {
            read.setRelease(start + CAPACITY - place(start));
        }
        return false;
    }

    /** Where in {@link #memory()} the oldest packet starts. For the consumer, after it has asked {@link #isEmpty}. */
    int packetOffset() {
        return place(read.getPlain()) + LENGTH_FIELD;
    }

    /** The oldest packet's length in bytes. */
    int packetLength() {
        return memory.getInt(place(read.getPlain()));
    }

    /** Frees the oldest packet's place. For the consumer. */
    void release() {
        long start = read.getPlain();
        int record = (LENGTH_FIELD + packetLength() + ALIGNMENT - 1) & -ALIGNMENT;
        read.setRelease(start + record);
    }

    /** Holds the packets, in network order. */
    ByteBuffer memory() {
        return memory;
    }

    private static int place(long position) {
        return (int) (position & CAPACITY - 1);
    }
}
