package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.Tunnel;
import io.pptpoperator.dataplane.session.SessionEvents.Phase;
import io.pptpoperator.protocol.control.CallDisconnectNotify;
import io.pptpoperator.protocol.control.ConnectionLimits;
import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.GeneralError;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.OutgoingCallRequest;
import io.pptpoperator.protocol.control.PacAction;
import io.pptpoperator.protocol.control.PacControlConnection;
import io.pptpoperator.protocol.ppp.auth.AuthenticatorSettings;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One client's control connection and, once it has called, its session. Everything happens on the control loop; times
 * are milliseconds of the clock that {@link Sessions} was given.
 */
public final class PeerConnection {
    private final Sessions sessions;
    private final ControlChannel channel;
    private final ConnectionLimits.Ticket ticket;
    private final PacControlConnection control;
    /** When a client that has not logged in has used up its time. */
    private long loginEnd;
    private final Set<Phase> reached = EnumSet.noneOf(Phase.class);
    private long phaseSince;
    private Session session;
    private boolean ending;
    private boolean over;
    /** When our Start-Control-Connection-Reply left, and how long the client took to go on, in milliseconds. */
    private long replied;
    private long roundTrip;

    PeerConnection(Sessions sessions, ControlChannel channel, ConnectionLimits.Ticket ticket, long now) {
        this.sessions = sessions;
        this.channel = channel;
        this.ticket = ticket;
        this.control = new PacControlConnection(sessions.pacSettings());
        this.loginEnd = now + sessions.loginTimeout();
        this.phaseSince = now;
        perform(control.connected(now), now);
    }

    ControlChannel channel() {
        return channel;
    }

    Sessions sessions() {
        return sessions;
    }

    /** The session, once there was a call. */
    public Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    /** A control message came. */
    public void received(ControlFrame frame, long now) {
        trace("<", frame);
        perform(control.received(frame, now), now);
    }

    /** What came was no control message. */
    public void malformed(ControlMessageException wrong, long now) {
        perform(control.malformed(wrong), TerminationReason.TUNNEL_DOWN, now);
    }

    /** The TCP connection is gone. */
    public void closed(long now) {
        perform(control.peerClosed(), TerminationReason.TUNNEL_DOWN, now);
    }

    /** Runs the timers that are due. */
    public void tick(long now) {
        perform(control.tick(now), TerminationReason.ECHO_TIMEOUT, now);
        if (session != null && !over) {
            session.tick(now);
        }
        if (!over && now >= loginDeadline()) {
            if (session == null) {
                end(TerminationReason.NO_ANSWER, "the client did not ask for a call within authentication.timeout",
                        now);
            } else {
                session.loginTimedOut(now);
            }
        }
        scheduleNext();
    }

    /** Ends the session, if there is one, and the connection, in order. */
    public void end(TerminationReason reason, String detail, long now) {
        if (session != null && session.isOpen()) {
            session.end(reason, detail, now);
        } else if (session == null) {
            ending = true;
            perform(control.stop(detail, now), now);
        }
        scheduleNext();
    }

    /** The client has to go at once, because others are let in before it. */
    void displace(long now) {
        sessions.events().refused(channel.peer(), Refusal.PENDING_CONNECTIONS);
        perform(control.giveUp("too many connections were waiting for a login, most of them of this source"),
                TerminationReason.NO_ANSWER, now);
    }

    /** The PPP link is over: the call goes, and the connection with it. */
    void linkOver(String reason, long now) {
        perform(control.disconnectCall(CallDisconnectNotify.ADMIN_SHUTDOWN, reason, now), now);
    }

    /** Milliseconds from our Start-Control-Connection-Reply to the client's next request. */
    long roundTrip() {
        return roundTrip;
    }

    void reached(Phase phase, long now) {
        reached.add(phase);
        sessions.events().phaseReached(phase, now - phaseSince);
        phaseSince = now;
    }

    boolean hasReached(Phase phase) {
        return reached.contains(phase);
    }

    /** A person has to type another password; the rest of the login has its time after that. */
    void anotherTryInvited(long now) {
        loginEnd = now + AuthenticatorSettings.RETRY_MILLIS + sessions.loginTimeout();
    }

    /** The user is connected: this is no pending connection any more. */
    void loggedIn() {
        ticket.loggedIn();
    }

    /** Applies changed settings of the control connection. */
    void reconfigure() {
        control.reconfigure(sessions.pacSettings());
        scheduleNext();
    }

    /** Asks to be woken when the next timer is due. */
    void scheduleNext() {
        if (over) {
            return;
        }
        long next = Math.min(control.deadline(), loginDeadline());
        if (session != null) {
            next = Math.min(next, session.deadline());
        }
        channel.wakeAt(next);
    }

    private long loginDeadline() {
        boolean done = ending || session != null && (session.isConnected() || !session.isOpen());
        return done ? Long.MAX_VALUE : loginEnd;
    }

    private void perform(List<? extends PacAction> actions, long now) {
        perform(actions, TerminationReason.PEER_REQUEST, now);
    }

    /** Does what the control connection wants; {@code callEnd} is why the call ends, should it end thereby. */
    private void perform(List<? extends PacAction> actions, TerminationReason callEnd, long now) {
        for (PacAction action : actions) {
            switch (action) {
                case ControlAction.Send send -> {
                    trace(">", send.message());
                    channel.send(send.message());
                }
                case PacAction.Started started -> {
                    replied = now;
                    reached(Phase.CONTROL, now);
                }
                case PacAction.OpenCall open -> openCall(open.request(), now);
                case ControlAction.CloseCall close -> closeCall(callEnd, close.reason(), now);
                case ControlAction.CloseConnection close -> closeConnection(close.reason());
                case PacAction.LinkInfo info -> {
                }
                case ControlAction.WanErrors errors -> {
                }
                case ControlAction.Note note -> sessions.events().note(channel.peer(), note.text());
            }
        }
        scheduleNext();
    }

    private void openCall(OutgoingCallRequest request, long now) {
        Optional<Refusal> refusal = sessions.refusalOfCall();
        if (refusal.isPresent()) {
            refuseCall(refusal.get(), now);
            return;
        }
        roundTrip = now - replied;
        Session opened = new Session(this, now);
        Optional<Tunnel> tunnel = sessions.openTunnel(channel, request, opened);
        if (tunnel.isEmpty()) {
            refuseCall(Refusal.CALL_IDS, now);
            return;
        }
        session = opened;
        sessions.add(session);
        perform(control.acceptCall(tunnel.get().callId()), now);
        reached(Phase.CALL, now);
        session.start(tunnel.get(), now);
    }

    private void refuseCall(Refusal refusal, long now) {
        sessions.events().refused(channel.peer(), refusal);
        perform(refusal == Refusal.DRAINING
                ? control.refuseCall(OutgoingCallReply.DO_NOT_ACCEPT, GeneralError.NONE)
                : control.refuseCall(OutgoingCallReply.GENERAL_ERROR, GeneralError.NO_RESOURCE), now);
    }

    private void closeCall(TerminationReason why, String sentence, long now) {
        if (session != null) {
            session.callOver(why, sentence, now);
        }
    }

    private void closeConnection(String reason) {
        over = true;
        if (session == null) {
            sessions.events().abandoned(channel.peer(), reason);
        }
        ticket.closed();
        sessions.removeConnection(ticket);
        channel.close();
    }

    private void trace(String direction, Object message) {
        if (sessions.events().traces(channel.peer())) {
            sessions.events().trace(channel.peer(), direction + " " + message);
        }
    }
}
