package io.pptpoperator.protocol.rate;

/**
 * CoDel (RFC 8289): which packets of one queue are dropped so that those behind them do not wait long. A queue that only
 * absorbs bursts loses none; one that stands for longer than {@link #INTERVAL} loses its oldest, the more often the
 * longer it goes on. For one thread. Times are nanoseconds.
 */
public final class ControlledDelay {
    /** How long a queue may stand: a round trip of the slowest usual path. */
    public static final long INTERVAL = 100_000_000;
    /** What a packet may wait at least, whatever the rate. */
    public static final long TARGET = 5_000_000;
    /** The largest packet: a queue of no more than one is never shortened. */
    private static final int LARGEST = 1_514;

    /** Whether the last packet waited too long, and if so, when that will have gone on for an interval. */
    private boolean stands;
    private long standsTooLongAt;
    private boolean dropping;
    private long dropNext;
    private int count;
    private int countBefore;

    /** Nothing has passed. */
    public ControlledDelay() {}

    /**
     * Whether the packet at the head of the queue is to be dropped; then the next one is to be asked for.
     *
     * @param waited how long it has waited
     * @param bytesBehind how many bytes there are behind it
     * @param target how long it may wait
     */
    public boolean drops(long waited, int bytesBehind, long target, long now) {
        boolean tooLong = standsTooLong(waited, bytesBehind, target, now);
        if (dropping) {
            if (!tooLong) {
                dropping = false;
                return false;
            }
            if (now - dropNext < 0) {
                return false;
            }
            count++;
            dropNext = after(dropNext);
            return true;
        }
        if (!tooLong) {
            return false;
        }
        dropping = true;
        // Soon after the last time: go on about where that ended (section 5.5).
        int more = count - countBefore;
        count = more > 1 && now - dropNext < 16 * INTERVAL ? more : 1;
        countBefore = count;
        dropNext = after(now);
        return true;
    }

    private boolean standsTooLong(long waited, int bytesBehind, long target, long now) {
        if (waited < target || bytesBehind <= LARGEST) {
            stands = false;
            return false;
        }
        if (!stands) {
            stands = true;
            standsTooLongAt = now + INTERVAL;
            return false;
        }
        return now - standsTooLongAt >= 0;
    }

    private long after(long time) {
        return time + (long) (INTERVAL / Math.sqrt(count));
    }
}
