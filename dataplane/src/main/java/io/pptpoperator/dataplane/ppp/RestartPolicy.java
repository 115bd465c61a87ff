package io.pptpoperator.dataplane.ppp;

/**
 * The automaton's timer and counters (RFC 1661 section 4.6).
 *
 * @param firstMillis how long to wait before the first retransmission. The RFC knows only one period, but over PPTP the
 *     first request often gets lost because the peer has not set up its end of the tunnel yet; this period doubles with
 *     every retransmission until it reaches {@code restartMillis}
 * @param restartMillis the Restart timer's period
 * @param maxConfigure how often a Configure-Request is sent before the peer counts as unreachable
 * @param maxTerminate how often a Terminate-Request is sent
 * @param maxFailure how many Configure-Naks are exchanged without an Ack, in either direction, before negotiation counts
 *     as not converging and options are rejected instead
 */
public record RestartPolicy(long firstMillis, long restartMillis, int maxConfigure, int maxTerminate,
        int maxFailure) {

    /** The RFC's values and a first retransmission after half a second: unanswered, it gives up after 24.5 s. */
    public static final RestartPolicy STANDARD = new RestartPolicy(500, 3000, 10, 2, 5);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a value is not positive or the first period is the longer one
     */
    public RestartPolicy {
        if (firstMillis <= 0 || restartMillis < firstMillis || maxConfigure <= 0 || maxTerminate <= 0
                || maxFailure <= 0) {
            throw new IllegalArgumentException("restart policy with first period " + firstMillis
                    + " ms, period "
                    + restartMillis + " ms, Max-Configure " + maxConfigure + ", Max-Terminate " + maxTerminate
                    + ", Max-Failure " + maxFailure
                    + "; all must be positive and the first period not the longer one");
        }
    }
}
