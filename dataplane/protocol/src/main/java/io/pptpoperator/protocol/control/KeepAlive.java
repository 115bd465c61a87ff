package io.pptpoperator.protocol.control;

/** When a silent peer is asked for a sign of life, and when it is given up (RFC 2637 section 3.1.4). */
final class KeepAlive {

    private long since;
    private boolean waiting;
    private int identifier;

    KeepAlive() {}

    /** One that goes on where another one was. */
    KeepAlive(long since, boolean waiting, int identifier) {
        this.since = since;
        this.waiting = waiting;
        this.identifier = identifier;
    }

    long since() {
        return since;
    }

    /** Of the last Echo-Request. */
    int identifier() {
        return identifier;
    }

    /** Any message is a sign of life, not only an Echo-Reply. */
    void heard(long now) {
        since = now;
        waiting = false;
    }

    /**
     * When {@link #unanswered()} has to be looked at next.
     *
     * @param interval how long silence is accepted, and then again how long a reply is waited for; 0 means for ever
     */
    long deadline(long interval) {
        return interval == 0 ? Long.MAX_VALUE : since + interval;
    }

    /** Whether an Echo-Request is out and nothing came since. */
    boolean unanswered() {
        return waiting;
    }

    /** The Echo-Request to send now. */
    EchoRequest ask(long now) {
        since = now;
        waiting = true;
        identifier++;
        return new EchoRequest(identifier);
    }
}
