package io.pptpoperator.dataplane.client.load;

/**
 * Spreads logins evenly over time: the n-th is due n intervals after the start, however late the ones before it were.
 * What nobody was free to take is not made up for later. Times are nanoseconds.
 */
final class Pacer {
    private static final double NANOS = 1e9;

    private final double interval;
    private long start;
    private long taken;

    /**
     * Nothing is due before {@code start}.
     *
     * @param perSecond logins per second
     */
    Pacer(double perSecond, long start) {
        this.interval = NANOS / perSecond;
        this.start = start;
    }

    /** When the next login is due. */
    long nextDue() {
        return start + (long) (taken * interval);
    }

    /** The next login begins. */
    void take() {
        taken++;
    }

    /** Nobody was free for what is due: the next login is due now, and the others count from here. */
    void restart(long now) {
        if (nextDue() < now) {
            start = now;
            taken = 0;
        }
    }
}
