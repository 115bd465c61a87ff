package io.pptpoperator.dataplane.datapath;

/**
 * When a worker has real-time priority, and so runs ahead of the host's ordinary threads: as long as that leaves them
 * enough of its CPU. A packet
 * that finds its worker asleep then waits for no other program's time slice, which is milliseconds long; a worker that
 * hardly ever sleeps competes like everybody else, so that no flood starves the host.
 */
final class RealTimePriority {
    /** Of the time, what a worker may be awake in the long run and still have it. */
    private static final long PERCENT = 60;
    /** How much more it may be awake in between, in nanoseconds. */
    private static final long MOST_CREDIT = 8_000_000;

    private long credit = MOST_CREDIT;
    private long accountedUntil;
    private boolean granted = true;

    /** Starts with all the credit there can be, at a time in nanoseconds. */
    RealTimePriority(long now) {
        accountedUntil = now;
    }

    /** The worker has been awake until now. */
    void awake(long now) {
        account(now, now - accountedUntil);
    }

    /** The worker has been asleep until now. */
    void asleep(long now) {
        account(now, 0);
    }

    private void account(long now, long awake) {
        credit += (now - accountedUntil) * PERCENT / 100 - awake;
        accountedUntil = now;
        if (credit <= 0) {
            credit = 0;
            granted = false;
        } else if (credit >= MOST_CREDIT) {
            credit = MOST_CREDIT;
            granted = true;
        }
    }

    /** Whether it has it now. */
    boolean isGranted() {
        return granted;
    }
}
