package io.pptpoperator.protocol.gre;

import java.nio.ByteBuffer;

/**
 * The memory in which the receive windows of one worker keep packets that came too early: equal slots, taken
 * and given back without allocation. It is shared so that ten thousand sessions cost nothing until one of them
 * has a gap, and bounded so that all of them together cannot take more than a fixed amount.
 *
 * <p>
 * Memory comes in chunks when it is first needed and stays. The last slot is a spare: it lets a window accept
 * the packet that makes it give up a gap, and is free again once the window is drained.
 */
public final class ReorderSlab {
    private static final int CHUNK_SHIFT = 6;
    private static final int CHUNK_SLOTS = 1 << CHUNK_SHIFT;
    private static final int NONE = -1;

    private final int slots;
    private final int slotSize;
    private final ByteBuffer[] chunks;
    private final int[] lengths;
    private final int[] sequences;
    private final int[] followers;
    private final long[] arrivals;
    private int firstFree = NONE;
    private int touched;
    private int used;

    /**
     * A slab with nothing allocated for packets yet.
     *
     * @param slots how many packets it holds at most, 2 or more
     * @param slotSize bytes of the longest packet it takes, 1 or more
     * @throws IllegalArgumentException when either is smaller
     */
    public ReorderSlab(int slots, int slotSize) {
        if (slots < 2 || slotSize < 1) {
            throw new IllegalArgumentException("a reorder slab of " + slots + " slots with " + slotSize
                    + " bytes holds nothing; at least 2 slots of 1 byte would be right");
        }
        this.slots = slots;
        this.slotSize = slotSize;
        chunks = new ByteBuffer[(slots + CHUNK_SLOTS - 1) >> CHUNK_SHIFT];
        lengths = new int[slots];
        sequences = new int[slots];
        followers = new int[slots];
        arrivals = new long[slots];
    }

    /** Bytes of the longest packet it takes. */
    public int slotSize() {
        return slotSize;
    }

    /** How many packets it holds now. */
    public int used() {
        return used;
    }

    /** Whether a slot other than the spare is free. */
    boolean hasRoom() {
        return used < slots - 1;
    }

    /** Copies a packet in; returns its slot, or -1 when even the spare is taken. */
    int take(int sequence, ByteBuffer packet, int offset, int length, long now) {
        int slot = firstFree;
        if (slot != NONE) {
            firstFree = followers[slot];
        } else if (touched < slots) {
            slot = touched++;
            if (chunks[slot >> CHUNK_SHIFT] == null) {
                chunks[slot >> CHUNK_SHIFT] = ByteBuffer.allocateDirect(slotSize << CHUNK_SHIFT);
            }
        } else {
            return NONE;
        }
        used++;
        buffer(slot).put(offset(slot), packet, offset, length);
        lengths[slot] = length;
        sequences[slot] = sequence;
        arrivals[slot] = now;
        return slot;
    }

    /** Gives a slot back. Its bytes stay until the slot is taken again. */
    void free(int slot) {
        followers[slot] = firstFree;
        firstFree = slot;
        used--;
    }

    ByteBuffer buffer(int slot) {
        return chunks[slot >> CHUNK_SHIFT];
    }

    int offset(int slot) {
        return (slot & CHUNK_SLOTS - 1) * slotSize;
    }

    int length(int slot) {
        return lengths[slot];
    }

    int sequence(int slot) {
        return sequences[slot];
    }

    long arrival(int slot) {
        return arrivals[slot];
    }

    int follower(int slot) {
        return followers[slot];
    }

    void follow(int slot, int follower) {
        followers[slot] = follower;
    }
}
