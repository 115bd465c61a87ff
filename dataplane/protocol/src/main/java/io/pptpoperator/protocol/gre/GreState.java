package io.pptpoperator.protocol.gre;

/**
 * The numbers of one session's sending side: the sequence number of the next data packet, and the
 * acknowledgment owed to the peer.
 *
 * <p>
 * An acknowledgment rides on the next data packet; when none leaves within {@link #ACK_DELAY}, it goes alone
 * (RFC 2637 section 4.3). Nothing waits for the acknowledgments of the peer: many clients never send any. They
 * are counted, and give a rough round-trip time.
 */
public final class GreState {
    /** Milliseconds an acknowledgment waits for a data packet to ride on. */
    public static final int ACK_DELAY = 100;

    /**
     * All that another one needs to go on in this one's place.
     *
     * @param nextSequence the number of the next data packet
     * @param ackNumber what is, or was, to be acknowledged
     * @param owesAck whether it is still to be
     * @param acksReceived how many acknowledgments have come
     * @param roundTripEighths eight times the round trip, -1 when it is not known
     */
    public record Snapshot(int nextSequence, int ackNumber, boolean owesAck, long acksReceived, int roundTripEighths) {}

    private static final long NONE = Long.MAX_VALUE;

    private int nextSequence;

    private int ackNumber;
    private long ackDeadline = NONE;

    private long acksReceived;
    private int timedSequence;
    private long timedAt = NONE;
    /** Eight times the smoothed round-trip time, so that small changes are not lost; -1 before the first. */
    private int roundTripEighths = -1;

    /** Nothing has been sent or received. */
    public GreState() {}

    /** Goes on in the place of another one; what it owed is due at once. */
    public GreState(Snapshot before, long now) {
        nextSequence = before.nextSequence();
        ackNumber = before.ackNumber();
        ackDeadline = before.owesAck() ? now : NONE;
        acksReceived = before.acksReceived();
        roundTripEighths = before.roundTripEighths();
    }

    /** What it is now. */
    public Snapshot snapshot() {
        return new Snapshot(nextSequence, ackNumber, owesAck(), acksReceived, roundTripEighths);
    }

    /**
     * Takes the sequence number for a data packet that leaves now. The first one is 0 (RFC 2637 section 4.1).
     *
     * @param now milliseconds
     */
    public int takeSequence(long now) {
        int sequence = nextSequence++;
        if (timedAt == NONE) {
            timedSequence = sequence;
            timedAt = now;
        }
        return sequence;
    }

    /** How many data packets have left, modulo 2<sup>32</sup>. */
    public int nextSequence() {
        return nextSequence;
    }

    /**
     * Notes that a data packet has come and must be acknowledged.
     *
     * @param highest the highest sequence number received so far, {@link ReceiveWindow#highest}
     * @param now milliseconds
     */
    public void oweAck(int highest, long now) {
        ackNumber = highest;
        if (ackDeadline == NONE) {
            ackDeadline = now + ACK_DELAY;
        }
    }

    /** Whether the next packet has to carry an acknowledgment. */
    public boolean owesAck() {
        return ackDeadline != NONE;
    }

    /**
     * Milliseconds at which an acknowledgment must leave alone; {@link Long#MAX_VALUE} when none is owed.
     */
    public long ackDeadline() {
        return ackDeadline;
    }

    /** Takes the acknowledgment number for a packet that leaves now; nothing is owed afterwards. */
    public int takeAck() {
        ackDeadline = NONE;
        return ackNumber;
    }

    /**
     * Notes an acknowledgment of the peer. One for a packet that never left is counted and otherwise ignored.
     *
     * @param ack the sequence number it acknowledges
     * @param now milliseconds
     */
    public void onAck(int ack, long now) {
        acksReceived++;
        if (timedAt != NONE && ack - timedSequence >= 0 && ack - nextSequence < 0) {
            int sample = (int) Math.min(now - timedAt, 60_000);
            roundTripEighths = roundTripEighths < 0 ? sample << 3 : roundTripEighths + sample - (roundTripEighths >> 3);
            timedAt = NONE;
        }
    }

    /** How many acknowledgments the peer has sent. */
    public long acksReceived() {
        return acksReceived;
    }

    /**
     * The smoothed time in milliseconds between a data packet and its acknowledgment, which the peer may have
     * delayed; -1 when it never acknowledged.
     */
    public int roundTrip() {
        return roundTripEighths >> 3;
    }
}
