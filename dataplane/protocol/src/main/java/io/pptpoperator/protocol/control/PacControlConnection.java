package io.pptpoperator.protocol.control;

import io.pptpoperator.protocol.control.ControlAction.CloseCall;
import io.pptpoperator.protocol.control.ControlAction.CloseConnection;
import io.pptpoperator.protocol.control.ControlAction.Send;
import io.pptpoperator.protocol.control.ControlAction.WanErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's end of one control connection: the receiver of RFC 2637 section 3.1.2, and the PAC of section 3.2.4.1.
 * A pure state machine: every method takes one event and returns what to do about it. Times are milliseconds of a
 * monotonic clock.
 *
 * <p>A control connection carries one call in its life. RFC 2637 allows more, but the NATs between client and server
 * follow only one ({@code nf_conntrack_pptp}). When the call is over, so is the connection: clients wait for that.
 *
 * <p>Two connections from one address are independent, even if both start at the same time. Section 3.1.3 would have
 * the server close one of them when it had begun one as well, which this server never does; and clients behind one NAT
 * share an address.
 */
public final class PacControlConnection {

    /** The states of RFC 2637 sections 3.1.2 and 3.2.4.1 as one. */
    public enum State {
        /** "idle": the TCP connection is there, Start-Control-Connection-Request is not. */
        WAIT_START,
        /** "established", and the call is "idle". */
        ESTABLISHED,
        /** "established", and the call is "wait_cs_ans": the server has not yet answered {@link PacAction.OpenCall}. */
        WAIT_CALL_ANSWER,
        /** "established", and so is the call. */
        CALL_ESTABLISHED,
        /** "wait_stop_reply". */
        WAIT_STOP_REPLY,
        /** {@link ControlAction.CloseConnection} was returned: nothing has an effect any more. */
        CLOSED
    }

    /** The receive window offered to clients, in GRE packets; this server never lets a sender wait. */
    public static final int RECEIVE_WINDOW = 64;

    private static final TextField VENDOR = new TextField("pptp-operator");

    /**
     * A connection with a call: all that another one needs to go on in its place.
     *
     * @param callId our Call ID
     * @param request what the client asked for
     * @param heardAt when the client was heard last, or asked for a sign of life, in milliseconds
     * @param echoIsOut whether an Echo-Request is unanswered
     * @param echoIdentifier of the last Echo-Request
     * @param notes how many notes the client has caused
     */
    public record Snapshot(int callId, OutgoingCallRequest request, long heardAt, boolean echoIsOut, int echoIdentifier,
            int notes) {}

    private final KeepAlive keepAlive;
    private final NoteLimit notes;
    private PacSettings settings;
    private State state = State.WAIT_START;
    /** When the state has lasted too long. */
    private long stateDeadline = Long.MAX_VALUE;
    /** What the client asked for, in the two call states. */
    private OutgoingCallRequest request;
    /** Our Call ID, in {@link State#CALL_ESTABLISHED}. */
    private int callId;
    private String stopReason = "";
    /** What the event being handled leads to. */
    private List<PacAction> actions = new ArrayList<>();

    /** A connection that was just accepted, or is about to be. */
    public PacControlConnection(PacSettings settings) {
        this.settings = settings;
        keepAlive = new KeepAlive();
        notes = new NoteLimit(0);
    }

    /** A connection that goes on where another one was. */
    public PacControlConnection(PacSettings settings, Snapshot established) {
        this.settings = settings;
        keepAlive = new KeepAlive(established.heardAt(), established.echoIsOut(), established.echoIdentifier());
        notes = new NoteLimit(established.notes());
        state = State.CALL_ESTABLISHED;
        request = established.request();
        callId = established.callId();
    }

    /** What it is now; empty unless there is a call. */
    public Optional<Snapshot> snapshot() {
        return state == State.CALL_ESTABLISHED
                ? Optional.of(new Snapshot(callId, request, keepAlive.since(), keepAlive.unanswered(),
                        keepAlive.identifier(), notes.count()))
                : Optional.empty();
    }

    /** Where the connection stands. */
    public State state() {
        return state;
    }

    /** Applies changed settings from now on; only a time limit for opening or closing that already runs stays. */
    public void reconfigure(PacSettings changed) {
        settings = changed;
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return switch (state) {
            case WAIT_START, WAIT_STOP_REPLY -> stateDeadline;
            case ESTABLISHED, WAIT_CALL_ANSWER, CALL_ESTABLISHED ->
                Math.min(stateDeadline, keepAlive.deadline(settings.echoInterval()));
            case CLOSED -> Long.MAX_VALUE;
        };
    }

    /** The TCP connection was accepted. */
    public List<PacAction> connected(long now) {
        stateDeadline = now + settings.establishTimeout();
        return List.of();
    }

    /** A message arrived. */
    public List<PacAction> received(ControlFrame frame, long now) {
        if (state == State.CLOSED) {
            return List.of();
        }
        keepAlive.heard(now);
        switch (frame) {
            case SkippedMessage skipped -> note("passed over a " + skipped);
            case ControlMessage message when state == State.WAIT_START -> beforeStart(message, now);
            case ControlMessage message when state == State.WAIT_STOP_REPLY -> stopping(message);
            case ControlMessage message -> established(message);
        }
        return take();
    }

    /**
     * The stream has become meaningless. RFC 2637 sections 1.4 and 3 want the connection closed at once; there is no
     * telling what the client would make of a further message.
     */
    public List<PacAction> malformed(ControlMessageException wrong) {
        close("the client sent a malformed control message: " + wrong.getMessage());
        return take();
    }

    /**
     * The server gives the connection up without a word.
     *
     * @param reason a sentence's end for the log
     */
    public List<PacAction> giveUp(String reason) {
        close(reason);
        return take();
    }

    /** The client closed the TCP connection, or it broke. */
    public List<PacAction> peerClosed() {
        close(state == State.WAIT_STOP_REPLY ? stopReason : "the client closed the TCP connection");
        return take();
    }

    /**
     * Answers {@link PacAction.OpenCall}: GRE packets with this Call ID are expected from now on. An answer that comes
     * after the client has given up has no effect.
     *
     * @param ourCallId 1 to 65535, the server's identifier of the call
     */
    public List<PacAction> acceptCall(int ourCallId) {
        if (ourCallId < 1 || ourCallId > 0xFFFF) {
            throw new IllegalArgumentException("Call ID " + ourCallId + " is not between 1 and 65535");
        }
        if (state == State.WAIT_CALL_ANSWER) {
            callId = ourCallId;
            state = State.CALL_ESTABLISHED;
            stateDeadline = Long.MAX_VALUE;
            // Clients show the speed to the user, so it is the one they asked for.
            send(new OutgoingCallReply(callId, request.callId(), OutgoingCallReply.CONNECTED, GeneralError.NONE, 0,
                    request.maximumBps(), RECEIVE_WINDOW, 0, 0));
        }
        return take();
    }

    /**
     * Answers {@link PacAction.OpenCall}: there will be no call. The client may ask again until its time is over. A
     * limit that was reached is {@link OutgoingCallReply#GENERAL_ERROR} with {@link GeneralError#NO_RESOURCE}.
     *
     * @param resultCode of {@link OutgoingCallReply}
     * @param errorCode of {@link GeneralError}
     */
    public List<PacAction> refuseCall(int resultCode, int errorCode) {
        if (state == State.WAIT_CALL_ANSWER) {
            send(OutgoingCallReply.refusal(request, resultCode, errorCode));
            state = State.ESTABLISHED;
        }
        return take();
    }

    /**
     * The server ends the call, and the connection with it. Without a call nothing happens.
     *
     * @param resultCode of {@link CallDisconnectNotify}
     * @param reason a sentence's end for the log
     */
    public List<PacAction> disconnectCall(int resultCode, String reason, long now) {
        if (hasCall()) {
            hangUp(resultCode, reason);
            askToStop(StopControlConnectionRequest.NONE, reason, now);
        }
        return take();
    }

    /**
     * The server ends the connection and its call in order: Call-Disconnect-Notify, Stop-Control-Connection-Request,
     * and a short wait for the reply.
     *
     * @param reason a sentence's end for the log
     */
    public List<PacAction> stop(String reason, long now) {
        switch (state) {
            case WAIT_START -> close(reason);
            case ESTABLISHED, WAIT_CALL_ANSWER, CALL_ESTABLISHED -> {
                hangUp(CallDisconnectNotify.ADMIN_SHUTDOWN, reason);
                askToStop(StopControlConnectionRequest.STOP_LOCAL_SHUTDOWN, reason, now);
            }
            case WAIT_STOP_REPLY, CLOSED -> {
            }
        }
        return take();
    }

    /** Time has passed: runs the timers if {@link #deadline()} is over. */
    public List<PacAction> tick(long now) {
        if (now < deadline()) {
            return List.of();
        }
        if (now >= stateDeadline) {
            switch (state) {
                case WAIT_START -> close("the client did not open the control connection in time");
                case ESTABLISHED ->
                    askToStop(StopControlConnectionRequest.NONE, "the client did not ask for a call in time", now);
                case WAIT_CALL_ANSWER -> {
                    send(OutgoingCallReply.refusal(request, OutgoingCallReply.TIME_OUT, GeneralError.NONE));
                    endCall("the server did not answer the call in time");
                    askToStop(StopControlConnectionRequest.NONE, "the server did not answer the call in time", now);
                }
                case WAIT_STOP_REPLY -> close(stopReason);
                // Have no time limit.
                case CALL_ESTABLISHED, CLOSED -> {
                }
            }
        } else if (keepAlive.unanswered()) {
            close("the client is silent and did not answer an Echo-Request");
        } else {
            send(keepAlive.ask(now));
        }
        return take();
    }

    private void beforeStart(ControlMessage message, long now) {
        switch (message) {
            case StartControlConnectionRequest start -> start(start, now);
            case StopControlConnectionRequest stop -> stopped(stop);
            default -> {
                EarlyMessages.answerTo(message).ifPresent(this::send);
                close(message.type().label() + " came before Start-Control-Connection-Request");
            }
        }
    }

    private void start(StartControlConnectionRequest start, long now) {
        if (start.protocolVersion() == ControlMessage.VERSION) {
            actions.add(new PacAction.Started(start));
            send(startReply(StartControlConnectionReply.SUCCESSFUL));
            state = State.ESTABLISHED;
            stateDeadline = now + settings.establishTimeout();
        } else {
            send(startReply(StartControlConnectionReply.VERSION_NOT_SUPPORTED));
            close(String.format("the client speaks PPTP version 0x%04x instead of 0x%04x", start.protocolVersion(),
                    ControlMessage.VERSION));
        }
    }

    private StartControlConnectionReply startReply(int resultCode) {
        return new StartControlConnectionReply(ControlMessage.VERSION, resultCode, GeneralError.NONE, Framing.EITHER,
                Bearer.ANY, 1, 1, new TextField(settings.hostName()), VENDOR);
    }

    private void established(ControlMessage message) {
        switch (message) {
            case StartControlConnectionRequest again -> {
                note("the client opened the control connection again");
                send(startReply(StartControlConnectionReply.CHANNEL_EXISTS));
            }
            case StopControlConnectionRequest stop -> stopped(stop);
            case EchoRequest echo -> send(EchoReply.ok(echo));
            case EchoReply reply -> {
            }
            case OutgoingCallRequest call -> callAsked(call);
            case CallClearRequest clear -> callCleared(clear);
            case SetLinkInfo info -> linkInfo(info);
            case WanErrorNotify counters -> actions.add(new WanErrors(counters));
            // From here on: what only a PAC may send, or what answers something that this PAC never sends.
            case IncomingCallRequest call -> {
                note("the client announced an incoming call, which only a PAC can");
                send(IncomingCallReply.refusal(call, IncomingCallReply.DO_NOT_ACCEPT, GeneralError.NONE));
            }
            case CallDisconnectNotify disconnect -> callDisconnected(disconnect);
            case StartControlConnectionReply reply -> unexpected(message);
            case StopControlConnectionReply reply -> unexpected(message);
            case OutgoingCallReply reply -> unexpected(message);
            case IncomingCallReply reply -> unexpected(message);
            case IncomingCallConnected connected -> unexpected(message);
        }
    }

    /** What is still answered while the client's Stop-Control-Connection-Reply is awaited. */
    private void stopping(ControlMessage message) {
        switch (message) {
            case StopControlConnectionReply reply -> close(stopReason);
            case StopControlConnectionRequest crossing -> {
                send(new StopControlConnectionReply(StopControlConnectionReply.OK, GeneralError.NONE));
                close(stopReason);
            }
            case EchoRequest echo -> send(EchoReply.ok(echo));
            // Was under way when the connection was stopped.
            default -> {
            }
        }
    }

    private void stopped(StopControlConnectionRequest stop) {
        String reason = "the client stopped the control connection: " + stop.meaning();
        endCall(reason); // RFC 2637 section 2.3: the request clears all calls
        send(new StopControlConnectionReply(StopControlConnectionReply.OK, GeneralError.NONE));
        close(reason);
    }

    private void callAsked(OutgoingCallRequest call) {
        if (hasCall()) {
            note("the client asked for a second call");
            send(OutgoingCallReply.refusal(call, OutgoingCallReply.DO_NOT_ACCEPT, GeneralError.NONE));
        } else {
            request = call;
            state = State.WAIT_CALL_ANSWER;
            actions.add(new PacAction.OpenCall(call));
        }
    }

    /** Clears the call in any state, whatever the client calls it: there is only one it can mean. */
    private void callCleared(CallClearRequest clear) {
        if (!hasCall()) {
            send(new CallDisconnectNotify(0, CallDisconnectNotify.GENERAL_ERROR, GeneralError.BAD_CALL_ID));
            close("the client cleared a call that does not exist");
            return;
        }
        if (clear.callId() != request.callId()) {
            note("the client cleared call " + clear.callId() + " instead of " + request.callId());
        }
        int ourCallId = state == State.CALL_ESTABLISHED ? callId : 0;
        endCall("the client cleared the call");
        send(new CallDisconnectNotify(ourCallId, CallDisconnectNotify.REQUEST, GeneralError.NONE));
        close("the client cleared the call");
    }

    /** A PNS has no business sending this, but what it means is clear. */
    private void callDisconnected(CallDisconnectNotify disconnect) {
        if (hasCall()) {
            close("the client disconnected the call: " + disconnect.meaning());
        } else {
            unexpected(disconnect);
        }
    }

    private void linkInfo(SetLinkInfo info) {
        if (state == State.CALL_ESTABLISHED && info.peersCallId() == callId) {
            actions.add(new PacAction.LinkInfo(info.sendAccm(), info.receiveAccm()));
        } else {
            note("ignored Set-Link-Info for call " + info.peersCallId() + ", which does not exist");
        }
    }

    private void unexpected(ControlMessage message) {
        note("ignored " + message.type().label() + ", which no client should send now");
    }

    private void hangUp(int resultCode, String reason) {
        if (state == State.CALL_ESTABLISHED) {
            send(new CallDisconnectNotify(callId, resultCode, GeneralError.NONE));
        } else if (state == State.WAIT_CALL_ANSWER) {
            send(OutgoingCallReply.refusal(request, OutgoingCallReply.GENERAL_ERROR, GeneralError.NO_RESOURCE));
        }
        endCall(reason);
    }

    private void askToStop(int requestReason, String reason, long now) {
        send(new StopControlConnectionRequest(requestReason));
        stopReason = reason;
        state = State.WAIT_STOP_REPLY;
        stateDeadline = now + settings.stopTimeout();
    }

    private boolean hasCall() {
        return state == State.WAIT_CALL_ANSWER || state == State.CALL_ESTABLISHED;
    }

    private void endCall(String reason) {
        if (hasCall()) {
            actions.add(new CloseCall(reason));
            state = State.ESTABLISHED;
        }
    }

    private void close(String reason) {
        endCall(reason);
        if (state != State.CLOSED) {
            actions.add(new CloseConnection(reason));
            state = State.CLOSED;
        }
    }

    private void send(ControlMessage message) {
        actions.add(new Send(message));
    }

    private void note(String text) {
        notes.note(text).ifPresent(actions::add);
    }

    private List<PacAction> take() {
        List<PacAction> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }
}
