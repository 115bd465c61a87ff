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
     * All that another one needs to go on in this one's place, but for packets that are held: they count as lost.
     *
     * @param started whether any packet was received
     * @param expected the number after the last delivered one
     * @param highest the highest number received
     * @param delivered bit i tells whether number expected - 1 - i was delivered
     */
    public record Snapshot(boolean started, int expected, int highest, long delivered) {}

    /**
     * How many packets may be lost one after the other until the next one is believed at once. Anybody can forge a
     * packet with a guessed number; moving the window far ahead for its sake would make all others late.
     */
    static final int MOST_LOST = 1_024;
    /** More would make the search for an early packet's place slow, and reorders of that size do not happen. */
    private static final int MAX_SIZE = 1024;

    private static final int HISTORY = Long.SIZE;

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

    private final HeldPackets held;
    private long deadline = Long.MAX_VALUE;
    private final Renumbering renumbering = new Renumbering();

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
        this.held = new HeldPackets(slab);
        this.size = size;
        this.maxDelay = maxDelay;
    }

    /** Goes on where another one was. */
    public void goOn(Snapshot before) {
        started = before.started();
        expected = before.expected();
        floor = before.expected();
        highest = before.highest();
        delivered = before.delivered();
    }

    /** What it is now. */
    public Snapshot snapshot() {
        return new Snapshot(started, expected, highest, delivered);
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
            return farAhead(sequence);
        }
        if (ahead > highest - expected) {
            highest = sequence;
        }
        if (held.isEmpty() && (sequence - floor <= 0 || sequence - floor > size)) {
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
        if (expected - floor > 0) {
            floor = expected;
        }
    }

    private Verdict behind(int sequence, int ahead) {
        if (ahead >= -HISTORY && (delivered >>> -1 - ahead & 1) != 0) {
            duplicates++;
            return Verdict.DUPLICATE;
        }
        if (renumbering.isCompletedBy(sequence, expected)) {
            return leave(sequence);
        }
        late++;
        return Verdict.LATE;
    }

    private Verdict farAhead(int sequence) {
        if (renumbering.isCompletedBy(sequence, expected)) {
            return leave(sequence);
        }
        farAhead++;
        return Verdict.FAR_AHEAD;
    }

    /** Goes to where a run has led. */
    private Verdict leave(int sequence) {
        renumbering.leave(expected, sequence);
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
        renumbering.forget();
    }

    /** Puts a packet that is not the next one into its place among the held ones. */
    private Verdict early(int sequence, ByteBuffer packet, int offset, int length, long now) {
        int before = held.placeOf(sequence);
        if (before == HeldPackets.TAKEN) {
            duplicates++;
            return Verdict.DUPLICATE;
        }
        boolean room = slab.hasRoom();
        boolean needNotWait = held.isEmpty()
                ? !room || length > slab.slotSize()
                : before == HeldPackets.FRONT && sequence - floor <= 0;
        if (needNotWait) {
            deliver(sequence);
            return Verdict.DELIVER;
        }
        if (!held.insert(before, sequence, packet, offset, length, now)) {
            oversize++;
            return Verdict.OVERSIZE;
        }
        reordered++;
        deadline = Math.min(deadline, now + maxDelay);
        slide(sequence, room);
        return Verdict.HELD;
    }

    /** Gives up gaps that have become too old because of the packet just held. */
    private void slide(int sequence, boolean room) {
        if (sequence - floor > size) {
            floor = sequence - size;
        }
        int first = held.firstSequence();
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
        if (held.isEmpty()) {
            return false;
        }
        int sequence = held.firstSequence();
        if (sequence - floor > 0) {
            deadline = held.oldestArrival() + maxDelay;
            return false;
        }
        held.removeFirst();
        if (held.isEmpty()) {
            deadline = Long.MAX_VALUE;
        }
        deliver(sequence);
        return true;
    }

    /** Holds the packet {@link #nextHeld} went to. */
    public ByteBuffer heldBuffer() {
        return held.buffer();
    }

    /** Where in {@link #heldBuffer} it starts. */
    public int heldOffset() {
        return held.offset();
    }

    /** Its length in bytes. */
    public int heldLength() {
        return held.length();
    }

    /** Its sequence number. */
    public int heldSequence() {
        return held.sequence();
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
        if (now >= deadline) {
            floor = held.greatestArrivedBy(now - maxDelay, floor);
        }
    }

    /** Forgets the held packets and gives their memory back; to be called when the session ends. */
    public void close() {
        held.clear();
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
