package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.PushedRoutes;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ConnectionLimits;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All connections and sessions of one server, and the rules that hold for all of them. It answers those who want to be
 * let in; whom it has end, it tells as a {@link Member}. It lives on the control loop, which is one thread, so nothing in
 * it needs a lock.
 */
final class SessionTable {
    /** Milliseconds that a peer may take for its Stop-Control-Connection-Reply. */
    private static final long STOP_TIMEOUT = 5_000;

    /** A connection as the table sees it. */
    interface Member {

        /** Ends it, and its session, if there is one, in order; a reason given before stays. */
        void end(TerminationReason reason, String detail, long now);

        /** It has to go at once, because others are let in before it. */
        void displace(long now);

        /** The settings are others now. */
        void reconfigure();
    }

    private final SessionEvents events;
    private final InstantSource clock;
    private final SecureRandom random;
    private final ConnectionLimits limits;
    private final Logins logins;
    private final PeerAddresses peers = new PeerAddresses();
    private final UserRates rates = new UserRates();
    private final Map<ConnectionLimits.Ticket, Member> connections = new LinkedHashMap<>();
    /** The sessions, oldest first. */
    private final Map<Session, Member> sessions = new LinkedHashMap<>();
    /** Connected sessions whose users have networks behind them. */
    private final Set<Session> withRoutes = new LinkedHashSet<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private ServerConfig config;
    private int linkMtu;
    private boolean draining;
    private int sessionNumber;

    /** Nobody is there. For the arguments see {@link Sessions}. */
    SessionTable(Configuration configuration, int linkMtu, SessionEvents events, InstantSource clock,
            LongSupplier millis, SecureRandom random, Function<LocalUsers, Authority> authorities) {
        this.config = configuration.server();
        this.linkMtu = linkMtu;
        this.events = events;
        this.clock = clock;
        this.random = random;
        limits = new ConnectionLimits(connectionLimits(config));
        logins = new Logins(configuration, authorities, clock, millis, random, peers, this::end, events::note);
    }

    private static ConnectionLimits.Limits connectionLimits(ServerConfig config) {
        return new ConnectionLimits.Limits(config.limits().pendingConnections(), config.limits().connectionsPerSource(),
                config.limits().connectionsPerSecond());
    }

    // Settings.

    /** See {@link Sessions#configure}. */
    void configure(Configuration changed, int newLinkMtu, long now) {
        config = changed.server();
        linkMtu = newLinkMtu;
        logins.configure(changed);
        all().forEach(session -> takeOnTerms(session, now));
        limits.reconfigure(connectionLimits(config));
        List.copyOf(connections.values()).forEach(Member::reconfigure);
        endUnwelcome(now);
        endLoginsWithLostAddresses(now);
    }

    /** The configuration in force. */
    ServerConfig config() {
        return config;
    }

    /** The largest IP packet that fits a tunnel to any client, in bytes. */
    int linkMtu() {
        return linkMtu;
    }

    /** What a control connection needs of the configuration in force. */
    PacSettings pacSettings() {
        return new PacSettings(config.name(), config.keepalive().controlInterval().toMillis(),
                config.authentication().timeout().toMillis(), STOP_TIMEOUT);
    }

    /** What a tunnel needs of it. */
    TunnelSpec tunnelSpec(Ipv4Address peer, Ipv4Address local, int peerCallId) {
        boolean required = config.encryption().policy() == ServerConfig.Encryption.Policy.REQUIRED;
        return new TunnelSpec(peer, local, peerCallId, required, config.reordering().packets(),
                (int) config.reordering().delay().toMillis());
    }

    /** The time of day. */
    Instant time() {
        return clock.instant();
    }

    // Connections.

    /** A client connected; empty when a limit keeps it out. Whoever has a ticket {@link #join}s and {@link #left}. */
    Optional<ConnectionLimits.Ticket> letIn(Ipv4Address peer, long now) {
        if (draining) {
            events.refused(peer, Refusal.DRAINING);
            return Optional.empty();
        }
        return switch (limits.connect(peer, now)) {
            case ConnectionLimits.Verdict.Accepted accepted -> {
                accepted.displaced().map(connections::get).ifPresent(displaced -> displaced.displace(now));
                yield Optional.of(accepted.ticket());
            }
            case ConnectionLimits.Verdict.Refused refused -> {
                events.refused(peer, Refusal.of(refused.limit()));
                yield Optional.empty();
            }
        };
    }

    void join(ConnectionLimits.Ticket ticket, Member member) {
        connections.put(ticket, member);
    }

    void left(ConnectionLimits.Ticket ticket) {
        connections.remove(ticket);
        completeIfDrained();
    }

    // Sessions.

    /** Why there is no room for another session, if there is none. */
    Optional<Refusal> refusalOfCall() {
        if (draining) {
            return Optional.of(Refusal.DRAINING);
        }
        return sessions.size() >= config.limits().maxSessions() ? Optional.of(Refusal.SESSIONS) : Optional.empty();
    }

    /** A call came, and has a tunnel. */
    Session add(Member member, ControlChannel channel, PacSession pac, Tunnel tunnel, long now) {
        sessionNumber++;
        String id = "%08x-%d".formatted(random.nextInt(), sessionNumber);
        Session session = new Session(id, channel, pac, tunnel, peers, config.network(), now, time());
        sessions.put(session, member);
        peers.add(session.peer());
        withRoutes.stream().filter(other -> other.peerCame(session.peer())).toList().forEach(events::rerouted);
        return session;
    }

    /**
     * A session of another process goes on here; {@link #goOn} follows when all of them are there.
     *
     * @throws IllegalStateException when its address is somebody else's
     */
    Session takeOver(Member member, SessionSnapshot before, PacSession pac, Tunnel tunnel) {
        Session session = new Session(before, pac, tunnel, peers, config.network());
        logins.takeOver(session, before.login());
        sessions.put(session, member);
        peers.add(session.peer());
        sessionNumber++;
        return session;
    }

    /** A connection of another process goes on here. */
    ConnectionLimits.Ticket takeOver(Ipv4Address peer) {
        return limits.takeOver(peer);
    }

    /** All sessions of the other process are there. */
    void goOn(long now) {
        for (Session session : all()) {
            renewTerms(session);
            limit(session, now);
            session.goOn();
            connected(session);
            events.takenOver(session);
        }
    }

    /** See {@link Logins#decide}. */
    void decide(Session session, LoginQuestion question, BooleanSupplier wanted, Consumer<LoginAnswer> answer) {
        logins.decide(session, question, wanted, answer);
    }

    /** The configured name of the user whom a client means, if there is such a user. */
    Optional<String> userMeant(String name) {
        return logins.users().find(name).map(UserConfig::username);
    }

    /** Gives a session other terms; its address, routes and name servers stay what they are. */
    void change(Session session, Terms terms, long now) {
        session.change(terms);
        limit(session, now);
    }

    /** What whoever let its user in says of the user now, where that may change. */
    private static void renewTerms(Session session) {
        Terms before = session.terms();
        session.login()
                .authority()
                .flatMap(by -> by.terms(session.username().orElseThrow()))
                .map(it -> before.with(it.limits()).withProfile(it.profile()))
                .filter(it -> !it.equals(before))
                .ifPresent(session::change);
    }

    private void takeOnTerms(Session session, long now) {
        renewTerms(session);
        Terms terms = session.terms();
        session.hearInforms(isTold(session));
        if (session.wasConnected() && !(logins.profiles().limits(terms).equals(session.limits())
                && logins.profiles().reach(terms).equals(session.reach()))) {
            limit(session, now);
        }
    }

    /** Lets its tunnel pass what its terms and its user's profile allow, before there is a network for anything to pass. */
    void limit(Session session, long now) {
        Terms.Limits limits = logins.profiles().limits(session.terms());
        session.limit(limits, rates.limits(session, limits, now), logins.profiles().reach(session.terms()));
        session.hearInforms(isTold(session));
    }

    /** What the client of a session is told when it asks by DHCPINFORM. */
    private PushedRoutes pushed(Session session) {
        return logins.profiles().routes(session.terms()).orElse(config.network().routes());
    }

    private boolean isTold(Session session) {
        return !pushed(session).equals(PushedRoutes.NONE);
    }

    /** The client of a session asks by DHCPINFORM. */
    void inform(Session session, byte[] packet) {
        if (isTold(session)) {
            session.inform(packet, pushed(session), logins.profiles());
        }
    }

    /** A session is connected. */
    void connected(Session session) {
        if (session.hasRoutes()) {
            withRoutes.add(session);
        }
    }

    /** Takes a session's address back, if it has one, and forgets that its user has the session. */
    void release(Session session) {
        logins.release(session);
    }

    /** A session is over. */
    void remove(Session session) {
        rates.leave(session);
        withRoutes.remove(session);
        if (sessions.remove(session) != null) {
            peers.remove(session.peer());
            withRoutes.stream().filter(other -> other.peerWent(session.peer())).toList().forEach(events::rerouted);
        }
    }

    /** A session is another process' from now on: as if it had never been here. */
    void forget(ConnectionLimits.Ticket ticket, Session session) {
        connections.remove(ticket);
        sessions.remove(session);
        withRoutes.remove(session);
        logins.forget(session);
        events.handedOver(session);
        completeIfDrained();
    }

    // Ends.

    /** Ends a session in order. */
    void end(Session session, TerminationReason why, String sentence, long now) {
        Member member = sessions.get(session);
        if (member != null && session.isOpen()) {
            member.end(why, sentence, now);
        }
    }

    /** Ends all connections and their sessions in order. */
    void endAll(TerminationReason reason, String detail, long now) {
        List.copyOf(connections.values()).forEach(connection -> connection.end(reason, detail, now));
    }

    /** Ends sessions whose user's or own time is over. */
    void sweep(long now) {
        endUnwelcome(now);
        all().forEach(session -> endIfTimeIsOver(session, now));
    }

    private void endIfTimeIsOver(Session session, long now) {
        if (!session.isConnected()) {
            return;
        }
        Terms.Limits terms = session.limits();
        long idle = terms.idleTimeout().orElse(config.sessionPolicy().idleTimeout()).toMillis();
        long most = terms.maxDuration().orElse(config.sessionPolicy().maxDuration()).toMillis();
        if (idle > 0 && now - Math.max(session.connectedAt(), session.traffic().lastData()) >= idle) {
            end(session, TerminationReason.IDLE_TIMEOUT, "no data for " + name(terms.idleTimeout(),
                    "the idle timeout of the user or its profile", "sessionPolicy.idleTimeout"), now);
        } else if (most > 0 && now - session.connectedAt() >= most) {
            end(session, TerminationReason.SESSION_TIMEOUT, "connected for " + name(terms.maxDuration(),
                    "the longest time of the user or its profile", "sessionPolicy.maxDuration"), now);
        }
    }

    private static String name(Optional<Duration> ofUser, String users, String servers) {
        return ofUser.isPresent() ? users : servers;
    }

    private void endUnwelcome(long now) {
        Instant time = clock.instant();
        for (Session session : all()) {
            if (session.isOpen()) {
                logins.objection(session, time).ifPresent(it -> end(session, it.why(), it.sentence(), now));
            }
        }
    }

    /**
     * Sessions keep an address that the pools lost. A login that is not complete does not: no list of sessions shows its
     * address yet, so whoever takes it for free may have given it to another server.
     */
    private void endLoginsWithLostAddresses(long now) {
        for (Session session : all()) {
            if (!session.isConnected() && logins.hasLostAddress(session)) {
                end(session, TerminationReason.NO_ADDRESS,
                        "the pools lost the address during the login; the next try gets another", now);
            }
        }
    }

    /** From now on nobody new gets in. */
    void drain() {
        draining = true;
        completeIfDrained();
    }

    private void completeIfDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }

    /** Completed, on the control loop, once {@link #drain} was called and no connection is left. */
    CompletableFuture<Void> drained() {
        return drained;
    }

    // What others may know.

    /** The sessions, oldest first, those not yet logged in among them. */
    List<Session> all() {
        return List.copyOf(sessions.keySet());
    }

    /** How many sessions there are, logged in or not. */
    int count() {
        return sessions.size();
    }

    /** Control connections whose user is not yet logged in. */
    int pending() {
        return limits.pending();
    }

    Logins logins() {
        return logins;
    }
}
