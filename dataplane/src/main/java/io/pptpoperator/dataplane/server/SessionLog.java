package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.ppp.auth.AuthMethod;
import io.pptpoperator.dataplane.ppp.auth.LoginFailure;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.dataplane.session.Session;
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
    private final LineBudget strangers = new LineBudget(Datapath.now());
    /** Failed logins under users' names, which a flood of other names must not hide. */
    private final LineBudget ofUsers = new LineBudget(Datapath.now());

    /** A flood of refused clients must not become a flood of lines: one a second for each limit, with a count. */
    void refused(Ipv4Address peer, Refusal refusal) {
        long now = Datapath.now();
        int unwritten = refusedSince.merge(refusal, 1, Integer::sum);
        if (now - refusedLineAt.getOrDefault(refusal, now - REFUSAL_LINE_MILLIS) >= REFUSAL_LINE_MILLIS) {
            refusedLineAt.put(refusal, now);
            refusedSince.remove(refusal);
            LOG.atWarn().addKeyValue("peer", peer).addKeyValue("limit", refusal.label())
                    .addKeyValue("refused", unwritten).log("Client refused: limit reached");
        }
    }

    /**
     * The name is written only if a user has it: people type passwords where the name belongs.
     *
     * @param known whether {@code username} is a user's
     */
    void loginFailed(Ipv4Address peer, String username, boolean known, AuthMethod method,
            LoginFailure reason, String detail) {
        LineBudget budget = known ? ofUsers : strangers;
        if (!mayWrite(budget)) {
            return;
        }
        LOG.atWarn().addKeyValue("user", known ? username : UNKNOWN_USER).addKeyValue("peer", peer)
                .addKeyValue("method", method.label())
                .addKeyValue("reason", reason.label()).addKeyValue("detail", detail).log("Login failed");
    }

    void connected(Session session) {
        describe(LOG.atInfo(), session)
                .addKeyValue("method", session.method().map(AuthMethod::label).orElse("none"))
                .addKeyValue("encryption", session.encryption().map(Object::toString).orElse("none"))
                .addKeyValue("mtu", session.mtu())
                .log("Connected");
    }

    void ended(Session session, long millis) {
        if (!session.wasConnected() && !mayWrite(strangers)) {
            return;
        }
        LoggingEventBuilder line = describe(LOG.atInfo(), session).addKeyValue("seconds", millis / 1000)
                .addKeyValue("bytesIn", session.traffic().bytesIn())
                .addKeyValue("bytesOut", session.traffic().bytesOut())
                .addKeyValue("reason", session.reason().label()).addKeyValue("detail", session.detail());
        line.log(session.wasConnected() ? "Disconnected" : "Call ended before anybody was connected");
    }

    private static LoggingEventBuilder describe(LoggingEventBuilder line, Session session) {
        LoggingEventBuilder described = line.addKeyValue("session", session.id()).addKeyValue("peer",
                session.peer());
        if (session.username().isPresent()) {
            described = described.addKeyValue("user", session.username().get());
        }
        if (session.address().isPresent()) {
            described = described.addKeyValue("address", session.address().get());
        }
        return session.computer().isEmpty()
                ? described
                : described.addKeyValue("computer", session.computer());
    }

    void abandoned(Ipv4Address peer, String reason) {
        if (mayWrite(strangers)) {
            LOG.atInfo().addKeyValue("peer", peer).addKeyValue("reason", reason)
                    .log("Connection closed without a call");
        }
    }

    void note(Ipv4Address peer, String text) {
        if (mayWrite(strangers)) {
            LOG.atInfo().addKeyValue("peer", peer).log(text);
        }
    }

    private static boolean mayWrite(LineBudget budget) {
        budget.omittedBefore(Datapath.now()).ifPresent(lines -> LOG.atWarn().addKeyValue("lines", lines)
                .log("Left out lines about clients that did not log in: there were too many in a second"));
        return budget.take();
    }

    void trace(Ipv4Address peer, String text) {
        TRACE.atInfo().addKeyValue("peer", peer).log(text);
    }
}
