package io.pptpoperator.operator.status;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How often the operator writes to the API server on behalf of single users. Ten thousand of them may change at once;
 * the API server shall not notice.
 */
public final class WriteBudget {

    private final long interval;
    private final long burst;
    private long next;

    /**
     * A budget that is full at first.
     *
     * @param perSecond writes per second in the long run
     * @param burst how many writes may come at once
     */
    public WriteBudget(int perSecond, int burst) {
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.burst = interval * (burst - 1);
        next = System.nanoTime() - this.burst;
    }

    /** Takes one write out of the budget, waiting until there is one. */
    public void take() throws InterruptedException {
        long wait;
        synchronized (this) {
            long now = System.nanoTime();
            next = Math.max(next, now - burst);
            wait = next - now;
            next += interval;
        }
        if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
        }
    }
}
