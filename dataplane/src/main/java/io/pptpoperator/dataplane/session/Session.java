package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.MssClamp;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelNetwork;
import io.pptpoperator.dataplane.session.SessionEvents.Phase;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.FrameText;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginPhase;
import io.pptpoperator.protocol.ppp.link.PppLink;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One client's call: its PPP link, its tunnel, and what it was given. It is where the link's wishes meet the datapath
 * and the server's rules; everything happens on the control loop.
 */
public final class Session implements TunnelListener {
    /** Milliseconds that an orderly end may take until the call is cleared all the same. */
    private static final long MAX_TERMINATION = 700;
    private static final int MPPE_OVERHEAD = 4;

    private enum State {
        OPENING, CONNECTED, ENDING, OVER
    }

    private final PeerConnection connection;
    private final Sessions sessions;
    private final ServerConfig config;
    private final String id;
    private Instant since;
    private final long startedAt;
    private final SessionLogin login;
    private final PppLink link;
    private Tunnel tunnel;
    private State state = State.OPENING;
    /** Known from the link's end on. */
    private Optional<LinkAction.Terminated> end = Optional.empty();
    /** The last question about the login. */
    private Optional<LinkAction.Ask> asked = Optional.empty();
    private long forcedEnd = Long.MAX_VALUE;
    private long heardBefore;
    private Optional<MppeParameters> encryption = Optional.empty();
    /** The user's routes when the login was complete: a later configuration is for later sessions. */
    private List<Ipv4Prefix> wantedRoutes = List.of();
    /** Those of them in which no client's outer address lies. */
    private List<Ipv4Prefix> routes = List.of();
    private String computer = "";
    private boolean wasConnected;
    private long connectedAt;
    private int clientMru = 1500;

    Session(PeerConnection connection, long now) {
        this.connection = connection;
        this.sessions = connection.sessions();
        this.config = sessions.config();
        this.id = sessions.nextId();
        this.since = sessions.time();
        this.startedAt = now;
        this.login = new SessionLogin(config.network());
        this.link = LinkPlan.serverLink(config, sessions.linkMtu(), sessions.random());
    }

    void start(Tunnel opened, long now) {
        tunnel = opened;
        perform(link.start(now, connection.roundTrip()), now);
    }

    // What the client's tunnel tells.

    @Override
    public void onControlFrame(byte[] frame) {
        if (state != State.OVER) {
            long now = sessions.now();
            trace("<", frame);
            perform(link.receive(frame, now), now);
            connection.scheduleNext();
        }
    }

    @Override
    public void onFrameOutOfOrder(byte[] frame) {
        if (state != State.OVER) {
            long now = sessions.now();
            trace("<", frame);
            perform(link.receiveOutOfOrder(frame, now), now);
            connection.scheduleNext();
        }
    }

    @Override
    public void onMppeResetNeeded() {
        if (state != State.OVER) {
            long now = sessions.now();
            List<LinkAction> request = link.mppeResetNeeded(now);
            if (!request.isEmpty()) {
                sessions.events().mppeReset();
            }
            perform(request, now);
            connection.scheduleNext();
        }
    }

    @Override
    public void onMppeHopeless() {
        if (state != State.OVER) {
            long now = sessions.now();
            link.decryptedAt(tunnel.traffic().lastDecrypted());
            perform(link.mppeHopeless(now), now);
            connection.scheduleNext();
        }
    }

    private void answered(int question, LoginAnswer answer) {
        long now = sessions.now();
        perform(link.answered(question, answer, now), now);
        connection.scheduleNext();
    }

    // Time.

    /** When {@link #tick} is next wanted. */
    long deadline() {
        return state == State.OVER ? Long.MAX_VALUE : Math.min(forcedEnd, link.deadline());
    }

    void tick(long now) {
        if (state == State.OVER) {
            return;
        }
        if (now >= forcedEnd) {
            perform(link.lowerDown(now), now);
            return;
        }
        long heard = tunnel.traffic().lastHeard();
        if (heard > heardBefore) {
            heardBefore = heard;
            link.trafficSeen(heard);
        }
        link.decryptedAt(tunnel.traffic().lastDecrypted());
        perform(link.tick(now), now);
    }

    /** Ends the session when it lasts longer, or is idle longer, than allowed. */
    void endIfTimeIsOver(ServerConfig.Sessions limits, long now) {
        if (state != State.CONNECTED) {
            return;
        }
        long idle = login.terms().idleTimeout().orElse(limits.idleTimeout()).toMillis();
        long most = login.terms().maxDuration().orElse(limits.maxDuration()).toMillis();
        if (idle > 0 && now - Math.max(connectedAt, tunnel.traffic().lastData()) >= idle) {
            end(TerminationReason.IDLE_TIMEOUT, "no data for "
                    + (login.terms().idleTimeout().isPresent() ? "the user's idle timeout" : "sessions.idleTimeout"),
                    now);
        } else if (most > 0 && now - connectedAt >= most) {
            end(TerminationReason.SESSION_TIMEOUT, "connected for "
                    + (login.terms().maxDuration().isPresent() ? "the user's longest time" : "sessions.maxDuration"),
                    now);
        }
    }

    // The end.

    /** Ends the session in order: no IP passes any more, the client is told, the call is cleared. */
    public void end(TerminationReason why, String sentence, long now) {
        if (!isOpen()) {
            return;
        }
        state = State.ENDING;
        tunnel.closeNetwork();
        sessions.release(this); // the address leads nowhere any more: the user's next session may have it
        forcedEnd = now + MAX_TERMINATION;
        perform(link.terminate(why, sentence, now), now);
        connection.scheduleNext();
    }

    /** Ends a login that has taken too long, saying what it was waiting for. */
    void loginTimedOut(long now) {
        if (tunnel.traffic().lastHeard() == 0) {
            end(TerminationReason.NO_ANSWER, "nothing arrived through the tunnel within authentication.timeout: "
                    + "is GRE (IP protocol 47) let through in both directions?", now);
        } else if (asked.isPresent() && link.awaits(asked.get().number())) {
            String sentence = "nobody decided about the login within authentication.timeout";
            loginFailed(asked.get().question().name(), asked.get().question().method(), LoginFailure.NO_DECISION,
                    sentence);
            end(TerminationReason.AUTHENTICATION_FAILED, sentence, now);
        } else {
            end(TerminationReason.NEGOTIATION_FAILED, "the login took longer than authentication.timeout: "
                    + "the client did not complete " + missingStep(), now);
        }
    }

    private String missingStep() {
        boolean required = config.encryption().policy() == ServerConfig.Encryption.Policy.REQUIRED;
        if (!connection.hasReached(Phase.LCP)) {
            return "LCP";
        } else if (!connection.hasReached(Phase.AUTHENTICATION)) {
            return "its authentication";
        }
        return required && !connection.hasReached(Phase.CCP)
                ? "CCP, without which there is no encryption"
                : "IPCP, without which it has no address";
    }

    /**
     * The call is cleared, by whichever end.
     *
     * @param why the session ended, unless its link was ending already for a reason of its own
     */
    void callOver(TerminationReason why, String sentence, long now) {
        if (state == State.OVER) {
            return;
        }
        perform(link.lowerDown(now), now);
        if (end.isEmpty() || end.get().reason() == TerminationReason.TUNNEL_DOWN) {
            end = Optional.of(new LinkAction.Terminated(why, sentence));
        }
        state = State.OVER;
        sessions.release(this);
        tunnel.close();
        sessions.remove(this);
        sessions.events().ended(this, now - startedAt);
    }

    // What the link wants done.

    private void perform(List<LinkAction> actions, long now) {
        for (LinkAction action : actions) {
            switch (action) {
                case LinkAction.Send send -> {
                    trace(">", send.pppFrame());
                    tunnel.send(send.pppFrame());
                }
                case LinkAction.LcpOpened opened -> {
                    clientMru = opened.peerMru();
                    tunnel.compressHeaders(opened.peerTakesAcfc(), opened.peerTakesPfc());
                }
                case LinkAction.Ask ask -> {
                    asked = Optional.of(ask);
                    sessions.decide(this, ask.question(), () -> link.awaits(ask.number()),
                            answer -> answered(ask.number(), answer));
                }
                case LinkAction.Authenticated authenticated -> {
                }
                case LinkAction.LoginFailed failed ->
                    loginFailed(failed.username(), failed.method(), failed.reason(), failed.detail());
                case LinkAction.LoginRetrying failed -> {
                    connection.anotherTryInvited(now);
                    loginFailed(failed.username(), failed.method(), failed.reason(), "another try was invited");
                }
                case LinkAction.MppeReceive ready -> tunnel.decrypt(ready.keys().decryptor(ready.parameters()));
                case LinkAction.MppeUp up -> {
                    encryption = Optional.of(up.send());
                    tunnel.encrypt(up.keys().encryptor(up.send()));
                }
                case LinkAction.PeerStartedOver started -> tunnel.restartReceiving();
                case LinkAction.MppeDown down -> {
                    encryption = Optional.empty();
                    tunnel.stopEncryption();
                }
                case LinkAction.MppeResetRequested reset -> {
                    sessions.events().mppeReset();
                    tunnel.resetEncryption();
                }
                case LinkAction.MppeResetAcknowledged acknowledged -> {
                }
                case LinkAction.NetworkUp up -> networkUp(up.addresses(), now);
                case LinkAction.NetworkDown down -> tunnel.closeNetwork();
                case LinkAction.PhaseReached phase -> phaseReached(phase.phase(), now);
                case LinkAction.PeerComputer named -> computer = named.name();
                case LinkAction.Note note -> note(note.text());
                case LinkAction.Terminated terminated -> terminated(terminated, now);
            }
        }
    }

    private void loginFailed(String claimed, AuthMethod by, LoginFailure why, String sentence) {
        Optional<String> known = sessions.users().find(claimed).map(UserConfig::username);
        sessions.events().loginFailed(peer(), known.orElse(claimed), known.isPresent(), by, why, sentence);
    }

    private void networkUp(AddressPlan plan, long now) {
        if (!isOpen()) {
            return;
        }
        int mtu = mtu();
        if (state == State.OPENING) {
            wantedRoutes = login.terms().routes();
            routes = sessions.peers().clear(wantedRoutes);
        }
        tunnel.openNetwork(new TunnelNetwork(plan.peerAddress(), routes, mtu, mss(mtu)));
        if (state == State.OPENING) {
            state = State.CONNECTED;
            wasConnected = true;
            since = sessions.time();
            connectedAt = now;
            connection.loggedIn();
            if (!wantedRoutes.isEmpty()) {
                sessions.watchRoutes(this);
            }
            sessions.events().connected(this);
        }
    }

    /** The largest IP packet to the client, in bytes. */
    public int mtu() {
        int most = clientMru - (encryption.isPresent() ? MPPE_OVERHEAD : 0);
        return Math.min(most, sessions.linkMtu());
    }

    private int mss(int mtu) {
        return switch (config.network().mss()) {
            case MssClamp.Auto auto -> io.pptpoperator.protocol.ip.MssClamp.forMtu(mtu);
            case MssClamp.Off off -> 0;
            case MssClamp.Fixed fixed -> fixed.bytes();
        };
    }

    private void phaseReached(LoginPhase phase, long now) {
        connection.reached(switch (phase) {
            case LCP_OPENED -> Phase.LCP;
            case AUTHENTICATED -> Phase.AUTHENTICATION;
            case CCP_OPENED -> Phase.CCP;
            case IPCP_OPENED -> Phase.NETWORK;
        }, now);
    }

    private void note(String text) {
        sessions.events().note(peer(), text);
    }

    private void terminated(LinkAction.Terminated terminated, long now) {
        end = Optional.of(terminated);
        state = State.ENDING;
        connection.linkOver(terminated.detail(), now);
    }

    private void trace(String direction, byte[] frame) {
        if (sessions.events().traces(peer())) {
            sessions.events().trace(peer(), direction + " " + FrameText.of(frame));
        }
    }

    // What others may know of it.

    /** Who has logged in, and what was given to whom. */
    SessionLogin login() {
        return login;
    }

    /** The address that the client dialled. */
    Ipv4Address local() {
        return connection.channel().local();
    }

    /** Its name in the administration interface. */
    public String id() {
        return id;
    }

    /** The client's address. */
    public Ipv4Address peer() {
        return connection.channel().peer();
    }

    /** The configured name of the user, once the password was right. */
    public Optional<String> username() {
        return login.username();
    }

    /** How the user proved the password. */
    public Optional<AuthMethod> method() {
        return login.method();
    }

    /** The client's address inside the tunnel; the one it had, once the session is over. */
    public Optional<Ipv4Address> address() {
        return login.address();
    }

    /** Networks behind the client that are routed to it, from the time it was connected. */
    public List<Ipv4Prefix> routes() {
        return routes;
    }

    /** A client has called from there. */
    void peerCame(Ipv4Address from) {
        if (routes.stream().anyMatch(route -> route.contains(from))) {
            reroute();
        }
    }

    /** A client's call from there is over. */
    void peerWent(Ipv4Address from) {
        if (wantedRoutes.stream().anyMatch(route -> route.contains(from))) {
            reroute();
        }
    }

    private void reroute() {
        List<Ipv4Prefix> clear = sessions.peers().clear(wantedRoutes);
        if (state == State.CONNECTED && !clear.equals(routes)) {
            routes = clear;
            int mtu = mtu();
            tunnel.openNetwork(new TunnelNetwork(address().orElseThrow(), routes, mtu, mss(mtu)));
            sessions.events().rerouted(this);
        }
    }

    /** What the user does not get of its address and routes, because the way to a client would lead through it. */
    public List<String> leftOut() {
        List<String> sentences = new ArrayList<>();
        login.wantedAddress()
                .filter(it -> !login.address().equals(Optional.of(it)))
                .filter(sessions.peers()::contains)
                .ifPresent(it -> sentences.add("address " + it + " is one that a client calls from: an address of"
                        + " the pools is given instead"));
        for (Ipv4Prefix route : wantedRoutes) {
            if (routes.contains(route)) {
                continue; // to look through all clients' addresses takes a while
            }
            sessions.peers()
                    .within(route)
                    .ifPresent(from -> sentences.add("route " + route + " contains " + from
                            + ", from which a client calls: this network is not routed to the client meanwhile"));
        }
        return sentences;
    }

    /** Takes the routes back from a newer session of the same user that is over. */
    void reclaimRoutes() {
        tunnel.reclaimRoutes();
    }

    /** How the tunnel is encrypted, if it is. */
    public Optional<MppeParameters> encryption() {
        return encryption;
    }

    /** The name of the client's computer, "" where it does not tell. */
    public String computer() {
        return computer;
    }

    /** When the login was complete; before that, when the call came. */
    public Instant since() {
        return since;
    }

    /** The IP traffic so far. */
    public TrafficCounters traffic() {
        return tunnel.traffic();
    }

    /** Milliseconds of the datapath's clock at which the login was complete; 0 before. */
    public long connectedAt() {
        return connectedAt;
    }

    /** Whether IP may pass. */
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Whether IP ever passed. */
    public boolean wasConnected() {
        return wasConnected;
    }

    /** Whether it is not about to end. */
    public boolean isOpen() {
        return state == State.OPENING || state == State.CONNECTED;
    }

    /** Why it ended, once it has. */
    public TerminationReason reason() {
        return end.orElseThrow().reason();
    }

    /** Why it ended, as a sentence, once it has. */
    public String detail() {
        return end.orElseThrow().detail();
    }
}
