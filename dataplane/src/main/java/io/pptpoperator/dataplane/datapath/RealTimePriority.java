package io.pptpoperator.dataplane.datapath;

/**
 * When a worker has real-time priority, and so runs ahead of the host's ordinary threads: always, unless it uses up a
 * CPU. A packet that finds its worker asleep then waits for no other program's time slice, which is milliseconds long;
 * a worker that is never done steps back for a while again and again, so that no flood starves the host. What counts is
 * the CPU time that it has had, not how long it was awake: a worker that others keep from running has taken nothing from
 * them.
 */
final class RealTimePriority {
    /** Between two looks at the CPU time, in nanoseconds. */
    private static final long PERIOD = 10_000_000;
    /** Of the time, what a worker may use in the long run and still have it. */
    private static final long PERCENT = 95;
    /** How long it may use all of it: until what it used too much adds up to this, which takes 200 ms. */
    private static final long MOST_CREDIT = 10_000_000;
    /** How long it then competes like everybody else. */
    private static final long REST = 50_000_000;

    private long credit = MOST_CREDIT;
    private long lookedAt;
    private long usedThen;
    private long restsUntil;
    private boolean granted = true;

    /**
     * Starts with all the credit there can be.
     *
     * @param now the time in nanoseconds
     * @param used the CPU time that the worker has had, in nanoseconds
     */
    RealTimePriority(long now, long used) {
        lookedAt = now;
        usedThen = used;
    }

    /** Whether {@link #look} is to be called, which costs a system call. */
    boolean isDue(long now) {
        return now - lookedAt >= PERIOD;
    }

    /**
     * Takes the CPU time in that the worker has had so far.
     *
     * @return whether it has real-time priority from now on
     */
    boolean look(long now, long used) {
        credit = Math.min(MOST_CREDIT, credit + (now - lookedAt) * PERCENT / 100 - (used - usedThen));
        lookedAt = now;
        usedThen = used;
        if (granted && credit <= 0) {
            granted = false;
            restsUntil = now + REST;
        } else if (!granted && now - restsUntil >= 0) {
            granted = true;
            credit = MOST_CREDIT;
        }
        return granted;
    }
}
