package io.pptpoperator.dataplane.interop.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that only looking again can show. What announces itself is waited for in {@link LineLog}. */
public final class Await {

    /**
     * How long to wait for what comes at once, or not at all: it only guards against waiting for ever, so no load of
     * the machine may exceed it.
     */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /**
     * Looks until the condition holds.
     *
     * @param what  the condition as a clause, for the error: "the rules are back"
     * @param limit how long to look
     * @return how long it took
     * @throws LabException when the limit passes first
     */
    public static Duration until(String what, Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new LabException("Waited " + limit.toMillis() + " ms in vain until " + what + ".");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
