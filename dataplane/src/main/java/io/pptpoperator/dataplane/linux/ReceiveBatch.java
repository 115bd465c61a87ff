package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Receives up to so many packets in one recvmmsg(2), each into its slot of one arena. For one thread; receiving
 * allocates nothing.
 */
public final class ReceiveBatch {

    private final RawGreSocket socket;
    private final int messages;
    private final int slots;
    private final int slotSize;
    /** By message: where its packet goes. */
    private final int[] slotOf;
    private final NativeBuffer arena;
    private final MessageHeaders headers;

    /**
     * A batch of {@code slots} packets from {@code socket}.
     *
     * @param slotSize room for one packet with its outer IP header, in bytes; longer ones are lost
     */
    public ReceiveBatch(RawGreSocket socket, int slots, int slotSize) {
        this(socket, slots, slots, slotSize);
        for (int i = 0; i < slots; i++) {
            place(i, i);
        }
    }

    /**
     * Receives up to {@code messages} packets at a time into some of {@code slots} slots, which {@link #place} chooses.
     *
     * @param slotSize room for one packet with its outer IP header, in bytes; longer ones are lost
     */
    public ReceiveBatch(RawGreSocket socket, int messages, int slots, int slotSize) {
        this.socket = socket;
        this.messages = messages;
        this.slots = slots;
        this.slotOf = new int[messages];
        this.slotSize = slotSize;
        this.arena = NativeBuffer.ofPackets(Math.multiplyExact(slots, slotSize));
        this.headers = new MessageHeaders(arena, messages, slotSize);
    }

    /** Chooses the slot that the packet with this place in the batch goes to. */
    public void place(int message, int slot) {
        slotOf[message] = slot;
        headers.payload(message, arena.address() + (long) slot * slotSize, slotSize);
    }

    /** The slot chosen last for a place in the batch. */
    public int slot(int message) {
        return slotOf[message];
    }

    /**
     * Takes what has arrived, without waiting. Earlier packets in the batch's slots are overwritten.
     *
     * @return how many packets; {@code -EAGAIN} when there is none, or another negative error number
     */
    public int receive() {
        return receive(messages);
    }

    /** Like {@link #receive()}, for at most {@code most} packets. */
    public int receive(int most) {
        try {
            int count = Libc.recvmmsg(socket.fd(), headers.address(0), most, Libc.MSG_DONTWAIT, 0);
            return count < 0 ? -Libc.errno() : count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Bytes of a packet of the batch, outer IP header included; 0 when it was too long for a slot. */
    public int length(int message) {
        if (headers.truncated(message)) {
            return 0;
        }
        return headers.transferred(message);
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

    /** How many slots there are. */
    public int slots() {
        return slots;
    }
}
