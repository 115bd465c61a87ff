package io.pptpoperator.dataplane.datapath;

/**
 * Remembers what was seen, for a while and in bounded room: where there is none left, the oldest of a few is forgotten.
 * Only a 64-bit digest of each is kept, with a seed that nobody outside knows. For one thread; allocates nothing.
 */
final class FlowMemory {
    private static final int WAYS = 4;

    private final long[] digests;
    private final long[] times;
    private final long seed;

    /**
     * Remembers nothing yet.
     *
     * @param room for how many, a power of two
     */
    FlowMemory(int room, long seed) {
        digests = new long[room];
        times = new long[room];
        this.seed = seed;
    }

    /** Remembers the pair of {@code first} and {@code second}, seen at {@code now} in milliseconds. */
    void remember(long first, long second, long now) {
        long digest = digest(first, second);
        int set = set(digest);
        int oldest = set;
        for (int i = set; i < set + WAYS; i++) {
            if (digests[i] == digest) {
                times[i] = now;
                return;
            }
            if (digests[i] == 0 || digests[oldest] != 0 && times[i] < times[oldest]) {
                oldest = i;
            }
        }
        digests[oldest] = digest;
        times[oldest] = now;
    }

    /** Whether the pair was seen within the last {@code age} milliseconds. */
    boolean knows(long first, long second, long now, long age) {
        long digest = digest(first, second);
        int set = set(digest);
        for (int i = set; i < set + WAYS; i++) {
            if (digests[i] == digest) {
                return now - times[i] <= age;
            }
        }
        return false;
    }

    private int set(long digest) {
        return (int) (digest >>> Integer.SIZE) & digests.length - WAYS;
    }

    /** Mixes as SplitMix64's finalizer does; 0 stands for nothing. */
    private long digest(long first, long second) {
        long mixed = mix(mix(first ^ seed) ^ second);
        return mixed == 0 ? 1 : mixed;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
