package io.pptpoperator.dataplane.client.connect;

import io.pptpoperator.dataplane.client.SessionEnd;
import java.util.random.RandomGenerator;

/**
 * Decides whether to dial again when a session has ended, and when. Delays double from one failure to the next, and are
 * blurred, so that the clients of a server that comes back do not all dial at once.
 */
final class Redial {
    static final long FIRST_DELAY = 1_000;
    static final long LONGEST_DELAY = 60_000;

    /** What to do next. */
    sealed interface Decision {

        /** Dial again after so many milliseconds. */
        record Again(long delay) implements Decision {}

        /** Give up. */
        record Never() implements Decision {}
    }

    private final boolean fromTheStart;
    private final RandomGenerator random;
    private boolean everConnected;
    private int failures;

    /**
     * Nothing has been dialled yet.
     *
     * @param fromTheStart whether to go on dialling although no session has ever been connected; otherwise the first
     *     failure is the last, since it is likely to be a mistake that somebody wants to hear of
     */
    Redial(boolean fromTheStart, RandomGenerator random) {
        this.fromTheStart = fromTheStart;
        this.random = random;
    }

    /** A session ended that nobody wanted to end. */
    Decision after(SessionEnd end) {
        if (end.missing().isEmpty()) {
            everConnected = true;
            failures = 0;
        }
        if (end.isFinal() || !everConnected && !fromTheStart) {
            return new Decision.Never();
        }
        long longest = Math.min(LONGEST_DELAY, FIRST_DELAY << Math.min(failures, 16));
        failures++;
        return new Decision.Again(random.nextLong(longest / 2, longest + 1));
    }
}
