package io.pptpoperator.protocol.ppp;

import io.pptpoperator.protocol.ppp.TransitionTable.Act;
import io.pptpoperator.protocol.ppp.TransitionTable.Transition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The option negotiation automaton of RFC 1661 section 4, one for each of LCP, CCP and IPCP. It is pure: packets, timer
 * ticks and the milliseconds of a monotonic clock come in; what to do is appended to the list that the caller passes.
 *
 * <p>Beyond the table it keeps a lossy tunnel in mind: a retransmitted request keeps its identifier, so that the answer
 * to either copy counts; a second copy of an answer is ignored; and the peer's retransmission of the request that this
 * end acknowledged last is acknowledged once more instead of taking the opened layer down.
 */
public final class Automaton {

    /** The states of section 4.2. */
    public enum State {
        /** The lower layer is down, and no Open has occurred. */
        INITIAL,
        /** Open, but the lower layer is down. */
        STARTING,
        /** The lower layer is up, but no Open has occurred. */
        CLOSED,
        /** Finished after a Down-less end; a request from the peer starts again. */
        STOPPED,
        /** A Terminate-Request is out, for Closed. */
        CLOSING,
        /** A Terminate-Request is out or was answered, for Stopped. */
        STOPPING,
        /** A Configure-Request is out. */
        REQ_SENT,
        /** It has been acknowledged; the peer's has not. */
        ACK_RCVD,
        /** The peer's has been acknowledged; ours has not. */
        ACK_SENT,
        /** Both have been. */
        OPENED
    }

    /** The events of section 4.3. */
    public enum Event {
        /** The lower layer came up. */
        UP,
        /** The lower layer went down. */
        DOWN,
        /** Administrative Open. */
        OPEN,
        /** Administrative Close. */
        CLOSE,
        /** Timeout with the restart counter above zero. */
        TO_PLUS,
        /** Timeout with the restart counter expired. */
        TO_MINUS,
        /** Receive-Configure-Request, good. */
        RCR_PLUS,
        /** Receive-Configure-Request, bad. */
        RCR_MINUS,
        /** Receive-Configure-Ack. */
        RCA,
        /** Receive-Configure-Nak or -Reject. */
        RCN,
        /** Receive-Terminate-Request. */
        RTR,
        /** Receive-Terminate-Ack. */
        RTA,
        /** Receive-Unknown-Code. */
        RUC,
        /** Receive-Code-Reject or -Protocol-Reject of something that can be done without. */
        RXJ_PLUS,
        /** The same of something that cannot. */
        RXJ_MINUS,
        /** Receive-Echo-Request, -Echo-Reply or -Discard-Request. */
        RXR
    }

    /**
     * An automaton at rest, in a state without a timer: all that another one needs to go on in its place.
     *
     * @param state the state
     * @param lastId the identifier used last
     * @param acknowledgedRequest the peer's request that was acknowledged last, if one was
     * @param acknowledgedUntil until when a copy of it is a retransmission, in milliseconds of the monotonic clock
     * @param peerMru the longest information field, in bytes, that the peer takes
     */
    public record Snapshot(State state, int lastId, Optional<ControlPacket> acknowledgedRequest, long acknowledgedUntil,
            int peerMru) {}

    private static final int DEFAULT_MRU = 1500;
    private static final int NONE = -1;

    private final Negotiation negotiation;
    private RestartPolicy policy;

    private State state = State.INITIAL;
    private long deadline = Long.MAX_VALUE;
    private long interval;
    private int restartCount;

    private int lastId;
    /** The Configure-Request whose answer is awaited, or null. */
    private ControlPacket pendingRequest;
    private List<ConfigureOption> requestedOptions = List.of();
    private int terminateId = NONE;
    private byte[] terminateText = {};
    private ControlPacket acknowledgedRequest;
    /** How long a copy of it is a retransmission; after that the peer has begun anew with the same identifier. */
    private long acknowledgedUntil;
    private int naksSent;
    private int naksReceived;
    private int peerMru = DEFAULT_MRU;

    /** An automaton in state Initial. */
    public Automaton(Negotiation negotiation, RestartPolicy policy) {
        this.negotiation = negotiation;
        this.policy = policy;
        this.interval = policy.firstMillis();
    }

    /** An automaton that goes on where another one rested. */
    public Automaton(Negotiation negotiation, RestartPolicy policy, Snapshot rested) {
        this(negotiation, policy);
        state = rested.state();
        lastId = rested.lastId();
        acknowledgedRequest = rested.acknowledgedRequest().orElse(null);
        acknowledgedUntil = rested.acknowledgedUntil();
        peerMru = rested.peerMru();
    }

    /** What it is now; empty while it negotiates. */
    public Optional<Snapshot> snapshot() {
        return switch (state) {
            case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> Optional.of(
                    new Snapshot(state, lastId, Optional.ofNullable(acknowledgedRequest), acknowledgedUntil, peerMru));
            case CLOSING, STOPPING, REQ_SENT, ACK_RCVD, ACK_SENT -> Optional.empty();
        };
    }

    /** Other times and counters from now on: more is known of the path. */
    public void pace(RestartPolicy other) {
        policy = other;
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** Whether it is in state Opened. */
    public boolean isOpened() {
        return state == State.OPENED;
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return deadline;
    }

    /** The longest information field, in bytes, that the peer takes: what a Code-Reject is cut to. */
    public void limitTo(int mru) {
        peerMru = mru;
    }

    /** A fresh identifier for a packet of this protocol. */
    public int nextId() {
        lastId = lastId + 1 & 0xff;
        return lastId;
    }

    /** Administrative Open. */
    public void open(long now, List<LayerAction> out) {
        fire(Event.OPEN, null, now, out);
    }

    /** The lower layer is up. */
    public void up(long now, List<LayerAction> out) {
        fire(Event.UP, null, now, out);
    }

    /** The lower layer is down. */
    public void down(long now, List<LayerAction> out) {
        fire(Event.DOWN, null, now, out);
    }

    /**
     * Administrative Close.
     *
     * @param text tells the peer why, in the Terminate-Request's data; characters beyond ASCII become question marks
     */
    public void close(String text, long now, List<LayerAction> out) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        terminateText = Arrays.copyOf(ascii, Math.min(ascii.length, peerMru - ControlPacket.HEADER_LENGTH));
        fire(Event.CLOSE, null, now, out);
    }

    /** The peer does not know this protocol at all (RFC 1661 section 5.7). */
    public void protocolRejected(long now, List<LayerAction> out) {
        fire(Event.RXJ_MINUS, null, now, out);
    }

    /** An Echo-Request, Echo-Reply or Discard-Request of LCP. */
    public void echo(ControlPacket packet, long now, List<LayerAction> out) {
        fire(Event.RXR, packet, now, out);
    }

    /** Runs the restart timer if {@link #deadline()} has passed. */
    public void tick(long now, List<LayerAction> out) {
        if (now >= deadline) {
            fire(restartCount > 0 ? Event.TO_PLUS : Event.TO_MINUS, null, now, out);
        }
    }

    /**
     * A packet of this protocol arrived. Codes 1 to 7 are understood, all others are unknown here.
     *
     * @throws PppPacketException when its options are malformed; nothing has happened then
     */
    public void receive(ControlPacket packet, long now, List<LayerAction> out) {
        switch (packet.code()) {
            case ControlCode.CONFIGURE_REQUEST -> configureRequest(packet, now, out);
            case ControlCode.CONFIGURE_ACK -> configureAck(packet, now, out);
            case ControlCode.CONFIGURE_NAK, ControlCode.CONFIGURE_REJECT -> configureRefusal(packet, now, out);
            case ControlCode.TERMINATE_REQUEST -> fire(Event.RTR, packet, now, out);
            case ControlCode.TERMINATE_ACK -> fire(Event.RTA, packet, now, out);
            case ControlCode.CODE_REJECT -> codeReject(packet, now, out);
            default -> fire(Event.RUC, packet, now, out);
        }
    }

    /**
     * Whether a packet takes the opened layer down; the peer's retransmission of the request acknowledged last does
     * not.
     *
     * @throws PppPacketException when its options are malformed
     */
    public boolean takesDown(ControlPacket packet, long now) {
        return state == State.OPENED && switch (packet.code()) {
            case ControlCode.CONFIGURE_REQUEST -> {
                packet.options();
                yield !isRetransmission(packet, now);
            }
            case ControlCode.TERMINATE_REQUEST, ControlCode.TERMINATE_ACK -> true;
            case ControlCode.CODE_REJECT -> packet.data().length > 0 && isVital(packet.data()[0] & 0xff);
            default -> false;
        };
    }

    private boolean isRetransmission(ControlPacket request, long now) {
        return request.equals(acknowledgedRequest) && now < acknowledgedUntil;
    }

    private static boolean isVital(int code) {
        return code >= ControlCode.CONFIGURE_REQUEST && code <= ControlCode.CODE_REJECT;
    }

    private void configureRequest(ControlPacket request, long now, List<LayerAction> out) {
        List<ConfigureOption> options = request.options();
        if (state == State.OPENED && isRetransmission(request, now)) {
            out.add(new LayerAction.Send(new ControlPacket(ControlCode.CONFIGURE_ACK, request.id(), request.data())));
            return;
        }
        ControlPacket answer = OptionWalk.answer(request, options, negotiation, naksSent < policy.maxFailure());
        if (answer.code() == ControlCode.CONFIGURE_ACK) {
            fire(Event.RCR_PLUS, answer, now, out);
        } else {
            fire(Event.RCR_MINUS, answer, now, out);
        }
    }

    private void configureAck(ControlPacket ack, long now, List<LayerAction> out) {
        if (answersPending(ack) && Arrays.equals(ack.data(), pendingRequest.data())) {
            pendingRequest = null;
            naksReceived = 0;
            fire(Event.RCA, ack, now, out);
        }
    }

    private void configureRefusal(ControlPacket refusal, long now, List<LayerAction> out) {
        List<ConfigureOption> options = refusal.options();
        if (!answersPending(refusal)) {
            return;
        }
        if (refusal.code() == ControlCode.CONFIGURE_NAK && options.stream().anyMatch(negotiation::asksForTime)) {
            // The restart timer asks again, as long as whoever runs this waits for the network.
            restartCount = policy.maxConfigure();
            return;
        }
        boolean meant;
        if (refusal.code() == ControlCode.CONFIGURE_REJECT) {
            meant = OptionWalk.applyReject(requestedOptions, options, negotiation);
        } else {
            naksReceived++;
            boolean enough = naksReceived > policy.maxFailure();
            meant = OptionWalk.applyNak(requestedOptions, options, negotiation, enough) || !enough;
        }
        if (!meant) {
            // Answering it would only repeat the request: the restart timer does that, and it gives up some day.
            return;
        }
        pendingRequest = null;
        if (negotiation.failure().isPresent()) {
            close(negotiation.failure().get(), now, out);
        } else {
            fire(Event.RCN, refusal, now, out);
        }
    }

    private boolean answersPending(ControlPacket answer) {
        return pendingRequest != null && answer.id() == pendingRequest.id();
    }

    private void codeReject(ControlPacket reject, long now, List<LayerAction> out) {
        if (reject.data().length == 0) {
            throw new PppPacketException("Code-Reject of 0 bytes; it must hold the rejected packet");
        }
        fire(isVital(reject.data()[0] & 0xff) ? Event.RXJ_MINUS : Event.RXJ_PLUS, reject, now, out);
    }

    /**
     * @param cause the packet that the actions answer: for RCR+ and RCR- the answer itself, otherwise what came in;
     *     null for events without a packet
     */
    private void fire(Event event, ControlPacket cause, long now, List<LayerAction> out) {
        Transition transition = TransitionTable.of(state, event);
        if (!transition.possible()) {
            // A packet while the lower layer is down: RFC 1661 section 4.3 discards it.
            return;
        }
        State before = state;
        state = transition.next();
        for (Act act : transition.acts()) {
            perform(act, cause, before, now, out);
        }
        adjustTimer(before, transition, now);
    }

    private void perform(Act act, ControlPacket cause, State before, long now, List<LayerAction> out) {
        switch (act) {
            case TLU -> out.add(new LayerAction.ThisLayerUp());
            case TLD -> out.add(new LayerAction.ThisLayerDown());
            case TLS -> out.add(new LayerAction.ThisLayerStarted());
            case TLF -> out.add(new LayerAction.ThisLayerFinished());
            case IRC -> {
                boolean ending = state == State.CLOSING || state == State.STOPPING;
                restartCount = ending ? policy.maxTerminate() : policy.maxConfigure();
                interval = policy.firstMillis();
            }
            case ZRC -> {
                // One period for the peer to ask again, should our Terminate-Ack get lost (section 4.4).
                restartCount = 0;
                deadline = now + policy.restartMillis();
            }
            case SCR -> out.add(new LayerAction.Send(nextRequest(before, now)));
            case SCA -> {
                naksSent = 0;
                acknowledgedRequest = new ControlPacket(ControlCode.CONFIGURE_REQUEST, cause.id(), cause.data());
                acknowledgedUntil = now + policy.maxConfigure() * policy.restartMillis();
                negotiation.accepted(cause.options());
                out.add(new LayerAction.Send(cause));
            }
            case SCN -> {
                if (cause.code() == ControlCode.CONFIGURE_NAK) {
                    naksSent++;
                }
                out.add(new LayerAction.Send(cause));
            }
            case STR -> {
                if (terminateId == NONE) {
                    terminateId = nextId();
                }
                restartTimer(now);
                out.add(new LayerAction.Send(
                        new ControlPacket(ControlCode.TERMINATE_REQUEST, terminateId, terminateText)));
            }
            case STA ->
                out.add(new LayerAction.Send(new ControlPacket(ControlCode.TERMINATE_ACK, cause.id(), new byte[0])));
            case SCJ -> {
                byte[] rejected = cause.encode();
                int length = Math.min(rejected.length, peerMru - ControlPacket.HEADER_LENGTH);
                out.add(new LayerAction.Send(
                        new ControlPacket(ControlCode.CODE_REJECT, nextId(), Arrays.copyOf(rejected, length))));
            }
            case SER -> {
                if (cause.code() == ControlCode.ECHO_REQUEST) {
                    out.add(new LayerAction.SendEchoReply(cause));
                }
            }
        }
    }

    private ControlPacket nextRequest(State before, long now) {
        if (before != State.REQ_SENT && before != State.ACK_RCVD && before != State.ACK_SENT) {
            negotiation.restart();
            naksSent = 0;
            naksReceived = 0;
            pendingRequest = null;
            terminateId = NONE;
        }
        if (pendingRequest == null) {
            requestedOptions = negotiation.request();
            pendingRequest = ControlPacket.ofOptions(ControlCode.CONFIGURE_REQUEST, nextId(), requestedOptions);
        }
        restartTimer(now);
        return pendingRequest;
    }

    private void restartTimer(long now) {
        restartCount--;
        if (state == State.ACK_SENT) {
            interval = Math.max(interval, policy.answerMillis());
        }
        deadline = now + interval;
        interval = Math.min(2 * interval, Math.max(policy.restartMillis(), policy.answerMillis()));
    }

    private void adjustTimer(State before, Transition transition, long now) {
        switch (state) {
            case INITIAL, STARTING, CLOSED, STOPPED, OPENED -> {
                deadline = Long.MAX_VALUE;
                pendingRequest = null;
            }
            case ACK_RCVD -> {
                // Our part is done: the peer may take its time with further requests.
                if (before != State.ACK_RCVD) {
                    deadline = now + Math.max(policy.restartMillis(), policy.answerMillis());
                }
            }
            case ACK_SENT -> {
                // The peer has only just shown up: what was sent before may have been lost, however long ago. But its
                // answer may also be on its way, and a copy of our request would then reach it after it opened, and
                // take it down again. Until then the peer cannot have opened, and copies did no harm.
                if (before == State.REQ_SENT && !transition.acts().contains(Act.SCR)) {
                    interval = policy.answerMillis();
                    deadline = now + interval;
                }
            }
            case CLOSING, STOPPING, REQ_SENT -> {
            }
        }
    }
}
