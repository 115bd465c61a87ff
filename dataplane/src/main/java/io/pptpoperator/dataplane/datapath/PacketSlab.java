package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One worker's memory for packets that wait to leave by the clock: numbered slots, of which there are only so many. It
 * grows with what waits, and is nothing as long as nothing does. For one thread; allocates only when it grows.
 */
final class PacketSlab {
    /** Stands for no slot. */
    static final int NONE = -1;
    /** The longest packet, with room before it for {@link TunOutput#HEADROOM}. */
    static final int LONGEST = 2_032;

    private static final int SLOT_SIZE = 2_048;
    private static final int OFFSET = SLOT_SIZE - LONGEST;
    private static final int CHUNK = 512;
    private static final int MOST_CHUNKS = 16;

    private final NativeBuffer[] chunks = new NativeBuffer[MOST_CHUNKS];
    private final int mostChunks;
    private int grown;
    private int[] freeSlots = {};
    private int free;
    private int[] next = {};
    private int[] length = {};
    private long[] since = {};

    /** Room for 8,192 packets, 16 MB. */
    PacketSlab() {
        this(MOST_CHUNKS);
    }

    /** Room for so many times 512 packets. */
    PacketSlab(int mostChunks) {
        this.mostChunks = mostChunks;
    }

    /** How many more packets there is room for. */
    int free() {
        return free + (mostChunks - grown) * CHUNK;
    }

    /** Bytes that it takes up. */
    long bytes() {
        return (long) grown * CHUNK * SLOT_SIZE;
    }

    /**
     * Copies a packet in, of {@link #LONGEST} bytes at most.
     *
     * @param now nanoseconds
     * @return its slot, the one used last if possible since the processor's caches still hold it; or {@link #NONE}
     */
    int put(ByteBuffer packet, int offset, int bytes, long now) {
        if (free == 0 && !grow()) {
            return NONE;
        }
        int slot = freeSlots[--free];
        buffer(slot).put(offset(slot), packet, offset, bytes);
        length[slot] = bytes;
        since[slot] = now;
        return slot;
    }

    private boolean grow() {
        if (grown == mostChunks) {
            return false;
        }
        int first = grown * CHUNK;
        chunks[grown++] = NativeBuffer.ofPackets(CHUNK * SLOT_SIZE);
        int slots = first + CHUNK;
        freeSlots = Arrays.copyOf(freeSlots, slots);
        next = Arrays.copyOf(next, slots);
        length = Arrays.copyOf(length, slots);
        since = Arrays.copyOf(since, slots);
        for (int slot = slots - 1; slot >= first; slot--) {
            freeSlots[free++] = slot;
        }
        return true;
    }

    void giveBack(int slot) {
        freeSlots[free++] = slot;
    }

    /** The memory that holds a slot's packet, from {@link #offset} on. */
    ByteBuffer buffer(int slot) {
        return chunks[slot / CHUNK].buffer();
    }

    /** Where in memory {@link #buffer} starts. */
    long address(int slot) {
        return chunks[slot / CHUNK].address();
    }

    int offset(int slot) {
        return slot % CHUNK * SLOT_SIZE + OFFSET;
    }

    /** The packet's bytes. */
    int length(int slot) {
        return length[slot];
    }

    /** Since when the packet has been waiting, in nanoseconds. */
    long since(int slot) {
        return since[slot];
    }

    /** The slot that {@link #link} put behind this one. */
    int next(int slot) {
        return next[slot];
    }

    void link(int slot, int behind) {
        next[slot] = behind;
    }
}
