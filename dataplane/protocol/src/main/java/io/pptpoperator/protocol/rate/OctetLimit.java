package io.pptpoperator.protocol.rate;

/**
 * How many bytes a session may have, of inner IP, 0: any.
 *
 * @param upload from the client
 * @param download to the client
 * @param total both together
 * @param greater whichever of both is more
 */
public record OctetLimit(long upload, long download, long total, long greater) {

    /** Any number. */
    public static final OctetLimit NONE = new OctetLimit(0, 0, 0, 0);

    /** What both allow: where both say something of the same bytes, less. */
    public OctetLimit and(OctetLimit other) {
        return new OctetLimit(less(upload, other.upload), less(download, other.download), less(total, other.total),
                less(greater, other.greater));
    }

    private static long less(long a, long b) {
        return a == 0 ? b : b == 0 ? a : Math.min(a, b);
    }

    /**
     * Whether a session has had all that it may have.
     *
     * @param up bytes from the client so far
     * @param down bytes to the client so far
     */
    public boolean isReached(long up, long down) {
        return isUsedUp(upload, up) || isUsedUp(download, down) || isUsedUp(total, up + down)
                || isUsedUp(greater, Math.max(up, down));
    }

    private static boolean isUsedUp(long most, long had) {
        return most > 0 && had >= most;
    }
}
