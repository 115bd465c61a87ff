package io.pptpoperator.dataplane.client.probe;

import java.util.OptionalInt;

/** Finds the largest packet that passes, with as few tries as it takes: the largest first, since it usually does. */
final class MtuSearch {
    /** Close enough, in bytes. */
    private static final int PRECISION = 8;

    private final int lowest;
    private final int highest;
    /** The largest size known to pass, 0 while none is. */
    private int passes;
    /** The smallest size known not to pass. */
    private int fails = Integer.MAX_VALUE;

    /**
     * Nothing is known yet.
     *
     * @param lowest the smallest size worth a try, in bytes
     * @param highest the largest
     */
    MtuSearch(int lowest, int highest) {
        this.lowest = Math.min(lowest, highest);
        this.highest = highest;
    }

    /** The size to try next; empty when the result is known. */
    OptionalInt next() {
        if (fails == Integer.MAX_VALUE) {
            return passes == highest ? OptionalInt.empty() : OptionalInt.of(highest);
        }
        if (passes == 0) {
            return fails <= lowest ? OptionalInt.empty() : OptionalInt.of(lowest);
        }
        return fails - passes <= PRECISION ? OptionalInt.empty() : OptionalInt.of((passes + fails) / 2);
    }

    /** What came of a try with the size that {@link #next} gave. */
    void tried(int size, boolean passed) {
        if (passed) {
            passes = Math.max(passes, size);
        } else {
            fails = Math.min(fails, size);
        }
    }

    /** The largest size that passed, 0 when none did. */
    int result() {
        return passes;
    }

    /** The largest size there was to try. */
    int highest() {
        return highest;
    }
}
