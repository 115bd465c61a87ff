package io.pptpoperator.dataplane.client.probe;

/**
 * The tries to get a packet of one size through: LCP Echo-Requests with numbers of their own, each of which is waited
 * for longer than the one before. An answer to any of them, however late, shows that the size passes.
 */
final class SizeTries {
    /** Echo numbers up to here are for others. */
    static final int NUMBERS_OF_OTHERS = 99;

    private static final int MOST = 3;
    private static final long LEAST_PATIENCE = 100;
    private static final long MOST_PATIENCE = 1_000;

    private final long patience;
    private int last = NUMBERS_OF_OTHERS;
    private int first = last + 1;
    private int made;
    private boolean passed;

    /** @param patience milliseconds that the first try is waited for, unless that is too short or too long */
    SizeTries(long patience) {
        this.patience = patience;
    }

    /** The tries are about another size from now on. */
    void restart() {
        first = last + 1;
        made = 0;
        passed = false;
    }

    /** Makes one more try: the number of its Echo-Request. */
    int next() {
        made++;
        last++;
        return last;
    }

    /** Milliseconds for which the last try is waited for. */
    long patience() {
        return Math.clamp(patience << made - 1, LEAST_PATIENCE << made - 1, MOST_PATIENCE);
    }

    /** An Echo-Reply with this number came. */
    void answered(int number) {
        passed |= number >= first && number <= last;
    }

    /** Whether the size passes. */
    boolean passed() {
        return passed;
    }

    /** Whether no more tries are needed. */
    boolean over() {
        return passed || made == MOST;
    }
}
