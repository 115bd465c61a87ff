package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.radius.Radius;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.SessionEvents;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Passes what happens to sessions on to the log, the metrics and the history of logins. */
final class ServerEvents implements SessionEvents {
    private final SessionLog log = new SessionLog();
    private final LoginHistory logins = new LoginHistory();
    /** As the configuration says. */
    private volatile Set<Ipv4Address> tracedAlways = Set.of();
    /** As the administration port was asked, which outlives edits of the configuration. */
    private final Set<Ipv4Address> tracedForNow = ConcurrentHashMap.newKeySet();
    private final AtomicLong mppeResets = new AtomicLong();
    private final InstantSource clock;
    private final NetworkChanges network;
    private ServerMetrics metrics;
    private Radius radius;
    private Supplier<List<Ipv4Address>> leased;

    ServerEvents(InstantSource clock, NetworkChanges network) {
        this.clock = clock;
        this.network = network;
    }

    /** RADIUS needs what this writes down of it: it is told before the first client comes. */
    void radius(Radius told) {
        radius = told;
    }

    /** Metrics need the sessions and the sessions need this: it is told before the first client comes. */
    void metrics(ServerMetrics ready, Supplier<List<Ipv4Address>> leasedAddresses) {
        metrics = ready;
        leased = leasedAddresses;
    }

    /** Tells of what was left unsaid; to be called on the control loop now and then. */
    void sweep(long now) {
        log.sweep(now);
    }

    LoginHistory logins() {
        return logins;
    }

    long mppeResets() {
        return mppeResets.get();
    }

    /** So many stateful streams were reset before, by another process. */
    void goOn(long resets) {
        mppeResets.set(resets);
    }

    void traceAlways(Collection<Ipv4Address> peers) {
        tracedAlways = Set.copyOf(peers);
    }

    void trace(Ipv4Address peer, boolean on) {
        if (on) {
            tracedForNow.add(peer);
        } else {
            tracedForNow.remove(peer);
            tracedAlways = tracedAlways.stream()
                    .filter(other -> !other.equals(peer))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    @Override
    public void refused(Ipv4Address peer, Refusal refusal) {
        metrics.limitRefused(refusal);
        log.refused(peer, refusal);
    }

    @Override
    public void stepDone(LoginStep step, long millis) {
        metrics.loginStep(step, Duration.ofMillis(millis));
    }

    @Override
    public void loginFailed(Ipv4Address peer, String username, boolean known, AuthMethod method, LoginFailure reason,
            String detail) {
        metrics.loginFailed(method, reason);
        if (reason == LoginFailure.NO_ADDRESS) {
            metrics.poolExhausted();
        }
        boolean somebodys = known || logins.knows(username);
        if (somebodys) {
            logins.failed(username, peer, reason.label(), clock.instant());
        }
        log.loginFailed(peer, username, somebodys, method, reason, detail);
    }

    @Override
    public void connected(Session session) {
        metrics.loginSucceeded(session.method().orElseThrow());
        logins.succeeded(session.username().orElseThrow(), session.peer(), session.address().orElseThrow(),
                clock.instant());
        log.connected(session);
        log.leftOut(session);
        network.connected(session.id(), session.address().orElseThrow(), session.routes());
        if (session.terms().address() instanceof Terms.AddressWish.Only) {
            network.recheck(leased.get()); // it may be outside the pools, which nothing is routed to yet
        }
        radius.connected(session);
    }

    @Override
    public void takenOver(Session session) {
        network.takenOver(session.id(), session.address().orElseThrow(), session.routes());
        radius.takenOver(session);
    }

    @Override
    public void handedOver(Session session) {
        radius.handedOver(session);
    }

    @Override
    public void rerouted(Session session) {
        log.rerouted(session);
        network.rerouted(session.id(), session.routes());
    }

    @Override
    public void ended(Session session, long millis) {
        session.address().ifPresent(address -> network.ended(session.id(), address, leased));
        radius.ended(session);
        metrics.sessionEnded(session.reason());
        if (session.reason() == TerminationReason.ENCRYPTION_REFUSED) {
            // Whoever asks how the user's last login went is told: the password was right, and nothing came of it.
            session.username()
                    .ifPresent(it -> logins.failed(it, session.peer(), session.reason().label(), clock.instant()));
        }
        log.ended(session, millis);
    }

    @Override
    public void abandoned(Ipv4Address peer, String reason) {
        log.abandoned(peer, reason);
    }

    @Override
    public void note(Ipv4Address peer, String text) {
        log.note(peer, text);
    }

    @Override
    public void mppeReset() {
        mppeResets.incrementAndGet();
    }

    @Override
    public boolean traces(Ipv4Address peer) {
        return tracedAlways.contains(peer) || tracedForNow.contains(peer);
    }

    @Override
    public void trace(Ipv4Address peer, String text) {
        log.trace(peer, text);
    }
}
