package io.pptpoperator.protocol.gre;

import java.nio.ByteBuffer;

/** The packets that one window holds back, in the order of their numbers: a list through slots of its worker's slab. */
final class HeldPackets {
    /** Stands for no packet: the place before the first one. */
    static final int FRONT = -1;
    /** In place of a place: the number is held already. */
    static final int TAKEN = -2;

    private final ReorderSlab slab;
    private int head = FRONT;
    private int tail = FRONT;
    private int current = FRONT;

    HeldPackets(ReorderSlab slab) {
        this.slab = slab;
    }

    boolean isEmpty() {
        return head == FRONT;
    }

    /** The least number held. */
    int firstSequence() {
        return slab.sequence(head);
    }

    /** The packet behind which this number's place is, {@link #FRONT} or {@link #TAKEN}. */
    int placeOf(int sequence) {
        if (head == FRONT) {
            return FRONT;
        }
        if (sequence - slab.sequence(tail) > 0) {
            return tail;
        }
        int before = FRONT;
        for (int slot = head; slab.sequence(slot) - sequence < 0; slot = slab.follower(slot)) {
            before = slot;
        }
        int after = before == FRONT ? head : slab.follower(before);
        return slab.sequence(after) == sequence ? TAKEN : before;
    }

    /** Copies a packet into its place; false when no slot can take it. */
    boolean insert(int before, int sequence, ByteBuffer packet, int offset, int length, long now) {
        int slot = length <= slab.slotSize() ? slab.take(sequence, packet, offset, length, now) : FRONT;
        if (slot == FRONT) {
            return false;
        }
        if (before == FRONT) {
            slab.follow(slot, head);
            head = slot;
        } else {
            slab.follow(slot, slab.follower(before));
            slab.follow(before, slot);
        }
        if (before == tail) {
            tail = slot;
        }
        return true;
    }

    /** Takes the first packet out. Its bytes stay as they are until the next packet is offered to any window. */
    void removeFirst() {
        current = head;
        head = current == tail ? FRONT : slab.follower(current);
        if (head == FRONT) {
            tail = FRONT;
        }
        slab.free(current);
    }

    /** When the packet that waits longest came. */
    long oldestArrival() {
        long oldest = Long.MAX_VALUE;
        for (int slot = head;; slot = slab.follower(slot)) {
            oldest = Math.min(oldest, slab.arrival(slot));
            if (slot == tail) {
                return oldest;
            }
        }
    }

    /** The greatest number behind {@code floor} of a packet that came by this time; {@code floor} if there is none. */
    int greatestArrivedBy(long time, int floor) {
        int greatest = floor;
        for (int slot = head;; slot = slab.follower(slot)) {
            if (slab.arrival(slot) <= time && slab.sequence(slot) - greatest > 0) {
                greatest = slab.sequence(slot);
            }
            if (slot == tail) {
                return greatest;
            }
        }
    }

    /** Forgets all. */
    void clear() {
        while (head != FRONT) {
            removeFirst();
        }
    }

    // The packet taken out last.

    ByteBuffer buffer() {
        return slab.buffer(current);
    }

    int offset() {
        return slab.offset(current);
    }

    int length() {
        return slab.length(current);
    }

    int sequence() {
        return slab.sequence(current);
    }
}
