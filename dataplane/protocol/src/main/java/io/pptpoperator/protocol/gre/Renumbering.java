package io.pptpoperator.protocol.gre;

/**
 * Tells when a peer counts from another number on. One that starts anew sends numbers that are late or far ahead, and so
 * does one after a long loss. Some consecutive numbers, with none that is in its place among them, are the new baseline;
 * whoever forges them has to guess as many times more, and going back takes but two.
 */
final class Renumbering {
    /** So many consecutive numbers are believed. */
    private static final int RUN = 32;
    /**
     * The same for what is late by no more than a loss: all packets are after a forged one that was believed at once.
     */
    private static final int NEAR_RUN = 8;
    /** The same for going on where the window was before a run led it away: that number nobody guesses. */
    private static final int RETURN_RUN = 2;

    private int afterRun;
    private int run;
    /** Which number was expected during the run: once it has changed, a packet in its place has come between. */
    private int expectedInRun;
    /** What was expected before a run led the window far away. */
    private int abandoned;
    private boolean hasAbandoned;

    /** Notes a number that is late, or further ahead than a loss explains; whether it completes a run. */
    boolean isCompletedBy(int sequence, int expected) {
        int ahead = sequence - expected;
        int needed = ahead < 0 && ahead >= -ReceiveWindow.MOST_LOST ? NEAR_RUN : RUN;
        boolean returning = hasAbandoned && sequence - abandoned >= 0
                && sequence - abandoned <= ReceiveWindow.MOST_LOST;
        run = sequence == afterRun && expected == expectedInRun ? run + 1 : 1;
        afterRun = sequence + 1;
        expectedInRun = expected;
        return run >= (returning ? RETURN_RUN : needed);
    }

    /** The window goes to where a run has led, away from this number. */
    void leave(int expected, int sequence) {
        hasAbandoned = Math.abs((long) (sequence - expected)) > ReceiveWindow.MOST_LOST;
        abandoned = expected;
        run = 0;
    }

    /** The peer is known to count anew: there is nowhere to return to. */
    void forget() {
        hasAbandoned = false;
    }
}
