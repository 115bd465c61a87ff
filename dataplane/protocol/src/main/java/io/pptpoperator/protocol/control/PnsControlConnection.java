package io.pptpoperator.protocol.control;

import io.pptpoperator.protocol.control.ControlAction.CloseCall;
import io.pptpoperator.protocol.control.ControlAction.CloseConnection;
import io.pptpoperator.protocol.control.ControlAction.Send;
import io.pptpoperator.protocol.control.ControlAction.WanErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * The client's end of one control connection: the originator of RFC 2637 section 3.1.1, and the PNS of section
 * 3.2.4.2. It opens the control connection, places one call, and ends both. A pure state machine: every method takes
 * one event and returns what to do about it. Times are milliseconds of a monotonic clock.
 *
 * <p>The collision of section 3.1.3 cannot happen: this client does not listen for connections.
 */
public final class PnsControlConnection {

    /** The states of RFC 2637 sections 3.1.1 and 3.2.4.2 as one. */
    public enum State {
        /** "idle": there is no TCP connection yet. */
        IDLE,
        /** "wait_ctl_reply". */
        WAIT_CTL_REPLY,
        /** "established", and the call is "wait_reply". */
        WAIT_CALL_REPLY,
        /** "established", and so is the call. */
        CALL_ESTABLISHED,
        /** "established", and the call is "wait_disconnect". */
        WAIT_DISCONNECT,
        /** "wait_stop_reply". */
        WAIT_STOP_REPLY,
        /** {@link ControlAction.CloseConnection} was returned: nothing has an effect any more. */
        CLOSED
    }

    private final PnsSettings settings;
    private final KeepAlive keepAlive = new KeepAlive();
    private final NoteLimit notes = new NoteLimit(0);
    private State state = State.IDLE;
    /** When the state has lasted too long. */
    private long stateDeadline = Long.MAX_VALUE;
    /** Whether {@link PnsAction.CallUp} still waits for its {@link CloseCall}. */
    private boolean callUp;
    private String stopReason = "";
    /** What the event being handled leads to. */
    private List<PnsAction> actions = new ArrayList<>();

    /** A connection that is about to be opened. */
    public PnsControlConnection(PnsSettings settings) {
        this.settings = settings;
    }

    /** Where the connection stands. */
    public State state() {
        return state;
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return switch (state) {
            case IDLE, CLOSED -> Long.MAX_VALUE;
            case WAIT_CTL_REPLY, WAIT_CALL_REPLY, WAIT_DISCONNECT, WAIT_STOP_REPLY -> stateDeadline;
            case CALL_ESTABLISHED -> keepAlive.deadline(settings.echoInterval());
        };
    }

    /** The TCP connection is there. */
    public List<PnsAction> connected(long now) {
        if (state == State.IDLE) {
            keepAlive.heard(now);
            send(settings.start());
            enter(State.WAIT_CTL_REPLY, now + settings.replyTimeout());
        }
        return take();
    }

    /** A message arrived. */
    public List<PnsAction> received(ControlFrame frame, long now) {
        if (state == State.IDLE || state == State.CLOSED) {
            return List.of();
        }
        keepAlive.heard(now);
        switch (frame) {
            case SkippedMessage skipped -> note("passed over a " + skipped);
            case ControlMessage message when state == State.WAIT_STOP_REPLY -> stopping(message);
            case ControlMessage message -> handle(message, now);
        }
        return take();
    }

    /** The stream has become meaningless (RFC 2637 sections 1.4 and 3). */
    public List<PnsAction> malformed(ControlMessageException wrong) {
        close("the server sent a malformed control message: " + wrong.getMessage());
        return take();
    }

    /** The server closed the TCP connection, or it broke, or it could not be opened. */
    public List<PnsAction> peerClosed() {
        close(switch (state) {
            case IDLE -> "the TCP connection could not be opened";
            case WAIT_CTL_REPLY -> "the server closed the TCP connection instead of opening the control connection";
            case WAIT_CALL_REPLY -> "the server closed the TCP connection instead of answering the call";
            case CALL_ESTABLISHED -> "the server closed the TCP connection";
            // Some servers close at once instead of answering a Call-Clear-Request: that is an end as well.
            case WAIT_DISCONNECT, WAIT_STOP_REPLY, CLOSED -> stopReason;
        });
        return take();
    }

    /**
     * The client ends the call in order: Call-Clear-Request, a short wait for Call-Disconnect-Notify,
     * Stop-Control-Connection-Request, and a short wait for the reply.
     *
     * @param reason a sentence's end for the log
     */
    public List<PnsAction> clearCall(String reason, long now) {
        switch (state) {
            case IDLE -> close(reason);
            case WAIT_CTL_REPLY -> askToStop(StopControlConnectionRequest.NONE, reason, now);
            case WAIT_CALL_REPLY, CALL_ESTABLISHED -> {
                endCall(reason);
                send(new CallClearRequest(settings.call().callId()));
                stopReason = reason;
                enter(State.WAIT_DISCONNECT, now + settings.stopTimeout());
            }
            case WAIT_DISCONNECT, WAIT_STOP_REPLY, CLOSED -> {
            }
        }
        return take();
    }

    /**
     * The client ends the connection, which clears the call (RFC 2637 section 2.3): Stop-Control-Connection-Request,
     * and a short wait for the reply.
     *
     * @param reason a sentence's end for the log
     */
    public List<PnsAction> stop(String reason, long now) {
        switch (state) {
            case IDLE -> close(reason);
            case WAIT_CTL_REPLY, WAIT_CALL_REPLY, CALL_ESTABLISHED, WAIT_DISCONNECT ->
                askToStop(StopControlConnectionRequest.NONE, reason, now);
            case WAIT_STOP_REPLY, CLOSED -> {
            }
        }
        return take();
    }

    /** Time has passed: runs the timers if {@link #deadline()} is over. */
    public List<PnsAction> tick(long now) {
        if (now < deadline()) {
            return List.of();
        }
        switch (state) {
            case WAIT_CTL_REPLY -> close("the server did not answer Start-Control-Connection-Request in time");
            case WAIT_CALL_REPLY -> askToStop(StopControlConnectionRequest.NONE,
                    "the server did not answer Outgoing-Call-Request in time", now);
            case CALL_ESTABLISHED -> {
                if (keepAlive.unanswered()) {
                    close("the server is silent and did not answer an Echo-Request");
                } else {
                    send(keepAlive.ask(now));
                }
            }
            case WAIT_DISCONNECT -> askToStop(StopControlConnectionRequest.NONE, stopReason, now);
            case WAIT_STOP_REPLY -> close(stopReason);
            // Have no time limit.
            case IDLE, CLOSED -> {
            }
        }
        return take();
    }

    private void handle(ControlMessage message, long now) {
        switch (message) {
            case StartControlConnectionReply reply when state == State.WAIT_CTL_REPLY -> started(reply, now);
            case OutgoingCallReply reply when state == State.WAIT_CALL_REPLY -> callAnswered(reply, now);
            // Crossed our Call-Clear-Request.
            case OutgoingCallReply reply when state == State.WAIT_DISCONNECT -> {
            }
            case CallDisconnectNotify disconnect -> callDisconnected(disconnect, now);
            case StopControlConnectionRequest stop -> stopped(stop);
            case EchoRequest echo -> send(EchoReply.ok(echo));
            case EchoReply reply -> {
            }
            case WanErrorNotify counters -> actions.add(new WanErrors(counters));
            case OutgoingCallRequest call -> {
                note("the server asked for an outgoing call, which only a PNS can");
                send(OutgoingCallReply.refusal(call, OutgoingCallReply.DO_NOT_ACCEPT, GeneralError.NONE));
            }
            case IncomingCallRequest call -> {
                note("refused an incoming call that the server announced");
                send(IncomingCallReply.refusal(call, IncomingCallReply.DO_NOT_ACCEPT, GeneralError.NONE));
            }
            case StartControlConnectionRequest start -> unexpected(message);
            case StartControlConnectionReply reply -> unexpected(message);
            case StopControlConnectionReply reply -> unexpected(message);
            case OutgoingCallReply reply -> unexpected(message);
            case IncomingCallReply reply -> unexpected(message);
            case IncomingCallConnected connected -> unexpected(message);
            case CallClearRequest clear -> unexpected(message);
            case SetLinkInfo info -> unexpected(message);
        }
    }

    private void started(StartControlConnectionReply reply, long now) {
        if (!reply.isSuccess()) {
            close("the server refused the control connection with result " + reply.resultCode() + ": "
                    + reply.meaning());
        } else if (reply.protocolVersion() < ControlMessage.VERSION) {
            askToStop(StopControlConnectionRequest.STOP_PROTOCOL,
                    String.format("the server speaks PPTP version 0x%04x instead of 0x%04x", reply.protocolVersion(),
                            ControlMessage.VERSION),
                    now);
        } else {
            actions.add(new PnsAction.Started(reply));
            send(settings.call());
            enter(State.WAIT_CALL_REPLY, now + settings.replyTimeout());
        }
    }

    private void callAnswered(OutgoingCallReply reply, long now) {
        if (reply.peersCallId() != settings.call().callId()) {
            note("the server answered call " + reply.peersCallId() + " instead of " + settings.call().callId());
        }
        if (reply.resultCode() == OutgoingCallReply.CONNECTED) {
            callUp = true;
            enter(State.CALL_ESTABLISHED, Long.MAX_VALUE);
            actions.add(new PnsAction.CallUp(reply));
        } else {
            askToStop(StopControlConnectionRequest.NONE,
                    "the server refused the call with result " + reply.resultCode() + ": " + reply.meaning(), now);
        }
    }

    /** Servers disagree about the Call ID in this message, so it is not looked at: there is only one call. */
    private void callDisconnected(CallDisconnectNotify disconnect, long now) {
        switch (state) {
            case WAIT_CALL_REPLY, CALL_ESTABLISHED ->
                askToStop(StopControlConnectionRequest.NONE, "the server disconnected the call with result "
                        + disconnect.resultCode() + ": " + disconnect.meaning(), now);
            case WAIT_DISCONNECT -> askToStop(StopControlConnectionRequest.NONE, stopReason, now);
            case IDLE, WAIT_CTL_REPLY, WAIT_STOP_REPLY, CLOSED -> unexpected(disconnect);
        }
    }

    /** What is still answered while the server's Stop-Control-Connection-Reply is awaited. */
    private void stopping(ControlMessage message) {
        switch (message) {
            case StopControlConnectionReply reply -> close(stopReason);
            case StopControlConnectionRequest crossing -> stopped(crossing);
            case EchoRequest echo -> send(EchoReply.ok(echo));
            // Was under way when the connection was stopped.
            default -> {
            }
        }
    }

    private void stopped(StopControlConnectionRequest stop) {
        String reason = state == State.WAIT_DISCONNECT || state == State.WAIT_STOP_REPLY
                ? stopReason
                : "the server stopped the control connection: " + stop.meaning();
        endCall(reason);
        send(new StopControlConnectionReply(StopControlConnectionReply.OK, GeneralError.NONE));
        close(reason);
    }

    private void unexpected(ControlMessage message) {
        note("ignored " + message.type().label() + ", which no server should send now");
    }

    private void askToStop(int requestReason, String reason, long now) {
        endCall(reason);
        send(new StopControlConnectionRequest(requestReason));
        stopReason = reason;
        enter(State.WAIT_STOP_REPLY, now + settings.stopTimeout());
    }

    private void endCall(String reason) {
        if (callUp) {
            callUp = false;
            actions.add(new CloseCall(reason));
        }
    }

    private void close(String reason) {
        if (state != State.CLOSED) {
            endCall(reason);
            actions.add(new CloseConnection(reason));
            enter(State.CLOSED, Long.MAX_VALUE);
        }
    }

    private void enter(State next, long deadline) {
        state = next;
        stateDeadline = deadline;
    }

    private void send(ControlMessage message) {
        actions.add(new Send(message));
    }

    private void note(String text) {
        notes.note(text).ifPresent(actions::add);
    }

    private List<PnsAction> take() {
        List<PnsAction> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }
}
