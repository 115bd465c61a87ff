package io.pptpoperator.protocol.ppp.lcp;

/**
 * When LCP probes a silent peer.
 *
 * @param intervalMillis how long the link must be silent before an Echo-Request, and between two of them; 0 probes
 *     never
 * @param failures how many unanswered requests in a row end the link
 */
public record EchoSettings(long intervalMillis, int failures) {

    /** A probe after 20 s of silence; the link ends after 120 s of it. */
    public static final EchoSettings STANDARD = new EchoSettings(20_000, 5);
    /** No probes. */
    public static final EchoSettings OFF = new EchoSettings(0, 1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when the interval is negative or no failure is allowed
     */
    public EchoSettings {
        if (intervalMillis < 0 || failures < 1) {
            throw new IllegalArgumentException("LCP echo every " + intervalMillis + " ms with " + failures
                    + " failures; the interval must be 0 or more and the failures 1 or more");
        }
    }
}
