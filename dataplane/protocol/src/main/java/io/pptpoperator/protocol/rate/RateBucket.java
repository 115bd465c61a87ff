package io.pptpoperator.protocol.rate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes at a rate, for all who share it, on any thread: none takes a lock. It keeps one time, up to which what has passed
 * is paid for (virtual scheduling, ITU-T I.371 annex A); whoever passes on a packet moves it ahead by as long as the
 * packet takes at the rate, and may pass the next one when that time has come. A quiet time leaves a debt of a burst at
 * most. All times are nanoseconds of one clock that never goes back, and may be negative.
 */
public final class RateBucket {
    private static final long NANOS = 1_000_000_000;
    private static final int BITS = 8;
    /** A burst that is not said: what the rate makes in a fifth of a second. */
    private static final int USUAL_BURSTS_A_SECOND = 5;
    /** The least burst: two packets, or a rate could not be reached. */
    private static final int LEAST_BURST = 3_000;
    private static final long LONGEST = 3_600;

    private record Rate(long bitsPerSecond, long burst) {

        static Rate of(long bitsPerSecond, long burstBytes) {
            if (bitsPerSecond < 1 || burstBytes < 0) {
                throw new IllegalArgumentException("a rate of " + bitsPerSecond + " bit/s with a burst of " + burstBytes
                        + " bytes is not possible; at least 1 and 0 would be right");
            }
            long least = nanos(LEAST_BURST, bitsPerSecond);
            return new Rate(bitsPerSecond, Math.max(least,
                    burstBytes == 0 ? NANOS / USUAL_BURSTS_A_SECOND : nanos(burstBytes, bitsPerSecond)));
        }

        static long nanos(long bytes, long bitsPerSecond) {
            long bits = bytes * BITS;
            if (bits / bitsPerSecond >= LONGEST) {
                return LONGEST * NANOS;
            }
            return bits / bitsPerSecond * NANOS + bits % bitsPerSecond * NANOS / bitsPerSecond;
        }
    }

    private final AtomicLong paidUntil;
    private volatile Rate rate;

    /**
     * A bucket that nothing has been taken from.
     *
     * @param bitsPerSecond 1 and up
     * @param burstBytes what may pass at once after a quiet time; 0 for what the rate makes in 200 ms
     * @throws IllegalArgumentException when these are not possible
     */
    public RateBucket(long bitsPerSecond, long burstBytes, long now) {
        rate = Rate.of(bitsPerSecond, burstBytes);
        paidUntil = new AtomicLong(now - rate.burst);
    }

    /**
     * Another rate from now on; what has been taken beyond the old one is paid for by the new one.
     *
     * @throws IllegalArgumentException when it is not possible
     */
    public void change(long bitsPerSecond, long burstBytes, long now) {
        Rate before = rate;
        Rate after = Rate.of(bitsPerSecond, burstBytes);
        rate = after;
        paidUntil.updateAndGet(paid -> {
            double debt = paid - now;
            return debt <= 0 ? paid : now + (long) (debt * before.bitsPerSecond / after.bitsPerSecond);
        });
    }

    /** The rate in force, in bits per second. */
    public long bitsPerSecond() {
        return rate.bitsPerSecond;
    }

    /** How long so many bytes take, in nanoseconds. */
    public long nanos(int bytes) {
        return Rate.nanos(bytes, rate.bitsPerSecond);
    }

    /** How many bytes so many nanoseconds, at most ten seconds, make. */
    public long bytes(long nanos) {
        return (long) ((double) nanos / NANOS * rate.bitsPerSecond / BITS);
    }

    /** From when on the next packet may pass. */
    public long readyAt() {
        return paidUntil.get();
    }

    /** Whether a packet may pass now. */
    public boolean isReady(long now) {
        return paidUntil.get() - now <= 0;
    }

    /** Takes a packet's bytes, which pass now; returns from when on the next one may pass. */
    public long take(int bytes, long now) {
        Rate current = rate;
        long takes = Rate.nanos(bytes, current.bitsPerSecond);
        long least = now - current.burst;
        long paid = paidUntil.get();
        while (true) {
            long after = (paid - least < 0 ? least : paid) + takes;
            if (paidUntil.compareAndSet(paid, after)) {
                return after;
            }
            paid = paidUntil.get();
        }
    }
}
