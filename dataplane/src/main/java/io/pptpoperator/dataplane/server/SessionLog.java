package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes one line for each login and each end, with what an administrator looks for as key-value pairs. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.pptpoperator.sessions");
    private static final Logger TRACE = LoggerFactory.getLogger("io.pptpoperator.trace");
    private static final long REFUSAL_LINE_MILLIS = 1_000;

    private final Map<Refusal, Long> refusedLineAt = new EnumMap<>(Refusal.class);
    private final Map<Refusal, Integer> refusedSince = new EnumMap<>(Refusal.class);
    private static final String UNKNOWN_USER = "(unknown)";
    /** Anybody can cause these lines, and as many as the network carries. */
    static final int LINES_PER_SECOND = 20;
    /** A client that is looked at closely says much at once; a flood of its packets is cut short. */
    private static final int TRACES_AT_ONCE = 2_000;
    private static final int TRACES_PER_MINUTE = 12_000;

    private final LineBudget strangers = perSecond(LINES_PER_SECOND);
    /** Failed logins under users' names, which a flood of other names must not hide. */
    private final LineBudget failures = perSecond(LINES_PER_SECOND);
    private final LineBudget notes = perSecond(LINES_PER_SECOND);
    private final LineBudget traces = new LineBudget(TRACES_AT_ONCE, TRACES_PER_MINUTE, MonotonicClock.millis());
    private final LoginLines logins = new LoginLines(MonotonicClock.millis());

    private static LineBudget perSecond(int lines) {
        return new LineBudget(lines, 60 * lines, MonotonicClock.millis());
    }

    /** Tells of the lines that were left out; to be called now and then. */
    void sweep(long now) {
        tell(strangers.takeOmitted(now), "clients that did not log in");
        tell(failures.takeOmitted(now), "failed logins");
        tell(notes.takeOmitted(now), "oddities of clients");
        tell(traces.takeOmitted(now), "decoded packets");
        tell(logins.takeOmitted(now), "logins of all users together");
        logins.tell(now,
                (user, peer, lines) -> LOG.atWarn()
                        .addKeyValue("user", user)
                        .addKeyValue("peer", peer)
                        .addKeyValue("lines", lines)
                        .log("Left out lines about a user who logs in again and again"));
    }

    private static void tell(int lines, String about) {
        if (lines > 0) {
            LOG.atWarn()
                    .addKeyValue("lines", lines)
                    .addKeyValue("about", about)
                    .log("Left out lines, of which there were too many");
        }
    }

    /** A flood of refused clients must not become a flood of lines: one a second for each limit, with a count. */
    void refused(Ipv4Address peer, Refusal refusal) {
        long now = MonotonicClock.millis();
        int unwritten = refusedSince.merge(refusal, 1, Integer::sum);
        if (now - refusedLineAt.getOrDefault(refusal, now - REFUSAL_LINE_MILLIS) >= REFUSAL_LINE_MILLIS) {
            refusedLineAt.put(refusal, now);
            refusedSince.remove(refusal);
            LOG.atWarn()
                    .addKeyValue("peer", peer)
                    .addKeyValue("limit", refusal.label())
                    .addKeyValue("refused", unwritten)
                    .log("Client refused: limit reached");
        }
    }

    /**
     * The name is written only if a user has it: people type passwords where the name belongs.
     *
     * @param known whether {@code username} is a user's
     */
    void loginFailed(Ipv4Address peer, String username, boolean known, AuthMethod method, LoginFailure reason,
            String detail) {
        LineBudget budget = known ? failures : strangers;
        if (!budget.take(MonotonicClock.millis())) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("user", known ? username : UNKNOWN_USER)
                .addKeyValue("peer", peer)
                .addKeyValue("method", method.label())
                .addKeyValue("reason", reason.label())
                .addKeyValue("detail", detail)
                .log("Login failed");
    }

    void connected(Session session) {
        if (!mayWrite(session)) {
            return;
        }
        describe(LOG.atInfo(), session).addKeyValue("method", session.method().map(AuthMethod::label).orElse("none"))
                .addKeyValue("encryption", session.encryption().map(Object::toString).orElse("none"))
                .addKeyValue("mtu", session.mtu())
                .log("Connected");
    }

    void ended(Session session, long millis) {
        if (!mayWrite(session)) {
            return;
        }
        LoggingEventBuilder line = describe(LOG.atInfo(), session).addKeyValue("seconds", millis / 1000)
                .addKeyValue("bytesIn", session.traffic().bytesIn())
                .addKeyValue("bytesOut", session.traffic().bytesOut())
                .addKeyValue("reason", session.reason().label())
                .addKeyValue("detail", session.detail());
        line.log(session.wasConnected() ? "Disconnected" : "Call ended before anybody was connected");
    }

    private static LoggingEventBuilder describe(LoggingEventBuilder line, Session session) {
        LoggingEventBuilder described = line.addKeyValue("session", session.id()).addKeyValue("peer", session.peer());
        if (session.username().isPresent()) {
            described = described.addKeyValue("user", session.username().get());
        }
        if (session.address().isPresent()) {
            described = described.addKeyValue("address", session.address().get());
        }
        return session.computer().isEmpty() ? described : described.addKeyValue("computer", session.computer());
    }

    /** Says what of its address and routes a client does not get. */
    void leftOut(Session session) {
        for (String reason : session.leftOut()) {
            if (notes.take(MonotonicClock.millis())) {
                describe(LOG.atWarn(), session).addKeyValue("reason", reason)
                        .log("The user does not get what was configured");
            }
        }
    }

    /** Whoever calls from within a user's network causes this, as often as it calls. */
    void rerouted(Session session) {
        leftOut(session);
        if (notes.take(MonotonicClock.millis())) {
            describe(LOG.atInfo(), session).addKeyValue("routes", session.routes()).log("The client's routes changed");
        }
    }

    void abandoned(Ipv4Address peer, String reason) {
        if (strangers.take(MonotonicClock.millis())) {
            LOG.atInfo()
                    .addKeyValue("peer", peer)
                    .addKeyValue("reason", reason)
                    .log("Connection closed without a call");
        }
    }

    void note(Ipv4Address peer, String text) {
        if (notes.take(MonotonicClock.millis())) {
            LOG.atInfo().addKeyValue("peer", peer).log(text);
        }
    }

    private boolean mayWrite(Session session) {
        long now = MonotonicClock.millis();
        return session.wasConnected()
                ? logins.take(session.username().orElseThrow(), session.peer(), now)
                : strangers.take(now);
    }

    void trace(Ipv4Address peer, String text) {
        if (traces.take(MonotonicClock.millis())) {
            TRACE.atInfo().addKeyValue("peer", peer).log(text);
        }
    }
}
