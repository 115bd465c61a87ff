package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.protocol.rate.TokenBucket;

/**
 * How many control frames of one session reach the control loop, where each costs as much as dozens of data packets
 * cost here: so many at once, and so many a second. A login takes about fifty; a client on a bad line with stateful
 * MPPE asks for a reset again and again, and is served by one answer in ten milliseconds as well as by a thousand. For
 * one thread.
 */
final class FrameBudget {
    static final int AT_ONCE = 256;
    static final int PER_SECOND = 100;

    private final TokenBucket bucket = new TokenBucket(PER_SECOND, AT_ONCE);

    /** Takes one frame's worth; false when there is none. {@code now} is {@link MonotonicClock#millis}. */
    boolean take(long now) {
        return bucket.tryTake(now);
    }
}
