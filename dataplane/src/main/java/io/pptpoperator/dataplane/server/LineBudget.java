package io.pptpoperator.dataplane.server;

import java.util.OptionalInt;

/**
 * How many log lines may be written about clients that have not logged in: anybody can cause those, and as many as the
 * network carries. For one thread.
 */
final class LineBudget {
    static final int LINES_PER_SECOND = 20;
    private static final long WINDOW_MILLIS = 1_000;

    private long windowStart;
    private int written;
    private int omitted;

    /** @param now milliseconds of a clock that only moves forward, as everywhere below */
    LineBudget(long now) {
        windowStart = now;
    }

    /** How many lines were left out in a second that is over; to be asked before {@link #take}, and empty if none. */
    OptionalInt omittedBefore(long now) {
        if (now - windowStart < WINDOW_MILLIS) {
            return OptionalInt.empty();
        }
        int before = omitted;
        windowStart = now;
        written = 0;
        omitted = 0;
        return before == 0 ? OptionalInt.empty() : OptionalInt.of(before);
    }

    /** Whether one more line may be written. */
    boolean take() {
        if (written == LINES_PER_SECOND) {
            omitted++;
            return false;
        }
        written++;
        return true;
    }
}
