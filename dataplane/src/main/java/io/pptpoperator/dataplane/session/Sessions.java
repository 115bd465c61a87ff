package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.ServerConfig.Sessions.WhenExceeded;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.dataplane.datapath.Tunnels;
import io.pptpoperator.protocol.address.AddressLeases;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ConnectionLimits;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * All clients of one server, and the rules that hold for all of them: limits, policies, addresses. It lives on the
 * control loop, which is one thread, so nothing in it needs a lock.
 */
public final class Sessions {
    /** Milliseconds that the four control messages before the call may take; a session has its own limit then. */
    private static final long STOP_TIMEOUT = 5_000;

    private final Tunnels tunnels;
    private final SessionEvents events;
    private final InstantSource clock;
    private final LongSupplier millis;
    private final SecureRandom random;
    private final AddressLeases leases;
    private final ConnectionLimits limits;
    private final Map<ConnectionLimits.Ticket, PeerConnection> connections = new LinkedHashMap<>();
    private final Map<String, Session> byId = new LinkedHashMap<>();
    private final PeerAddresses peers = new PeerAddresses();
    /** Connected sessions whose users have networks behind them. */
    private final Set<Session> withRoutes = new LinkedHashSet<>();
    /** Sessions with a proven password, oldest first. */
    private final Map<String, List<Session>> byUser = new LinkedHashMap<>();
    private ServerConfig config;
    private final LocalUsers localUsers;
    private final Authority authority;
    private final LoginBackoff backoff = new LoginBackoff();
    private int linkMtu;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean draining;
    private int sessionNumber;

    /**
     * Starts without clients.
     *
     * @param linkMtu the largest IP packet that fits a tunnel to any client, in bytes
     * @param clock tells the time of day, for users' {@code validUntil}
     * @param millis the monotonic clock, in milliseconds, whose readings are passed to all methods as {@code now}, and
     *     which tunnels' counters use
     */
    public Sessions(Configuration configuration, int linkMtu, Tunnels tunnels, SessionEvents events,
            InstantSource clock, LongSupplier millis, SecureRandom random) {
        this(configuration, linkMtu, tunnels, events, clock, millis, random, local -> local);
    }

    /**
     * Starts without clients, and with an authority of its own.
     *
     * @param authorities makes it of the one that knows the users of {@code users.yaml}
     */
    public Sessions(Configuration configuration, int linkMtu, Tunnels tunnels, SessionEvents events,
            InstantSource clock, LongSupplier millis, SecureRandom random, UnaryOperator<Authority> authorities) {
        Users users = new Users(configuration.users());
        this.config = configuration.server();
        this.localUsers = new LocalUsers(users, clock, random);
        this.authority = authorities.apply(localUsers);
        this.linkMtu = linkMtu;
        this.tunnels = tunnels;
        this.events = events;
        this.clock = clock;
        this.millis = millis;
        this.random = random;
        this.leases = new AddressLeases(config.network().addressPool(), users.staticAddresses());
        this.limits = new ConnectionLimits(connectionLimits(config));
    }

    private static ConnectionLimits.Limits connectionLimits(ServerConfig config) {
        return new ConnectionLimits.Limits(config.limits().pendingConnections(), config.limits().connectionsPerSource(),
                config.limits().connectionsPerSecond());
    }

    /**
     * Applies a changed configuration: to new logins at once, and to present sessions where their user may no longer be
     * logged in, which ends them. Nobody else notices.
     */
    public void configure(Configuration changed, int newLinkMtu, long now) {
        config = changed.server();
        linkMtu = newLinkMtu;
        Users users = new Users(changed.users());
        localUsers.change(users);
        leases.change(config.network().addressPool(), users.staticAddresses());
        limits.reconfigure(connectionLimits(config));
        List.copyOf(connections.values()).forEach(PeerConnection::reconfigure);
        endUnwelcome(now);
        endLoginsWithLostAddresses(now);
    }

    /**
     * Sessions keep an address that the pools lost. A login that is not complete does not: no list of sessions shows
     * its address yet, so whoever takes it for free may have given it to another server.
     */
    private void endLoginsWithLostAddresses(long now) {
        for (Session session : all()) {
            if (!session.isConnected() && session.address()
                    .filter(address -> !leases.mayHave(session.username().orElseThrow(), address))
                    .isPresent()) {
                session.end(TerminationReason.NO_ADDRESS,
                        "the pools lost the address during the login; the next try gets another", now);
            }
        }
    }

    /** Ends sessions whose user's or own time is over; to be called a few times a second. */
    public void sweep(long now) {
        endUnwelcome(now);
        for (Session session : List.copyOf(byId.values())) {
            session.endIfTimeIsOver(config.sessions(), now);
        }
    }

    private void endUnwelcome(long now) {
        Instant time = clock.instant();
        for (Session session : all()) {
            if (session.isOpen()) {
                session.login()
                        .authority()
                        .flatMap(by -> by.objection(session.username().orElseThrow(), session.peer(), time))
                        .ifPresent(why -> session.end(TerminationReason.USER_CHANGED, why, now));
            }
        }
    }

    /** A client connected; empty when a limit keeps it out, in which case the connection is to be closed. */
    public Optional<PeerConnection> accept(ControlChannel channel, long now) {
        if (draining) {
            events.refused(channel.peer(), Refusal.DRAINING);
            return Optional.empty();
        }
        return switch (limits.connect(channel.peer(), now)) {
            case ConnectionLimits.Verdict.Accepted accepted -> {
                accepted.displaced().map(connections::get).ifPresent(displaced -> displaced.displace(now));
                PeerConnection connection = new PeerConnection(this, channel, accepted.ticket(), now);
                connections.put(accepted.ticket(), connection);
                yield Optional.of(connection);
            }
            case ConnectionLimits.Verdict.Refused refused -> {
                events.refused(channel.peer(), Refusal.of(refused.limit()));
                yield Optional.empty();
            }
        };
    }

    /** Why there is no room for another session, if there is none. */
    Optional<Refusal> refusalOfCall() {
        if (draining) {
            return Optional.of(Refusal.DRAINING);
        }
        return byId.size() >= config.limits().sessions() ? Optional.of(Refusal.SESSIONS) : Optional.empty();
    }

    Optional<Tunnel> openTunnel(ControlChannel channel, OutgoingCallRequest request, Session session) {
        boolean required = config.encryption().policy() == ServerConfig.Encryption.Policy.REQUIRED;
        return tunnels.open(new TunnelSpec(channel.peer(), channel.local(), request.callId(), required,
                config.gre().reorderPackets(), (int) config.gre().reorderDelay().toMillis()), session);
    }

    String nextId() {
        sessionNumber++;
        return "%08x-%d".formatted(random.nextInt(), sessionNumber);
    }

    void add(Session session) {
        byId.put(session.id(), session);
        peers.add(session.peer());
        withRoutes.forEach(other -> other.peerCame(session.peer()));
    }

    void remove(Session session) {
        withRoutes.remove(session);
        if (byId.remove(session.id()) != null) {
            peers.remove(session.peer());
            withRoutes.forEach(other -> other.peerWent(session.peer()));
        }
    }

    PeerAddresses peers() {
        return peers;
    }

    /** Has a session told when clients come from addresses in its networks. */
    void watchRoutes(Session session) {
        withRoutes.add(session);
    }

    void removeConnection(ConnectionLimits.Ticket ticket) {
        connections.remove(ticket);
        completeIfDrained();
    }

    /**
     * Has the authority decide about a login and, if that lets the user in, leases an address and makes room.
     *
     * @param wanted whether the session still waits for the answer
     * @param answer hears it, in this call or later, if it is still wanted then
     */
    void decide(Session session, LoginQuestion question, BooleanSupplier wanted, Consumer<LoginAnswer> answer) {
        if (!question.repeated() && !backoff.mayTry(session.peer(), question.name(), now())) {
            answer.accept(new LoginAnswer.Rejected(LoginFailure.TOO_MANY_FAILURES));
            return;
        }
        authority.decide(new LoginRequest(session.id(), session.peer(), session.local(), question), verdict -> {
            if (!question.repeated()) {
                count(session.peer(), question.name(), verdict);
            }
            if (wanted.getAsBoolean()) {
                answer.accept(switch (verdict) {
                    case Verdict.Proven proven when question.repeated() ->
                        new LoginAnswer.Accepted(proven.username(), proven.proof(), LoginGrant.NONE);
                    case Verdict.Proven proven -> admit(session, question.method(), proven);
                    case Verdict.Rejected(LoginFailure reason, var message) ->
                        new LoginAnswer.Rejected(reason, message);
                });
            }
        });
    }

    private void count(Ipv4Address peer, String name, Verdict verdict) {
        switch (verdict) {
            case Verdict.Proven proven -> backoff.proved(peer, name);
            case Verdict.Rejected(LoginFailure reason, var message) -> {
                switch (reason) {
                    case NO_DECISION -> backoff.undecided(peer, name);
                    case DISABLED, EXPIRED, SOURCE_NOT_ALLOWED, SESSION_LIMIT, NO_ADDRESS, REFUSED ->
                        backoff.proved(peer, name); // in spite of the right password
                    case BAD_CREDENTIALS, TOO_MANY_FAILURES, METHOD_NOT_POSSIBLE, TIMEOUT, SERVER_NOT_VERIFIED -> {
                    }
                }
            }
        }
    }

    /** The user is who it claims to be: what speaks against it now is the number of sessions, and the pools. */
    private LoginAnswer admit(Session session, AuthMethod method, Verdict.Proven proven) {
        String username = proven.username();
        if (session.wasConnected() && !session.username().equals(Optional.of(username))) {
            // A link may be negotiated anew, but the books, and the routes, are those of one user.
            return new LoginAnswer.Rejected(LoginFailure.REFUSED);
        }
        release(session);
        if (proven.by().objection(username, session.peer(), clock.instant()).isPresent()) {
            return new LoginAnswer.Rejected(LoginFailure.REFUSED); // since the question, the user was removed or disabled
        }
        if (!makeRoom(username, proven.terms(), now())) {
            return new LoginAnswer.Rejected(LoginFailure.SESSION_LIMIT);
        }
        Optional<Ipv4Address> address = switch (proven.terms().address()) {
            case Terms.AddressWish.Any any -> leases.lease(username, peers::contains);
            case Terms.AddressWish.Static fixed -> leases.lease(username, peers::contains);
            case Terms.AddressWish.Only(Ipv4Address only) ->
                peers.contains(only) ? Optional.empty() : leases.leaseOnly(username, only);
        };
        if (address.isEmpty()) {
            return new LoginAnswer.Rejected(LoginFailure.NO_ADDRESS);
        }
        byUser.computeIfAbsent(username, name -> new ArrayList<>()).add(session);
        session.login().admitted(proven, method, address.get());
        return new LoginAnswer.Accepted(username, proven.proof(), session.login().grant());
    }

    private boolean makeRoom(String username, Terms terms, long now) {
        int most = terms.sessions().orElse(config.sessions().perUser());
        List<Session> present = byUser.getOrDefault(username, List.of());
        if (most == 0 || present.size() < most) {
            return true;
        }
        if (config.sessions().whenExceeded() == WhenExceeded.DENY) {
            return false;
        }
        for (Session oldest : List.copyOf(present.subList(0, present.size() - most + 1))) {
            oldest.end(TerminationReason.REPLACED, "the user logged in again", now);
        }
        return true;
    }

    /** Takes a session's address back, if it has one, and forgets that its user has the session. */
    void release(Session session) {
        Optional<Ipv4Address> lease = session.login().takeLease();
        if (lease.isEmpty()) {
            return;
        }
        String username = session.username().orElseThrow();
        leases.release(lease.get());
        byUser.computeIfPresent(username, (name, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
        byUser.getOrDefault(username, List.of()).forEach(Session::reclaimRoutes);
    }

    /** From now on nobody new gets in. */
    public void drain() {
        draining = true;
        completeIfDrained();
    }

    private void completeIfDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }

    /** Completed, on the control loop, once {@link #drain} was called and no connection is left. */
    public CompletableFuture<Void> drained() {
        return drained;
    }

    /** Whether a user has this name. */
    public boolean isUser(String username) {
        return users().get(username).isPresent();
    }

    /** Ends all connections and their sessions in order. */
    public void endAll(TerminationReason reason, String detail, long now) {
        List.copyOf(connections.values()).forEach(connection -> connection.end(reason, detail, now));
    }

    /** Ends one session in order; false when there is none with this id. */
    public boolean end(String id, String detail, long now) {
        Session session = byId.get(id);
        if (session == null) {
            return false;
        }
        session.end(TerminationReason.ADMIN, detail, now);
        return true;
    }

    /** Ends all sessions of a user in order; returns how many there were. */
    public int endUser(String username, String detail, long now) {
        List<Session> sessions = List.copyOf(byUser.getOrDefault(username, List.of()));
        sessions.forEach(session -> session.end(TerminationReason.ADMIN, detail, now));
        return sessions.size();
    }

    /** The sessions, oldest first, those not yet logged in among them. */
    public Collection<Session> all() {
        return List.copyOf(byId.values());
    }

    /** The addresses that clients have now, those outside a changed pool among them. */
    public List<Ipv4Address> leasedAddresses() {
        return byUser.values().stream().flatMap(List::stream).map(Session::address).flatMap(Optional::stream).toList();
    }

    /** How many sessions there are, logged in or not. */
    public int count() {
        return byId.size();
    }

    /** Control connections whose user is not yet logged in. */
    public int pending() {
        return limits.pending();
    }

    /** The addresses. */
    public AddressLeases leases() {
        return leases;
    }

    /** The configuration in force. */
    public ServerConfig config() {
        return config;
    }

    Users users() {
        return localUsers.users();
    }

    SessionEvents events() {
        return events;
    }

    SecureRandom random() {
        return random;
    }

    long now() {
        return millis.getAsLong();
    }

    Instant time() {
        return clock.instant();
    }

    int linkMtu() {
        return linkMtu;
    }

    long loginTimeout() {
        return config.authentication().timeout().toMillis();
    }

    PacSettings pacSettings() {
        return new PacSettings(config.name(), config.control().echoInterval().toMillis(), loginTimeout(), STOP_TIMEOUT);
    }
}
