package io.pptpoperator.operator.status;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How often the operator writes statuses, Events and passwords. Ten thousand users may change at once; the API server
 * shall not notice. In no second are there more writes than {@code perSecond} and {@code burst} together.
 */
public final class WriteBudget {

    private final long interval;
    private final long tolerance;
    private long next = Long.MIN_VALUE;

    /**
     * A budget that is full at first.
     *
     * @param perSecond writes per second in the long run
     * @param burst how many writes may come at once
     */
    public WriteBudget(int perSecond, int burst) {
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        tolerance = interval * (burst - 1);
    }

    /** Takes one write out of the budget, waiting until there is one. */
    public void take() throws InterruptedException {
        long wait = reserve(System.nanoTime());
        if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
        }
    }

    /**
     * Takes one write out of the budget.
     *
     * @param now in nanoseconds, from any start; never less than before
     * @return how long to wait before writing, in nanoseconds
     */
    synchronized long reserve(long now) {
        next = Math.max(next, now - tolerance);
        long wait = Math.max(0, next - now);
        next += interval;
        return wait;
    }
}
