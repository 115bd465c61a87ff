package io.pptpoperator.benchmarks.lab;

import io.pptpoperator.dataplane.linux.Scheduling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How late the machine itself lets a thread run that sleeps, and that goes before all ordinary ones: the floor that no
 * VPN's ping can be below. The thread wakes every 5 ms.
 */
public final class WakeUps implements AutoCloseable {
    private static final long PERIOD = 5_000_000;

    private final List<Double> lateness = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    /** Starts. */
    public WakeUps() {
        thread = Thread.ofPlatform().daemon().name("wake-ups").start(this::run);
    }

    private void run() {
        // Without CAP_SYS_NICE as an ordinary thread: the benchmark needs root anyway.
        Scheduling.aheadOfOthers();
        long next = System.nanoTime() + PERIOD;
        while (!ended) {
            long left = next - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
                continue;
            }
            lateness.add(-left / 1e6);
            next = System.nanoTime() + PERIOD;
        }
    }

    /** Ends, and returns by how many milliseconds each wake-up was late. */
    public List<Double> lateness() {
        close();
        return lateness;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted");
        }
    }
}
