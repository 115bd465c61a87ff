package io.pptpoperator.dataplane.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How many packets one worker dropped, by cause. The worker counts, anybody reads. */
final class DropCounters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[DropCause.values().length];

    /** Counts one; for the worker only. */
    void count(DropCause cause) {
        ELEMENT.setOpaque(counts, cause.ordinal(), counts[cause.ordinal()] + 1);
    }

    /** So many were dropped before; before the worker runs. */
    void goOn(DropCause cause, long before) {
        ELEMENT.setOpaque(counts, cause.ordinal(), before);
    }

    /** How many so far. */
    long get(DropCause cause) {
        return (long) ELEMENT.getOpaque(counts, cause.ordinal());
    }
}
