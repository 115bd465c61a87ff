package io.pptpoperator.protocol.gre;

import java.nio.ByteBuffer;

/**
 * The receiving side of one session's sequence numbers: which packets reach PPP, and in which order (RFC 2637
 * section 4.3).
 *
 * <p>
 * The first packet, whatever its number, sets the baseline; numbers wrap after 2<sup>32</sup>. Packets reach PPP
 * in ascending order, each at most once. One that comes early is held until the missing ones arrive, until a
 * packet more than the window's size ahead of them arrives, or until it has waited long enough. With a size of 0
 * nothing is held, and a gap is skipped at once. A gap that is wider than a loss is not believed of one packet.
 *
 * <p>
 * A worker calls {@link #offer} for every data packet, handles the packet when the verdict is
 * {@link Verdict#DELIVER}, and then, whatever the verdict, takes what has become deliverable:
 *
 * <pre>{@code
 * if (window.offer(sequence, packet, offset, length, now) == Verdict.DELIVER) {
 *     handle(packet, offset, length, window.lostBefore());
 * }
 * while (window.nextHeld()) {
 *     handle(window.heldBuffer(), window.heldOffset(), window.heldLength(), window.lostBefore());
 * }
 * }</pre>
 *
 * It does the same {@code while} after {@link #expire}.
 */
public final class ReceiveWindow {
    /** What becomes of an offered packet. */
    public enum Verdict {
        /** It is to be handled now, before the held ones. */
        DELIVER,
        /** It has been copied and will come out of {@link ReceiveWindow#nextHeld}. */
        HELD,
        /** It has been received before; drop it. */
        DUPLICATE,
        /**
         * A later one has been delivered already; drop it, unless it is an LCP Echo-Request or Echo-Reply, for
         * which order means nothing.
         */
        LATE,
        /** It is further ahead than a loss explains; drop it. */
        FAR_AHEAD,
        /** It came early and does not fit into a slot of the slab; drop it. */
        OVERSIZE
    }

    /**
     * How many packets may be lost one after the other until the next one is believed at once. Anybody can forge a
     * packet with a guessed number; moving the window far ahead for its sake would make all others late.
     */
    private static final int MOST_LOST = 1_024;
    /**
     * A peer that starts counting anew sends numbers that are late or far ahead, and so does one after a long loss. So
     * many consecutive numbers, with none that is in its place among them, are the new baseline. Whoever forges them
     * has to guess as many times more, and RETURN_RUN soon undoes it.
     */
    private static final int RUN = 32;
    /**
     * The same for what is late by no more than a loss: all packets are after a forged one that was believed at once.
     */
    private static final int NEAR_RUN = 8;
    /** The same for going on where the window was before a run led it away: that number nobody guesses. */
    private static final int RETURN_RUN = 2;

    /** More would make the search for an early packet's place slow, and reorders of that size do not happen. */
    private static final int MAX_SIZE = 1024;

    private static final int HISTORY = Long.SIZE;
    private static final int NONE = -1;

    private final ReorderSlab slab;
    private final int size;
    private final int maxDelay;

    private boolean started;
    /** The number after the last delivered one. */
    private int expected;
    /** What has a number up to this one, itself included, need not wait; never before {@link #expected}. */
    private int floor;
    private int highest;
    /** Bit i tells whether number expected - 1 - i was delivered. */
    private long delivered;

    private int head = NONE;
    private int tail = NONE;
    private int current = NONE;
    private long deadline = Long.MAX_VALUE;

    private int afterRun;
    private int run;
    /** What was expected before a run led the window far away. */
    private int abandoned;
    private boolean hasAbandoned;

    private int lostBefore;
    private long lost;
    private long reordered;
    private long duplicates;
    private long late;
    private long oversize;
    private long farAhead;
    private long restarts;

    /**
     * A window that has received nothing.
     *
     * @param slab where early packets are kept; shared with the worker's other windows
     * @param size how many packets ahead of a missing one may come before it is given up; 0 holds nothing
     * @param maxDelay milliseconds a packet is held at most
     * @throws IllegalArgumentException when a number is negative or {@code size} above 1024
     */
    public ReceiveWindow(ReorderSlab slab, int size, int maxDelay) {
        if (size < 0 || size > MAX_SIZE || maxDelay < 0) {
            throw new IllegalArgumentException("a receive window of " + size + " packets and " + maxDelay
                    + " ms is not possible; 0 to " + MAX_SIZE + " packets and 0 ms or more would be right");
        }
        this.slab = slab;
        this.size = size;
        this.maxDelay = maxDelay;
    }

    /**
     * Takes a data packet. Nothing keeps a reference to it; when it is held, its bytes are copied.
     *
     * @param sequence its sequence number, unsigned
     * @param packet holds it
     * @param offset where the part starts that is to be delivered
     * @param length bytes of that part
     * @param now milliseconds
     */
    public Verdict offer(int sequence, ByteBuffer packet, int offset, int length, long now) {
        if (!started) {
            startAt(sequence);
        }
        int ahead = sequence - expected;
        if (ahead < 0) {
            return behind(sequence, ahead);
        }
        if (ahead > MOST_LOST) {
            return farAhead(sequence, ahead);
        }
        if (ahead > highest - expected) {
            highest = sequence;
        }
        if (head == NONE && (sequence - floor <= 0 || sequence - floor > size)) {
            deliver(sequence);
            return Verdict.DELIVER;
        }
        return early(sequence, packet, offset, length, now);
    }

    private void startAt(int sequence) {
        started = true;
        expected = sequence;
        floor = sequence;
        highest = sequence;
        delivered = 0;
    }

    private void deliver(int sequence) {
        lostBefore = sequence - expected;
        lost += lostBefore;
        delivered = lostBefore < HISTORY - 1 ? delivered << lostBefore + 1 | 1 : 1;
        expected = sequence + 1;
        run = 0;
        if (expected - floor > 0) {
            floor = expected;
        }
    }

    private Verdict behind(int sequence, int ahead) {
        if (ahead >= -HISTORY && (delivered >>> -1 - ahead & 1) != 0) {
            duplicates++;
            return Verdict.DUPLICATE;
        }
        int needed = ahead < -MOST_LOST ? RUN : NEAR_RUN;
        if (completesRun(sequence, needed)) {
            return leave(sequence, ahead);
        }
        late++;
        return Verdict.LATE;
    }

    private Verdict farAhead(int sequence, int ahead) {
        if (completesRun(sequence, RUN)) {
            return leave(sequence, ahead);
        }
        farAhead++;
        return Verdict.FAR_AHEAD;
    }

    private boolean completesRun(int sequence, int needed) {
        boolean returning = hasAbandoned && sequence - abandoned >= 0 && sequence - abandoned <= MOST_LOST;
        run = sequence == afterRun ? run + 1 : 1;
        afterRun = sequence + 1;
        return run >= (returning ? RETURN_RUN : needed);
    }

    /** Goes to where a run has led. */
    private Verdict leave(int sequence, int ahead) {
        hasAbandoned = Math.abs((long) ahead) > MOST_LOST;
        abandoned = expected;
        close();
        startAt(sequence);
        restarts++;
        deliver(sequence);
        return Verdict.DELIVER;
    }

    /** The peer is known to count anew: whatever number comes next is the first. */
    public void restart() {
        close();
        started = false;
        hasAbandoned = false;
    }

    /** Puts a packet that is not the next one into its place among the held ones. */
    private Verdict early(int sequence, ByteBuffer packet, int offset, int length, long now) {
        int before = NONE;
        if (head != NONE) {
            if (sequence - slab.sequence(tail) > 0) {
                before = tail;
            } else {
                for (int slot = head; slab.sequence(slot) - sequence < 0; slot = slab.follower(slot)) {
                    before = slot;
                }
                int after = before == NONE ? head : slab.follower(before);
                if (slab.sequence(after) == sequence) {
                    duplicates++;
                    return Verdict.DUPLICATE;
                }
            }
            if (before == NONE && sequence - floor <= 0) {
                deliver(sequence);
                return Verdict.DELIVER;
            }
        }
        boolean room = slab.hasRoom();
        if (head == NONE && (!room || length > slab.slotSize())) {
            deliver(sequence);
            return Verdict.DELIVER;
        }
        int slot = length <= slab.slotSize() ? slab.take(sequence, packet, offset, length, now) : NONE;
        if (slot == NONE) {
            oversize++;
            return Verdict.OVERSIZE;
        }
        link(slot, before);
        reordered++;
        deadline = Math.min(deadline, now + maxDelay);
        slide(sequence, room);
        return Verdict.HELD;
    }

    private void link(int slot, int before) {
        if (before == NONE) {
            slab.follow(slot, head);
            head = slot;
        } else {
            slab.follow(slot, slab.follower(before));
            slab.follow(before, slot);
        }
        if (before == tail) {
            tail = slot;
        }
    }

    /** Gives up gaps that have become too old because of the packet just held. */
    private void slide(int sequence, boolean room) {
        if (sequence - floor > size) {
            floor = sequence - size;
        }
        int first = slab.sequence(head);
        if (!room && first - floor > 0) {
            floor = first;
        }
    }

    /**
     * Goes on to the next held packet that is to be delivered now. Its bytes, which the other {@code held}
     * methods tell of, stay as they are until the next packet is offered to any window of the slab.
     *
     * @return whether there is one
     */
    public boolean nextHeld() {
        if (head == NONE) {
            return false;
        }
        int slot = head;
        int sequence = slab.sequence(slot);
        if (sequence - floor > 0) {
            deadline = oldestArrival() + maxDelay;
            return false;
        }
        head = slab.follower(slot);
        current = slot;
        slab.free(slot);
        if (slot == tail) {
            head = NONE;
            tail = NONE;
            deadline = Long.MAX_VALUE;
        }
        deliver(sequence);
        return true;
    }

    private long oldestArrival() {
        long oldest = Long.MAX_VALUE;
        for (int slot = head;; slot = slab.follower(slot)) {
            oldest = Math.min(oldest, slab.arrival(slot));
            if (slot == tail) {
                return oldest;
            }
        }
    }

    /** Holds the packet {@link #nextHeld} went to. */
    public ByteBuffer heldBuffer() {
        return slab.buffer(current);
    }

    /** Where in {@link #heldBuffer} it starts. */
    public int heldOffset() {
        return slab.offset(current);
    }

    /** Its length in bytes. */
    public int heldLength() {
        return slab.length(current);
    }

    /** Its sequence number. */
    public int heldSequence() {
        return slab.sequence(current);
    }

    /**
     * How many numbers were skipped just before the packet delivered last, by {@link #offer} or by
     * {@link #nextHeld}. Unencrypted control packets count too, so it is an upper bound of what MPPE missed.
     */
    public int lostBefore() {
        return lostBefore;
    }

    /**
     * Milliseconds at which {@link #expire} has something to do; {@link Long#MAX_VALUE} when nothing is held.
     */
    public long deadline() {
        return deadline;
    }

    /**
     * Gives up the gaps before packets that have waited long enough; {@link #nextHeld} then delivers them.
     *
     * @param now milliseconds
     */
    public void expire(long now) {
        if (now < deadline) {
            return;
        }
        for (int slot = head;; slot = slab.follower(slot)) {
            if (now - slab.arrival(slot) >= maxDelay && slab.sequence(slot) - floor > 0) {
                floor = slab.sequence(slot);
            }
            if (slot == tail) {
                return;
            }
        }
    }

    /** Forgets the held packets and gives their memory back; to be called when the session ends. */
    public void close() {
        while (head != NONE) {
            int slot = head;
            head = slot == tail ? NONE : slab.follower(slot);
            slab.free(slot);
        }
        tail = NONE;
        deadline = Long.MAX_VALUE;
    }

    /** The highest sequence number received so far, across gaps: the one to acknowledge. */
    public int highest() {
        return highest;
    }

    /** How many numbers were skipped. */
    public long lost() {
        return lost;
    }

    /** How many packets came early and were held. */
    public long reordered() {
        return reordered;
    }

    /** How many packets were dropped because they had been received before. */
    public long duplicates() {
        return duplicates;
    }

    /** How many packets came after a later one had been delivered. */
    public long late() {
        return late;
    }

    /** How many early packets were dropped because no slot could take them. */
    public long oversize() {
        return oversize;
    }

    /** How many packets were dropped because they were further ahead than a loss explains. */
    public long farAhead() {
        return farAhead;
    }

    /** How often the peer started to count anew. */
    public long restarts() {
        return restarts;
    }
}
