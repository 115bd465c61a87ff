package io.pptpoperator.benchmarks.soak;

/**
 * How many of each kind there are, and how fast things happen to them.
 *
 * @param staying clients that log in once, and stay
 * @param churning clients that come and go, a tenth of them without a word, on a bad network
 * @param mortal clients whose process is killed again and again
 * @param guessing clients that do not know their password
 * @param echoSeconds between two LCP echoes, three of which without an answer end a session
 * @param changeSeconds between two configurations
 * @param flushSeconds between two losses of all firewall rules
 * @param killSeconds between two ends of the mortal
 * @param readSeconds between two readings, at least
 */
public record Scale(int staying, int churning, int mortal, int guessing, int echoSeconds, int changeSeconds,
        int flushSeconds, int killSeconds, int readSeconds) {

    /** Thousands of clients: what a busy server has. */
    public static final Scale FULL = new Scale(500, 1_500, 300, 50, 5, 5, 30, 60, 5);
    /** A few, to see in seconds whether the soak itself works. */
    public static final Scale SMALL = new Scale(5, 10, 5, 2, 1, 1, 2, 3, 1);

    /** Seconds in which a server notices that a client is gone which did not say so. */
    int secondsToNotice() {
        return 10 * echoSeconds;
    }
}
