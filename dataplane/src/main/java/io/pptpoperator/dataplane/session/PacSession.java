package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.control.CallDisconnectNotify;
import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.GeneralError;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.PacAction;
import io.pptpoperator.protocol.control.PacControlConnection;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LinkSnapshot;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.PppLink;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One peer's session with this server: control connection, PPP link and login, from the first control message to the
 * last. A pure state machine: every method takes one event and returns what to do about it, in order. Times are
 * milliseconds of a monotonic clock.
 */
public final class PacSession {
    /**
     * A connected session that negotiates nothing: all that another one needs to go on in its place.
     *
     * @param control the control connection
     * @param link the PPP link
     * @param encryptionRequired whether the link must be encrypted
     * @param connectedAt when the login was complete, in milliseconds
     * @param roundTrip how long the peer took to go on after the Start-Control-Connection-Reply
     * @param heard what came through the tunnel last, in milliseconds
     * @param encryption how the tunnel is encrypted, if it is
     * @param computer the name of the peer's computer
     * @param peerMru the longest information field that the peer takes, in bytes
     */
    public record Snapshot(PacControlConnection.Snapshot control, LinkSnapshot link, boolean encryptionRequired,
            long connectedAt, long roundTrip, long heard, Optional<MppeParameters> encryption, String computer,
            int peerMru) {}

    private enum State {
        NO_CALL, OPENING, CONNECTED, ENDING, OVER
    }

    private final SecureRandom random;
    private final PacControlConnection control;
    private final LoginProgress login;
    private List<SessionAction> out = new ArrayList<>();
    private PacSettings settings;
    private PppLink link;
    private State state = State.NO_CALL;
    private boolean encryptionRequired;
    /** The largest IP packet that fits a tunnel to any peer, in bytes. */
    private int linkMtu;
    private long connectedAt;
    private boolean wasConnected;
    private long forcedEnd = Long.MAX_VALUE;
    /** Without a call, it is to end. */
    private boolean stopping;
    private boolean closed;
    /** When our Start-Control-Connection-Reply left, and how long the peer took to go on, in milliseconds. */
    private long replied;
    private long roundTrip;
    private long heard;
    /** The last question about the login. */
    private Optional<LinkAction.Ask> asked = Optional.empty();
    private Optional<MppeParameters> encryption = Optional.empty();
    private String computer = "";
    private int peerMru = 1500;
    /** Known from the link's end on. */
    private Optional<LinkAction.Terminated> end = Optional.empty();

    /** A session whose TCP connection was accepted. */
    PacSession(PacSettings settings, SecureRandom random, long now) {
        this.settings = settings;
        this.random = random;
        control = new PacControlConnection(settings);
        login = new LoginProgress(now, settings.establishTimeout());
        perform(control.connected(now), TerminationReason.PEER_REQUEST, now);
    }

    /**
     * A session that goes on where another one was.
     *
     * @param config what is negotiated anew goes by it
     * @param mtu the largest IP packet that fits a tunnel to any peer, in bytes
     */
    PacSession(PacSettings settings, ServerConfig config, int mtu, SecureRandom random, Snapshot connected, long now) {
        this.settings = settings;
        this.random = random;
        control = new PacControlConnection(settings, connected.control());
        login = new LoginProgress(now, settings.establishTimeout());
        link = LinkPlan.serverLink(config, mtu, random, connected.link(), now);
        state = State.CONNECTED;
        encryptionRequired = connected.encryptionRequired();
        linkMtu = mtu;
        connectedAt = connected.connectedAt();
        wasConnected = true;
        roundTrip = connected.roundTrip();
        heard = connected.heard();
        encryption = connected.encryption();
        computer = connected.computer();
        peerMru = connected.peerMru();
    }

    /** What it is now; empty unless it is connected and negotiates nothing. */
    Optional<Snapshot> snapshot() {
        if (state != State.CONNECTED) {
            return Optional.empty();
        }
        return control.snapshot()
                .flatMap(call -> link.snapshot()
                        .map(up -> new Snapshot(call, up, encryptionRequired, connectedAt, roundTrip, heard, encryption,
                                computer, peerMru)));
    }

    // The control connection.

    /** A control message came. */
    List<SessionAction> received(ControlFrame frame, long now) {
        perform(control.received(frame, now), TerminationReason.PEER_REQUEST, now);
        return taken();
    }

    /** What came was no control message. */
    List<SessionAction> malformed(ControlMessageException wrong, long now) {
        perform(control.malformed(wrong), TerminationReason.TUNNEL_DOWN, now);
        return taken();
    }

    /** The TCP connection is gone. */
    List<SessionAction> peerClosed(long now) {
        perform(control.peerClosed(), TerminationReason.TUNNEL_DOWN, now);
        return taken();
    }

    /** The peer has to go at once, because others are let in before it. */
    List<SessionAction> displaced(long now) {
        perform(control.giveUp("too many connections were waiting for a login, most of them of this source"),
                TerminationReason.NO_ANSWER, now);
        return taken();
    }

    /**
     * Answers {@link SessionAction.OpenCall}: there is a tunnel under this Call ID.
     *
     * @param config what the link is built with; a later configuration is for later sessions
     * @param mtu the largest IP packet that fits the tunnel, in bytes
     */
    List<SessionAction> callAccepted(int callId, ServerConfig config, int mtu, long now) {
        linkMtu = mtu;
        encryptionRequired = config.encryption().policy() == ServerConfig.Encryption.Policy.REQUIRED;
        link = LinkPlan.serverLink(config, mtu, random);
        state = State.OPENING;
        perform(control.acceptCall(callId), TerminationReason.PEER_REQUEST, now);
        done(LoginStep.CALL, now);
        handle(link.start(now, roundTrip), now);
        return taken();
    }

    /** Answers {@link SessionAction.OpenCall}: there is no room. */
    List<SessionAction> callRefused(Refusal refusal, long now) {
        perform(refusal == Refusal.DRAINING
                ? control.refuseCall(OutgoingCallReply.DO_NOT_ACCEPT, GeneralError.NONE)
                : control.refuseCall(OutgoingCallReply.GENERAL_ERROR, GeneralError.NO_RESOURCE),
                TerminationReason.PEER_REQUEST, now);
        return taken();
    }

    /** Applies changed settings, and a changed MTU of all tunnels. */
    void reconfigure(PacSettings changed, int mtu) {
        settings = changed;
        linkMtu = mtu;
        control.reconfigure(changed);
    }

    // The tunnel.

    /** A PPP frame that is not data came through the tunnel. */
    List<SessionAction> frameReceived(byte[] frame, long now) {
        if (hasCall()) {
            handle(link.receive(frame, now), now);
        }
        return taken();
    }

    /** A PPP frame of LCP came whose GRE number is out of order. */
    List<SessionAction> frameReceivedOutOfOrder(byte[] frame, long now) {
        if (hasCall()) {
            handle(link.receiveOutOfOrder(frame, now), now);
        }
        return taken();
    }

    /** Packets of a stateful MPPE stream were lost. */
    List<SessionAction> mppeResetNeeded(long now) {
        if (hasCall()) {
            List<LinkAction> request = link.mppeResetNeeded(now);
            if (!request.isEmpty()) {
                out.add(new SessionAction.MppeReset());
            }
            handle(request, now);
        }
        return taken();
    }

    /** So many packets did not decrypt that the two ends cannot have the same keys. */
    List<SessionAction> mppeHopeless(long now) {
        if (hasCall()) {
            handle(link.mppeHopeless(now), now);
        }
        return taken();
    }

    /**
     * What came through the tunnel last.
     *
     * @param lastHeard when anything came: no echo is needed to know that the peer lives
     * @param lastDecrypted when an encrypted packet proved genuine; 0 when none has
     */
    void trafficSeen(long lastHeard, long lastDecrypted) {
        if (hasCall()) {
            if (lastHeard > heard) {
                heard = lastHeard;
                link.trafficSeen(lastHeard);
            }
            link.decryptedAt(lastDecrypted);
        }
    }

    // The login.

    /** Whether the answer to this question is still awaited. */
    boolean awaits(int question) {
        return hasCall() && link.awaits(question);
    }

    /** The answer to {@link SessionAction.Ask} came; one that is no longer awaited has no effect. */
    List<SessionAction> answered(int question, LoginAnswer answer, long now) {
        if (hasCall()) {
            handle(link.answered(question, answer, now), now);
        }
        return taken();
    }

    // Time, and the end.

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    long deadline() {
        if (closed) {
            return Long.MAX_VALUE;
        }
        long next = Math.min(control.deadline(), loginDeadline());
        return hasCall() ? Math.min(next, Math.min(forcedEnd, link.deadline())) : next;
    }

    private long loginDeadline() {
        boolean waiting = state == State.OPENING || state == State.NO_CALL && !stopping;
        return waiting ? login.deadline() : Long.MAX_VALUE;
    }

    /** Runs the timers that are due. */
    List<SessionAction> tick(long now) {
        perform(control.tick(now), TerminationReason.ECHO_TIMEOUT, now);
        if (hasCall()) {
            handle(now >= forcedEnd ? link.lowerDown(now) : link.tick(now), now);
        }
        if (!closed && now >= loginDeadline()) {
            loginTimedOut(now);
        }
        return taken();
    }

    /** Ends it in order; a reason given before stays. */
    List<SessionAction> end(TerminationReason why, String sentence, long now) {
        terminate(why, sentence, now);
        return taken();
    }

    private void terminate(TerminationReason why, String sentence, long now) {
        switch (state) {
            case NO_CALL -> {
                stopping = true;
                perform(control.stop(sentence, now), TerminationReason.PEER_REQUEST, now);
            }
            case OPENING, CONNECTED -> {
                state = State.ENDING;
                out.add(new SessionAction.Ending());
                forcedEnd = now + LinkTimers.ORDERLY_END;
                handle(link.terminate(why, sentence, now), now);
            }
            case ENDING, OVER -> {
            }
        }
    }

    /** Ends a login that has taken too long, saying what it was waiting for. */
    private void loginTimedOut(long now) {
        if (state == State.NO_CALL) {
            terminate(TerminationReason.NO_ANSWER, "the client did not ask for a call within authentication.timeout",
                    now);
            return;
        }
        Optional<LoginQuestion> undecided = asked.filter(ask -> link.awaits(ask.number()))
                .map(LinkAction.Ask::question);
        var late = login.lateness(heard > 0, undecided.isPresent(), encryptionRequired);
        undecided.ifPresent(question -> out.add(new SessionAction.LoginFailed(question.name(), question.method(),
                LoginFailure.NO_DECISION, late.detail())));
        terminate(late.reason(), late.detail(), now);
    }

    // What control connection and link want.

    /** Does what the control connection wants; {@code callEnd} is why the call ends, should it end thereby. */
    private void perform(List<? extends PacAction> actions, TerminationReason callEnd, long now) {
        for (PacAction action : actions) {
            switch (action) {
                case ControlAction.Send(var message) -> out.add(new SessionAction.Control(message));
                case PacAction.Started started -> {
                    replied = now;
                    done(LoginStep.CONTROL, now);
                }
                case PacAction.OpenCall(var request) -> {
                    roundTrip = now - replied;
                    login.pathMeasured(roundTrip);
                    out.add(new SessionAction.OpenCall(request));
                }
                case ControlAction.CloseCall(String reason) -> callOver(callEnd, reason, now);
                case ControlAction.CloseConnection(String reason) -> {
                    closed = true;
                    out.add(new SessionAction.Closed(reason));
                }
                case PacAction.LinkInfo info -> {
                }
                case ControlAction.WanErrors errors -> {
                }
                case ControlAction.Note(String text) -> out.add(new SessionAction.Note(text));
            }
        }
    }

    /** The call is cleared, by whichever end: for this reason, unless the link was ending already for one of its own. */
    private void callOver(TerminationReason why, String sentence, long now) {
        if (!hasCall()) {
            return;
        }
        handle(link.lowerDown(now), now);
        if (end.isEmpty() || end.get().reason() == TerminationReason.TUNNEL_DOWN) {
            end = Optional.of(new LinkAction.Terminated(why, sentence));
        }
        state = State.OVER;
        out.add(new SessionAction.CallOver(end.get().reason(), end.get().detail()));
    }

    private void handle(List<LinkAction> actions, long now) {
        for (LinkAction action : actions) {
            switch (action) {
                case LinkAction.Ask ask -> {
                    asked = Optional.of(ask);
                    out.add(new SessionAction.Ask(ask.number(), ask.question()));
                }
                case LinkAction.LcpOpened opened -> {
                    peerMru = opened.peerMru();
                    forward(action);
                }
                case LinkAction.LoginFailed failed -> out.add(new SessionAction.LoginFailed(failed.username(),
                        failed.method(), failed.reason(), failed.detail()));
                case LinkAction.LoginRetrying failed -> {
                    login.anotherTryInvited(now, settings.establishTimeout());
                    out.add(new SessionAction.LoginFailed(failed.username(), failed.method(), failed.reason(),
                            "another try was invited"));
                }
                case LinkAction.MppeUp up -> {
                    encryption = Optional.of(up.send());
                    forward(action);
                }
                case LinkAction.MppeDown down -> {
                    encryption = Optional.empty();
                    forward(action);
                }
                case LinkAction.MppeResetRequested reset -> {
                    out.add(new SessionAction.MppeReset());
                    forward(action);
                }
                case LinkAction.NetworkUp up -> networkUp(up, now);
                case LinkAction.StepDone(LoginStep step) -> done(step, now);
                case LinkAction.PeerComputer(String name) -> computer = name;
                case LinkAction.Note(String text) -> out.add(new SessionAction.Note(text));
                case LinkAction.Terminated terminated -> {
                    end = Optional.of(terminated);
                    state = State.ENDING;
                    perform(control.disconnectCall(CallDisconnectNotify.ADMIN_SHUTDOWN, terminated.detail(), now),
                            TerminationReason.PEER_REQUEST, now);
                }
                case LinkAction.Authenticated authenticated -> {
                }
                case LinkAction.MppeResetAcknowledged acknowledged -> {
                }
                case LinkAction.Send send -> forward(action);
                case LinkAction.MppeReceive ready -> forward(action);
                case LinkAction.NetworkDown down -> forward(action);
                case LinkAction.PeerStartedOver started -> forward(action);
            }
        }
    }

    private void forward(LinkAction action) {
        out.add(new SessionAction.Link(action));
    }

    private void networkUp(LinkAction.NetworkUp up, long now) {
        if (state == State.OPENING) {
            state = State.CONNECTED;
            connectedAt = now;
            wasConnected = true;
            out.add(new SessionAction.Connected(up.addresses()));
        } else if (state == State.CONNECTED) {
            forward(up);
        }
    }

    private void done(LoginStep step, long now) {
        out.add(new SessionAction.StepDone(step, login.done(step, now)));
    }

    private List<SessionAction> taken() {
        List<SessionAction> taken = out;
        out = new ArrayList<>();
        return taken;
    }

    // What others may know of it.

    private boolean hasCall() {
        return state != State.NO_CALL && state != State.OVER;
    }

    /** Whether the TCP connection is to be closed, or is. */
    boolean isClosed() {
        return closed;
    }

    /** The largest IP packet to the peer, in bytes. */
    int mtu() {
        return Math.min(peerMru - (encryption.isPresent() ? MppeHeader.OVERHEAD : 0), linkMtu);
    }

    /** How the tunnel is encrypted, if it is. */
    Optional<MppeParameters> encryption() {
        return encryption;
    }

    /** The name of the peer's computer, "" where it does not tell. */
    String computer() {
        return computer;
    }

    /** When the login was complete; 0 before. */
    long connectedAt() {
        return connectedAt;
    }

    /** Whether IP may pass. */
    boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Whether IP ever passed. */
    boolean wasConnected() {
        return wasConnected;
    }

    /** Whether there is a call that is not about to end. */
    boolean isOpen() {
        return state == State.OPENING || state == State.CONNECTED;
    }

    /** Why it ended, once it has. */
    Optional<LinkAction.Terminated> end() {
        return end;
    }
}
