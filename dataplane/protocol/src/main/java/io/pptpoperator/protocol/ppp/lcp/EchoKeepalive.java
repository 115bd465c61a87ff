package io.pptpoperator.protocol.ppp.lcp;

/**
 * The adaptive keepalive: Echo-Requests only while nothing is heard from the peer, since any frame proves that it
 * lives.
 */
final class EchoKeepalive {

    /** What is due. */
    enum Due {
        NOTHING, PROBE, GIVE_UP
    }

    private final EchoSettings settings;
    private long deadline = Long.MAX_VALUE;
    private int unanswered;

    EchoKeepalive(EchoSettings settings) {
        this.settings = settings;
    }

    /** One that goes on where another one was. */
    EchoKeepalive(EchoSettings settings, long deadline, int unanswered, long now) {
        this(settings);
        start(now);
        if (settings.intervalMillis() != 0) {
            this.deadline = Math.min(this.deadline, deadline);
        }
        this.unanswered = Math.min(unanswered, settings.failures());
    }

    int unanswered() {
        return unanswered;
    }

    void start(long now) {
        unanswered = 0;
        deadline = settings.intervalMillis() == 0 ? Long.MAX_VALUE : now + settings.intervalMillis();
    }

    void stop() {
        deadline = Long.MAX_VALUE;
    }

    void heard(long now) {
        if (deadline != Long.MAX_VALUE) {
            unanswered = 0;
            deadline = Math.max(deadline, now + settings.intervalMillis());
        }
    }

    Due tick(long now) {
        if (now < deadline) {
            return Due.NOTHING;
        }
        if (unanswered == settings.failures()) {
            stop();
            return Due.GIVE_UP;
        }
        unanswered++;
        deadline = now + settings.intervalMillis();
        return Due.PROBE;
    }

    long deadline() {
        return deadline;
    }

    /** A sentence about why {@link Due#GIVE_UP} was due. */
    String verdict() {
        return "the peer answered none of " + settings.failures() + " LCP Echo-Requests in "
                + settings.intervalMillis() * settings.failures() / 1000 + " s";
    }
}
