package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Receives up to so many packets in one recvmmsg(2), each into its slot of one arena. For one thread; receiving
 * allocates nothing.
 */
public final class ReceiveBatch {

    private final RawGreSocket socket;
    private final int slots;
    private final int slotSize;
    private final NativeBuffer arena;
    private final MessageHeaders headers;
    private long cut;

    /**
     * A batch of {@code slots} packets from {@code socket}.
     *
     * @param slotSize room for one packet with its outer IP header, in bytes; longer ones are lost
     */
    public ReceiveBatch(RawGreSocket socket, int slots, int slotSize) {
        this.socket = socket;
        this.slots = slots;
        this.slotSize = slotSize;
        this.arena = NativeBuffer.ofPackets(Math.multiplyExact(slots, slotSize));
        this.headers = new MessageHeaders(arena, slots, slotSize);
    }

    /**
     * Takes what has arrived, without waiting. Earlier packets of this batch are overwritten.
     *
     * @return how many packets, in slots 0 and up; {@code -EAGAIN} when there is none, or another negative error number
     */
    public int receive() {
        try {
            int count = Libc.recvmmsg(socket.fd(), headers.address(0), slots, Libc.MSG_DONTWAIT, 0);
            return count < 0 ? -Libc.errno() : count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Bytes of the packet in {@code slot}, outer IP header included; 0 when it was too long for a slot. */
    public int length(int slot) {
        if (headers.truncated(slot)) {
            cut++;
            return 0;
        }
        return headers.transferred(slot);
    }

    /** Where the packet in {@code slot} begins in {@link #buffer()}. */
    public int offset(int slot) {
        return slot * slotSize;
    }

    /** The arena, in network order. */
    public ByteBuffer buffer() {
        return arena.buffer();
    }

    /** Address of the arena's first byte. */
    public long address() {
        return arena.address();
    }

    /** How many packets fit one batch. */
    public int slots() {
        return slots;
    }

    /** Packets whose length was asked for and that had not fitted their slot. */
    public long tooLong() {
        return cut;
    }
}
