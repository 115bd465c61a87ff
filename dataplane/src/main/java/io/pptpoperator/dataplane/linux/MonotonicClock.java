package io.pptpoperator.dataplane.linux;

/** The clock that the datapath, the control loop and their clients share: CLOCK_MONOTONIC, which nobody sets. */
public final class MonotonicClock {
    private static final long NANOS = 1_000_000;

    private MonotonicClock() {}

    /** Milliseconds since some time in the past; never less than a call before it returned. */
    public static long millis() {
        return System.nanoTime() / NANOS;
    }
}
