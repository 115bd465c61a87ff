package io.pptpoperator.dataplane.datapath;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands packets from one worker to another: a bounded ring with one producer and one consumer, in memory of its own, so
 * that neither waits for the other and nothing is allocated per packet.
 */
final class PacketRing {
    private static final int SLOTS = 256;
    private static final int SLOT_SIZE = 2048;
    private static final int LENGTH_FIELD = 4;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(SLOTS * SLOT_SIZE);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /** Copies a packet in; false when the ring is full or the packet larger than a slot. For the producer. */
    boolean offer(ByteBuffer packet, int offset, int length) {
        long next = written.getPlain();
        if (next - read.getAcquire() == SLOTS || length > SLOT_SIZE - LENGTH_FIELD) {
            return false;
        }
        int slot = slotOf(next);
        memory.putInt(slot, length);
        memory.put(slot + LENGTH_FIELD, packet, offset, length);
        written.setRelease(next + 1);
        return true;
    }

    /** Whether a packet waits. For the consumer. */
    boolean isEmpty() {
        return read.getPlain() == written.getAcquire();
    }

    /** Where in {@link #memory()} the oldest packet starts. For the consumer, while the ring is not empty. */
    int packetOffset() {
        return slotOf(read.getPlain()) + LENGTH_FIELD;
    }

    /** The oldest packet's length in bytes. */
    int packetLength() {
        return memory.getInt(slotOf(read.getPlain()));
    }

    /** Frees the oldest packet's slot. For the consumer. */
    void release() {
        read.setRelease(read.getPlain() + 1);
    }

    /** Holds the packets, in network order. */
    ByteBuffer memory() {
        return memory;
    }

    private static int slotOf(long position) {
        return (int) (position & SLOTS - 1) * SLOT_SIZE;
    }
}
