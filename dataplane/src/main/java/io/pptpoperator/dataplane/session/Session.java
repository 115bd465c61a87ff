package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.PushedRoutes;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelLimits;
import io.pptpoperator.dataplane.datapath.TunnelNetwork;
import io.pptpoperator.dataplane.datapath.TunnelReach;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.dhcp.DhcpAnswer;
import io.pptpoperator.protocol.dhcp.DhcpInform;
import io.pptpoperator.protocol.ip.MssClamp;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One peer's call as the server knows it: what its {@link PacSession} came to, its tunnel, and what it was given. */
public final class Session {
    private final String id;
    private final Ipv4Address peer;
    private final Ipv4Address local;
    private final PacSession pac;
    private final Tunnel tunnel;
    private final PeerAddresses peers;
    private final ServerConfig.Network network;
    private final SessionLogin login;
    private final long startedAt;
    private Instant since;
    /** What is in force of its terms and its user's profile, since {@link #limit}. */
    private Terms.Limits limits = Terms.Limits.USUAL;
    private Optional<TunnelReach> reach = Optional.empty();
    /** The user's routes when the login was complete: a later configuration is for later sessions. */
    private List<Ipv4Prefix> wantedRoutes = List.of();
    /** Those of them in which no client's outer address lies. */
    private List<Ipv4Prefix> routes = List.of();

    /**
     * A call that has just come.
     *
     * @param channel its control connection
     * @param peers the outer addresses of all clients
     * @param network what of the configuration it is given
     * @param now milliseconds of the monotonic clock
     * @param time the time of day
     */
    Session(String id, ControlChannel channel, PacSession pac, Tunnel tunnel, PeerAddresses peers,
            ServerConfig.Network network, long now, Instant time) {
        this.id = id;
        peer = channel.peer();
        local = channel.local();
        this.pac = pac;
        this.tunnel = tunnel;
        this.peers = peers;
        this.network = network;
        login = new SessionLogin(network);
        startedAt = now;
        since = time;
    }

    /** A connected session that was another process'. */
    Session(SessionSnapshot before, PacSession pac, Tunnel tunnel, PeerAddresses peers, ServerConfig.Network network) {
        id = before.id();
        peer = before.peer();
        local = before.local();
        this.pac = pac;
        this.tunnel = tunnel;
        this.peers = peers;
        this.network = network;
        login = new SessionLogin(network);
        startedAt = before.startedAt();
        since = before.since();
        wantedRoutes = before.wantedRoutes();
    }

    /** Once all sessions of the other process are there, and their clients' addresses known: IP may pass. */
    void goOn() {
        routes = peers.clear(wantedRoutes);
        openNetwork(address().orElseThrow());
    }

    /**
     * What another process needs to go on with it; only while the datapath rests. Empty unless it is connected and
     * negotiates nothing.
     */
    Optional<SessionSnapshot> snapshot() {
        return pac.snapshot()
                .flatMap(connected -> login.snapshot()
                        .map(admitted -> new SessionSnapshot(id, peer, local, connected, admitted, startedAt, since,
                                wantedRoutes, routes, tunnel.snapshot())));
    }

    // What its link wants of the tunnel.

    void perform(LinkAction action) {
        switch (action) {
            case LinkAction.Send(byte[] frame) -> tunnel.send(frame);
            case LinkAction.LcpOpened opened -> tunnel.compressHeaders(opened.peerTakesAcfc(), opened.peerTakesPfc());
            case LinkAction.MppeReceive ready -> tunnel.decrypt(ready.keys().decryptor(ready.parameters()));
            case LinkAction.MppeUp up -> tunnel.encrypt(up.keys().encryptor(up.send()));
            case LinkAction.MppeDown down -> tunnel.stopEncryption();
            case LinkAction.MppeResetRequested reset -> tunnel.resetEncryption();
            case LinkAction.PeerStartedOver started -> tunnel.restartReceiving();
            case LinkAction.NetworkUp(AddressPlan addresses) -> openNetwork(addresses.peerAddress());
            case LinkAction.NetworkDown down -> tunnel.closeNetwork();
            case LinkAction.Ask ask -> {
            }
            case LinkAction.Authenticated authenticated -> {
            }
            case LinkAction.LoginFailed failed -> {
            }
            case LinkAction.LoginRetrying retrying -> {
            }
            case LinkAction.MppeResetAcknowledged acknowledged -> {
            }
            case LinkAction.StepDone done -> {
            }
            case LinkAction.PeerComputer computer -> {
            }
            case LinkAction.Note note -> {
            }
            case LinkAction.Terminated terminated -> {
            }
        }
    }

    /** The login is complete. */
    void connected(AddressPlan addresses, Instant time) {
        since = time;
        wantedRoutes = login.terms().routes();
        routes = peers.clear(wantedRoutes);
        openNetwork(addresses.peerAddress());
    }

    private void openNetwork(Ipv4Address address) {
        int mtu = mtu();
        tunnel.openNetwork(new TunnelNetwork(address, routes, mtu, mss(mtu)));
    }

    private int mss(int mtu) {
        return network.mss().orElseGet(() -> MssClamp.forMtu(mtu));
    }

    /** Lets the tunnel pass what is in force from now on. */
    void limit(Terms.Limits inForce, TunnelLimits passing, Optional<TunnelReach> to) {
        limits = inForce;
        reach = to;
        tunnel.reach(to);
        tunnel.limit(passing);
    }

    /** Whether its client gets answers to DHCPINFORM from now on. */
    void hearInforms(boolean heard) {
        tunnel.hearInforms(heard);
    }

    /** Answers its client, whose IPv4 packet this is, if it is a question. */
    void inform(byte[] packet, PushedRoutes pushed, Profiles profiles) {
        DhcpInform.read(ByteBuffer.wrap(packet), 0)
                .map(it -> new DhcpAnswer(network.localIP(), pushed.push(), pushed.domain(),
                        profiles.dns(terms()).orElse(network.dns()), profiles.wins(terms()).orElse(network.wins()))
                        .to(it))
                .ifPresent(tunnel::answer);
    }

    /** How many, how long, how fast, how much, by its own terms and its user's profile. */
    Terms.Limits limits() {
        return limits;
    }

    /** Where its client may send to, by its user's profile. */
    Optional<TunnelReach> reach() {
        return reach;
    }

    /** Lets no IP pass any more. */
    void closeNetwork() {
        tunnel.closeNetwork();
    }

    void closeTunnel() {
        tunnel.close();
    }

    /** Takes the routes back from a newer session of the same user that is over. */
    void reclaimRoutes() {
        tunnel.reclaimRoutes();
    }

    // Routes, and the ways to other clients.

    /** Whether its user has networks behind it. */
    boolean hasRoutes() {
        return !wantedRoutes.isEmpty();
    }

    /** A client has called from there; true when the routes are others now. */
    boolean peerCame(Ipv4Address from) {
        return routes.stream().anyMatch(route -> route.contains(from)) && reroute();
    }

    /** A client's call from there is over; true when the routes are others now. */
    boolean peerWent(Ipv4Address from) {
        return wantedRoutes.stream().anyMatch(route -> route.contains(from)) && reroute();
    }

    private boolean reroute() {
        List<Ipv4Prefix> clear = peers.clear(wantedRoutes);
        if (!isConnected() || clear.equals(routes)) {
            return false;
        }
        routes = clear;
        openNetwork(address().orElseThrow());
        return true;
    }

    /** What the user does not get of its address and routes, because the way to a client would lead through it. */
    public List<String> leftOut() {
        List<String> sentences = new ArrayList<>();
        login.wantedAddress()
                .filter(it -> !login.address().equals(Optional.of(it)))
                .filter(peers::contains)
                .ifPresent(it -> sentences.add("address " + it + " is one that a client calls from: an address of"
                        + " the pools is given instead"));
        for (Ipv4Prefix route : wantedRoutes) {
            if (routes.contains(route)) {
                continue; // to look through all clients' addresses takes a while
            }
            peers.within(route)
                    .ifPresent(from -> sentences.add("route " + route + " contains " + from
                            + ", from which a client calls: this network is not routed to the client meanwhile"));
        }
        return sentences;
    }

    // What others may know of it.

    /** Who has logged in, and what was given to whom. */
    SessionLogin login() {
        return login;
    }

    /** Its name in the administration interface. */
    public String id() {
        return id;
    }

    /** The client's address. */
    public Ipv4Address peer() {
        return peer;
    }

    /** The address that the client dialled. */
    public Ipv4Address local() {
        return local;
    }

    /** The configured name of the user, once the password was right. */
    public Optional<String> username() {
        return login.username();
    }

    /** How the user proved the password. */
    public Optional<AuthMethod> method() {
        return login.method();
    }

    /** What it may have, once the password was right. */
    public Terms terms() {
        return login.terms();
    }

    /** Who has let the user in, once the password was right. */
    public Optional<Authority> authority() {
        return login.authority();
    }

    /** It may have something else from now on; its address, routes and name servers are what they are. */
    void change(Terms terms) {
        login.change(terms);
    }

    /** The client's address inside the tunnel; the one it had, once the session is over. */
    public Optional<Ipv4Address> address() {
        return login.address();
    }

    /** Networks behind the client that are routed to it, from the time it was connected. */
    public List<Ipv4Prefix> routes() {
        return routes;
    }

    /** The largest IP packet to the client, in bytes. */
    public int mtu() {
        return Math.min(pac.mtu(), login.terms().mtu().orElse(Integer.MAX_VALUE));
    }

    /** How the tunnel is encrypted, if it is. */
    public Optional<MppeParameters> encryption() {
        return pac.encryption();
    }

    /** The name of the client's computer, "" where it does not tell. */
    public String computer() {
        return pac.computer();
    }

    /** When the call came, in milliseconds of the monotonic clock. */
    long startedAt() {
        return startedAt;
    }

    /** When the login was complete; before that, when the call came. */
    public Instant since() {
        return since;
    }

    /** The IP traffic so far. */
    public TrafficCounters traffic() {
        return tunnel.traffic();
    }

    /** Milliseconds of the monotonic clock at which the login was complete; 0 before. */
    public long connectedAt() {
        return pac.connectedAt();
    }

    /** Whether IP may pass. */
    public boolean isConnected() {
        return pac.isConnected();
    }

    /** Whether IP ever passed. */
    public boolean wasConnected() {
        return pac.wasConnected();
    }

    /** Whether it is not about to end. */
    public boolean isOpen() {
        return pac.isOpen();
    }

    /** Why it ended, once it has. */
    public TerminationReason reason() {
        return pac.end().orElseThrow().reason();
    }

    /** Why it ended, as a sentence, once it has. */
    public String detail() {
        return pac.end().orElseThrow().detail();
    }
}
