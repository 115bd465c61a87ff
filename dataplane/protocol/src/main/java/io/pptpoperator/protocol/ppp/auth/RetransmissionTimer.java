package io.pptpoperator.protocol.ppp.auth;

/**
 * Says when a packet that got no answer is sent again. The first time is soon, because the peer's end of the tunnel may
 * just not have been ready; the following times are three seconds apart (RFC 1661 section 4.6), or as long as an answer
 * takes on a path that is longer than that.
 */
final class RetransmissionTimer {
    static final long FIRST_MILLIS = 1_000;
    static final long NEXT_MILLIS = 3_000;
    static final int MAX_TRANSMISSIONS = 10;

    private long deadline = Long.MAX_VALUE;
    private int transmissions;
    private long answerMillis;

    /** Waits {@code millis} for an answer at the least, from the next packet on. */
    void pace(long millis) {
        answerMillis = millis;
    }

    /** A new packet was sent. */
    void start(long now) {
        transmissions = 1;
        deadline = now + Math.max(FIRST_MILLIS, answerMillis);
    }

    /** A new packet was sent which a slow peer would answer twice, should it be repeated too soon. */
    void startPatiently(long now) {
        transmissions = 1;
        deadline = now + Math.max(NEXT_MILLIS, answerMillis);
    }

    /** Nothing is sent, but something should come within {@code millis}. */
    void await(long now, long millis) {
        transmissions = MAX_TRANSMISSIONS;
        deadline = now + millis;
    }

    void stop() {
        deadline = Long.MAX_VALUE;
    }

    long deadline() {
        return deadline;
    }

    boolean isDue(long now) {
        return now >= deadline;
    }

    /** Whether a due packet may be sent once more, which this counts. */
    boolean mayRetransmit(long now) {
        if (transmissions >= MAX_TRANSMISSIONS) {
            return false;
        }
        transmissions++;
        deadline = now + Math.max(NEXT_MILLIS, answerMillis);
        return true;
    }
}
