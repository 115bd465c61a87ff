package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.Tunnels;
import io.pptpoperator.protocol.address.AddressLeases;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** All clients of one server: lets them in, and does with them what the server wants. It lives on the control loop. */
public final class Sessions {
    private final SessionTable table;
    private final PeerConnection.Outside outside;

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
            InstantSource clock, LongSupplier millis, SecureRandom random,
            Function<LocalUsers, Authority> authorities) {
        table = new SessionTable(configuration, linkMtu, events, clock, millis, random, authorities);
        outside = new PeerConnection.Outside(tunnels, events, millis, random);
    }

    /** A client connected; empty when a limit keeps it out, in which case the connection is to be closed. */
    public Optional<PeerConnection> accept(ControlChannel channel, long now) {
        return table.letIn(channel.peer(), now).map(ticket -> {
            PeerConnection connection = new PeerConnection(table, outside, channel, ticket, now);
            table.join(ticket, connection);
            return connection;
        });
    }

    /**
     * A session of another process goes on here, on a TCP connection that is the same; {@link #goOn} follows when all of
     * them are there.
     *
     * @throws IllegalStateException when its address or Call ID is somebody else's
     */
    public PeerConnection takeOver(ControlChannel channel, SessionSnapshot before, long now) {
        return new PeerConnection(table, outside, channel, before, now);
    }

    /** What is remembered of logins beside the sessions. */
    public LoginMemory memory() {
        return table.logins().memory();
    }

    /** Remembers what another process did; to be called before its sessions are taken over. */
    public void remember(LoginMemory memory) {
        table.logins().remember(memory);
    }

    /** All sessions of the other process are there: IP may pass. */
    public void goOn(long now) {
        table.goOn(now);
    }

    /**
     * Applies a changed configuration: to new logins at once, and to present sessions where their user may no longer be
     * logged in, which ends them. Nobody else notices.
     */
    public void configure(Configuration changed, int linkMtu, long now) {
        table.configure(changed, linkMtu, now);
    }

    /** Ends sessions whose user's or own time is over; to be called a few times a second. */
    public void sweep(long now) {
        table.sweep(now);
    }

    /** From now on nobody new gets in. */
    public void drain() {
        table.drain();
    }

    /** Completed, on the control loop, once {@link #drain} was called and no connection is left. */
    public CompletableFuture<Void> drained() {
        return table.drained();
    }

    /** Ends all connections and their sessions in order. */
    public void endAll(TerminationReason reason, String detail, long now) {
        table.endAll(reason, detail, now);
    }

    /** Ends one session in order; false when there is none with this id. */
    public boolean end(String id, String detail, long now) {
        Optional<Session> session = table.all().stream().filter(it -> it.id().equals(id)).findFirst();
        session.ifPresent(it -> table.end(it, TerminationReason.ADMIN, detail, now));
        return session.isPresent();
    }

    /** Ends a session in order, for this reason. */
    public void end(Session session, TerminationReason why, String detail, long now) {
        table.end(session, why, detail, now);
    }

    /** Gives a connected session other terms; its address, routes and name servers stay what they are. */
    public void change(Session session, Terms terms, long now) {
        table.change(session, terms, now);
    }

    /** Ends all sessions of a user in order; returns how many there were. */
    public int endUser(String username, String detail, long now) {
        List<Session> sessions = table.logins().sessionsOf(username);
        sessions.forEach(session -> table.end(session, TerminationReason.ADMIN, detail, now));
        return sessions.size();
    }

    /** The names of the profiles of {@code users.profiles.yaml}. */
    public Set<String> profiles() {
        return table.logins().profiles().names();
    }

    /** Whether {@code users.yaml} has a user of this name. */
    public boolean isUser(String username) {
        return table.logins().users().get(username).isPresent();
    }

    /** The sessions, oldest first, those not yet logged in among them. */
    public Collection<Session> all() {
        return table.all();
    }

    /** How many sessions there are, logged in or not. */
    public int count() {
        return table.count();
    }

    /** Control connections whose user is not yet logged in. */
    public int pending() {
        return table.pending();
    }

    /** The addresses that clients have now, those outside a changed pool among them. */
    public List<Ipv4Address> leasedAddresses() {
        return table.logins().leasedAddresses();
    }

    /** The addresses. */
    public AddressLeases leases() {
        return table.logins().leases();
    }

    /** The configuration in force. */
    public ServerConfig config() {
        return table.config();
    }
}
