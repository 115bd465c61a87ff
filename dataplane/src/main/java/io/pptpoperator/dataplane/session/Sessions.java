package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.ServerConfig.Sessions.WhenExceeded;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.dataplane.datapath.Tunnels;
import io.pptpoperator.protocol.address.AddressLeases;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ConnectionLimits;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
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
import java.util.function.LongSupplier;

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
    private Users users;
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
        this.config = configuration.server();
        this.users = new Users(configuration.users());
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
        users = new Users(changed.users());
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
            if (session.isOpen() && session.username().isPresent()) {
                users.get(session.username().get())
                        .ifPresentOrElse(
                                user -> Users.refusal(user, session.peer(), time)
                                        .ifPresent(reason -> session.end(TerminationReason.USER_CHANGED,
                                                reason.message(), now)),
                                () -> session.end(TerminationReason.USER_CHANGED, "the user was removed", now));
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
     * Decides about a user who has proved the password: state, source, number of sessions, address. What is granted is
     * the address, which must be given back with {@link #release}.
     */
    Granted admit(Session session, String username, long now) {
        Optional<UserConfig> user = users.get(username);
        if (user.isEmpty()) {
            return new Granted.Nothing(LoginFailure.BAD_CREDENTIALS);
        }
        Optional<LoginFailure> refusal = Users.refusal(user.get(), session.peer(), clock.instant());
        if (refusal.isPresent()) {
            return new Granted.Nothing(refusal.get());
        }
        if (!makeRoom(user.get(), now)) {
            return new Granted.Nothing(LoginFailure.SESSION_LIMIT);
        }
        Optional<Ipv4Address> address = leases.lease(username, peers::contains);
        if (address.isEmpty()) {
            return new Granted.Nothing(LoginFailure.NO_ADDRESS);
        }
        byUser.computeIfAbsent(username, name -> new ArrayList<>()).add(session);
        return new Granted.Address(user.get(), address.get());
    }

    /** What {@link #admit} decided. */
    sealed interface Granted {
        /** The login goes through, with this address. */
        record Address(UserConfig user, Ipv4Address address) implements Granted {}

        /** It does not. */
        record Nothing(LoginFailure reason) implements Granted {}
    }

    private boolean makeRoom(UserConfig user, long now) {
        int most = user.sessions().orElse(config.sessions().perUser());
        List<Session> present = byUser.getOrDefault(user.username(), List.of());
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

    /** Takes a session's address back, and forgets that its user has the session. */
    void release(Session session, String username, Ipv4Address address) {
        leases.release(address);
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
        return users.get(username).isPresent();
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
        return users;
    }

    LoginBackoff backoff() {
        return backoff;
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
