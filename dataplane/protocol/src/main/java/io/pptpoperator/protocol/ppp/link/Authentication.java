package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.auth.AuthAction;
import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.SilentExchange;
import java.util.List;
import java.util.Optional;

/**
 * The authentication of a link (RFC 1661 section 3.5), from LCP's opening to its next end: also after the login the peer
 * may have missed its Success, or ask for a new proof (RFC 1994 section 2).
 *
 * <p>While an answer to a question is awaited, the peer has done its part: this end's patience with it does not run.
 * Whoever answers has to, sooner or later, or end the link.
 */
final class Authentication {

    /** The link that is authenticated. */
    interface Link {
        /** The login succeeded, which happens once. */
        void authenticated(String username, Optional<MppeStartKeys> keys, LoginGrant grant, long now);

        /** The peer's proof was replaced by a later one that is right too: so were the keys. */
        void rekey(MppeStartKeys keys);

        /** Ends it. */
        void terminate(TerminationReason reason, String detail, long now);
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final AuthExchange SILENT = new SilentExchange();
    private static final int NOTHING = 0;

    private final LinkOutput output;
    private final Link link;
    private final AuthMethod method;
    private final AuthExchange exchange;
    private final long patience;
    /** When the peer has had its time to log in. */
    private long deadline = NEVER;
    /** The number of the question whose answer is awaited. */
    private int asked = NOTHING;
    private boolean done;
    private boolean left;

    /** @param patience milliseconds that the peer has for one try */
    Authentication(LinkOutput output, Link link, AuthMethod method, AuthExchange exchange, long patience) {
        this.output = output;
        this.link = link;
        this.method = method;
        this.exchange = exchange;
        this.patience = patience;
    }

    /** One that is done: what the peer may still repeat of it needs no answer, for its network is up. */
    static Authentication done(LinkOutput output, Link link, AuthMethod method) {
        Authentication over = new Authentication(output, link, method, SILENT, NEVER);
        over.done = true;
        return over;
    }

    /** Whether the peer is in, and nobody is asked about it any more. */
    boolean isSettled() {
        return done && asked == NOTHING;
    }

    void start(long now) {
        deadline = now + patience;
        handle(exchange.start(now), now);
    }

    /** The method that LCP agreed on. */
    AuthMethod method() {
        return method;
    }

    /** Whether the peer has yet to log in. */
    boolean isUnderWay() {
        return !done;
    }

    void receive(byte[] packet, long now) {
        handle(exchange.receive(packet, now), now);
    }

    /** Whether this is the question whose answer is awaited. */
    boolean awaits(int question) {
        return asked == question && !left;
    }

    void answered(LoginAnswer answer, long now) {
        asked = NOTHING;
        deadline = now + patience;
        handle(exchange.answered(answer, now), now);
    }

    long deadline() {
        return Math.min(exchange.deadline(), done || asked != NOTHING ? NEVER : deadline);
    }

    void tick(long now) {
        if (now >= exchange.deadline()) {
            handle(exchange.tick(now), now);
        }
        if (!left && !done && asked == NOTHING && now >= deadline) {
            link.terminate(TerminationReason.AUTHENTICATION_FAILED,
                    "the login did not end within " + patience / 1000 + " s", now);
        }
    }

    /** It is over: nothing of it is sent or told any more, and no answer is awaited. */
    void leave() {
        left = true;
    }

    private void handle(List<AuthAction> actions, long now) {
        for (AuthAction action : actions) {
            if (left) {
                return;
            }
            switch (action) {
                case AuthAction.Send(int protocol, byte[] packet) -> output.send(protocol, packet);
                case AuthAction.Ask(var question) -> asked = output.ask(question);
                case AuthAction.Succeeded(String username, AuthMethod by, var keys, LoginGrant grant) -> {
                    if (done) {
                        keys.ifPresent(link::rekey);
                    } else {
                        done = true;
                        output.emit(new LinkAction.Authenticated(username, by));
                        output.emit(new LinkAction.StepDone(LoginStep.AUTHENTICATION));
                        link.authenticated(username, keys, grant, now);
                    }
                }
                case AuthAction.Failed failed -> {
                    output.emit(new LinkAction.LoginFailed(failed.username(), failed.method(), failed.reason(),
                            failed.detail()));
                    link.terminate(TerminationReason.AUTHENTICATION_FAILED, failed.detail(), now);
                }
                case AuthAction.Retrying retrying -> {
                    output.emit(
                            new LinkAction.LoginRetrying(retrying.username(), retrying.method(), retrying.reason()));
                    deadline = now + patience;
                }
            }
        }
    }
}
