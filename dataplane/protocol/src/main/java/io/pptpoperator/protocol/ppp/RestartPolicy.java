package io.pptpoperator.protocol.ppp;

/**
 * The automaton's timer and counters (RFC 1661 section 4.6).
 *
 * @param firstMillis how long to wait before the first retransmission. The RFC knows only one period, but over PPTP the
 *     first request often gets lost because the peer has not set up its end of the tunnel yet; this period doubles with
 *     every retransmission until it reaches {@code restartMillis}
 * @param restartMillis the Restart timer's period
 * @param answerMillis how long a request waits for its answer when the peer's own request has been acknowledged: the
 *     peer may have opened by then, and a copy that reaches it there takes it down again (section 4.1). Follows the
 *     path
 * @param maxConfigure how often a Configure-Request is sent before the peer counts as unreachable
 * @param maxTerminate how often a Terminate-Request is sent
 * @param maxFailure how many Configure-Naks are exchanged without an Ack, in either direction, before negotiation
 *     counts as not converging and options are rejected instead
 */
public record RestartPolicy(long firstMillis, long restartMillis, long answerMillis, int maxConfigure, int maxTerminate,
        int maxFailure) {

    /** A path's round trip beyond this is not believed: it would rather be a peer that was busy, in milliseconds. */
    private static final long LONGEST_ROUND_TRIP = 5_000;

    /** The RFC's values and a first retransmission after half a second: unanswered, it gives up after 24.5 s. */
    public static final RestartPolicy STANDARD = new RestartPolicy(500, 3000, 500, 10, 2, 5);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value is not positive or the first period is the longer one
     */
    public RestartPolicy {
        if (firstMillis <= 0 || restartMillis < firstMillis || answerMillis < firstMillis || maxConfigure <= 0
                || maxTerminate <= 0 || maxFailure <= 0) {
            throw new IllegalArgumentException("restart policy with first period " + firstMillis + " ms, period "
                    + restartMillis + " ms, " + answerMillis + " ms for an answer, Max-Configure " + maxConfigure
                    + ", Max-Terminate " + maxTerminate + ", Max-Failure " + maxFailure
                    + "; all must be positive and the first period not the longer one");
        }
    }

    /**
     * The same for a path on which an answer takes longer (section 4.6 leaves the period to what the path needs).
     *
     * @param roundTripMillis measured, or 0 when nothing is known
     */
    public RestartPolicy onPath(long roundTripMillis) {
        return patient(firstMillis + 2 * Math.min(roundTripMillis, LONGEST_ROUND_TRIP));
    }

    /** The same, but waiting {@code millis} for an answer at the least. */
    public RestartPolicy patient(long millis) {
        return new RestartPolicy(firstMillis, restartMillis, Math.max(answerMillis, millis), maxConfigure, maxTerminate,
                maxFailure);
    }
}
