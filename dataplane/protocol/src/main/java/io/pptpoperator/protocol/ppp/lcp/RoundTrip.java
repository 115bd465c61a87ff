package io.pptpoperator.protocol.ppp.lcp;

/** The time between a request and its answer, smoothed; what was sent more than once does not count. */
final class RoundTrip {
    private static final int NONE = -1;

    private int id = NONE;
    private long sentAt;
    private boolean ambiguous;
    /** Eight times the smoothed time, so that small changes are not lost. */
    private long eighths;

    RoundTrip() {}

    /** Knows already what another one has measured. */
    RoundTrip(long eighths) {
        this.eighths = eighths;
    }

    long eighths() {
        return eighths;
    }

    void sent(int requestId, long now) {
        ambiguous = id == requestId;
        id = requestId;
        sentAt = now;
    }

    void answered(int requestId, long now) {
        if (id == requestId && !ambiguous) {
            long sample = now - sentAt;
            eighths = eighths == 0 ? sample << 3 : eighths + sample - (eighths >> 3);
        }
        id = requestId == id ? NONE : id;
    }

    /** Milliseconds; 0 before the first answer. */
    long millis() {
        return eighths >> 3;
    }
}
