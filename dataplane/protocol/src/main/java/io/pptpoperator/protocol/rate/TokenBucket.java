package io.pptpoperator.protocol.rate;

/** Lets through so many events per second, and so many at once after a quiet time. */
public final class TokenBucket {
    private static final int MILLIS = 1000;
    private static final long NEVER = Long.MIN_VALUE;

    private final int perSecond;
    private final long full;
    private long level;
    private long filledAt = NEVER;

    /**
     * A full bucket.
     *
     * @param perSecond events per second in the long run
     * @param burst events at once, at least 1
     * @throws IllegalArgumentException when the first is negative or the second below 1
     */
    public TokenBucket(int perSecond, int burst) {
        if (perSecond < 0 || burst < 1) {
            throw new IllegalArgumentException("a token bucket of " + perSecond + " per second, " + burst
                    + " at once is not possible; at least 0 and 1 would be right");
        }
        this.perSecond = perSecond;
        full = (long) burst * MILLIS;
        level = full;
    }

    /**
     * Takes one token if there is one.
     *
     * @param now milliseconds; a clock that steps back adds nothing
     */
    public boolean tryTake(long now) {
        if (filledAt == NEVER) {
            filledAt = now;
        }
        if (now > filledAt) {
            // The level is in thousandths of a token: milliseconds times tokens per second.
            long untilFull = full / Math.max(perSecond, 1) + 1;
            level = Math.min(full, level + Math.min(now - filledAt, untilFull) * perSecond);
            filledAt = now;
        }
        if (level < MILLIS) {
            return false;
        }
        level -= MILLIS;
        return true;
    }
}
