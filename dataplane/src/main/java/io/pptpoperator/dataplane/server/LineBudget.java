package io.pptpoperator.dataplane.server;

/**
 * How many log lines of one kind may be written, where others decide how often there is something to write: so many at
 * once, and as many as come back by and by. What is left out is counted, to be told of in one line. For one thread.
 */
final class LineBudget {
    /** How long those that are left out are counted before they are told of. */
    static final long TELL_MILLIS = 1_000;
    private static final double MINUTE_MILLIS = 60_000;

    private final int most;
    private final int perMinute;
    private double left;
    private long at;
    private int omitted;
    private long omittedSince;

    /**
     * A full budget.
     *
     * @param most lines at once
     * @param perMinute lines that come back in a minute
     * @param now milliseconds of a clock that only moves forward, as everywhere below
     */
    LineBudget(int most, int perMinute, long now) {
        this.most = most;
        this.perMinute = perMinute;
        left = most;
        at = now;
    }

    /** Whether one more line may be written. */
    boolean take(long now) {
        left = Math.min(most, left + (now - at) * perMinute / MINUTE_MILLIS);
        at = now;
        if (left < 1) {
            if (omitted == 0) {
                omittedSince = now;
            }
            omitted++;
            return false;
        }
        left--;
        return true;
    }

    /** How many lines were left out and not yet told of, once it is time to tell; 0 when there is nothing to tell. */
    int takeOmitted(long now) {
        if (omitted == 0 || now - omittedSince < TELL_MILLIS) {
            return 0;
        }
        int told = omitted;
        omitted = 0;
        return told;
    }

    /** Whether lines were left out that have not been told of. */
    boolean hasOmitted() {
        return omitted > 0;
    }
}
