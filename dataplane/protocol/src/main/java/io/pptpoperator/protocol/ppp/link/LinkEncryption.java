package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.ccp.Ccp;
import io.pptpoperator.protocol.ppp.ccp.CcpAction;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether and how a link is encrypted: CCP, the keys of its login, and what follows from what CCP agrees on. What was
 * encrypted once is never clear again (RFC 3078 section 2), and start keys serve one opening of CCP.
 */
final class LinkEncryption {

    /** The link, of whose network phase this is a part. */
    interface Link {
        /** Ends it. */
        void terminate(TerminationReason reason, String detail, long now);

        /**
         * Begins LCP anew, which ends the phase: the next one has other keys. {@code why} is a sentence for the log.
         */
        void startOver(String why, long now);

        /** How long the way to the peer and back takes, in milliseconds; 0 while that is not known. */
        long roundTrip();
    }

    /** The network, which opens only when it is settled whether to encrypt. */
    interface Network {
        /** Whether it has acknowledged the peer's request for addresses: from then on the peer may send IP. */
        boolean hasAcknowledged();

        /** Whether the addresses are agreed on, in both directions. */
        boolean isOpened();

        /** It is settled whether to encrypt. */
        void settled(long now);

        /** The network is down, whatever else: nothing may slip through in clear. */
        void down(long now);

        /** What was settled may be so no longer. */
        void update(long now);
    }

    private enum State {
        UNDECIDED, UP, WITHOUT
    }

    /**
     * A peer may load its encryption between our request and its answer, and pppd hangs up when a copy of a request
     * reaches it with MPPE up.
     */
    private static final long CCP_ANSWER_MILLIS = 1_500;
    private static final long NEVER = Long.MAX_VALUE;

    private final LinkOutput output;
    private final Link link;
    private final Network network;
    private final long graceMillis;
    private final Optional<Ccp> ccp;

    /** {@link EncryptionPolicy#REQUIRED} from the first encryption on: what was encrypted once is never clear again. */
    private EncryptionPolicy policy;
    private Optional<MppeStartKeys> keys;
    private State state = State.UNDECIDED;
    /** What the peer may encrypt with from now on: this end has acknowledged its request. */
    private Optional<MppeParameters> receiving = Optional.empty();
    private boolean wasUp;
    private boolean left;
    /** When a link that prefers encryption goes on without. */
    private long clearDeadline = NEVER;

    /**
     * @param settings what the link wants; required, whatever they say, where it was encrypted before
     * @param graceMillis how long a link that prefers encryption waits for it once all else is agreed on
     * @param restart the automaton's timer and counters on this path
     */
    LinkEncryption(LinkOutput output, Link link, Network network, EncryptionSettings settings, long graceMillis,
            RestartPolicy restart, Optional<MppeStartKeys> keys, int peerMru) {
        this.output = output;
        this.link = link;
        this.network = network;
        this.policy = settings.policy();
        this.graceMillis = graceMillis;
        this.keys = keys;
        List<Integer> strengths = keys.map(settings::possibleWith).orElse(List.of());
        ccp = policy == EncryptionPolicy.OFF || strengths.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ccp(settings, strengths, peerMru, restart.patient(CCP_ANSWER_MILLIS)));
    }

    /** One that goes on where another one was. */
    LinkEncryption(LinkOutput output, Link link, Network network, long graceMillis, RestartPolicy restart,
            LinkSnapshot.Encryption settled) {
        this.output = output;
        this.link = link;
        this.network = network;
        this.graceMillis = graceMillis;
        policy = settled.policy();
        keys = settled.keys();
        state = settled.up() ? State.UP : State.WITHOUT;
        receiving = settled.receiving();
        wasUp = settled.wasUp();
        ccp = settled.ccp().map(rested -> new Ccp(restart.patient(CCP_ANSWER_MILLIS), rested));
    }

    /** What it is now; empty while it is not settled, or CCP negotiates. */
    Optional<LinkSnapshot.Encryption> snapshot() {
        Optional<Ccp.Snapshot> resting = ccp.flatMap(Ccp::snapshot);
        if (left || !isSettled() || resting.isEmpty() && ccp.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new LinkSnapshot.Encryption(policy, keys, state == State.UP, receiving, wasUp, resting));
    }

    void start(long now) {
        if (ccp.isPresent()) {
            handle(actions -> ccp.get().start(now, actions), now);
        } else if (policy == EncryptionPolicy.REQUIRED) {
            refused(keys.isPresent()
                    ? "encryption is required, but this login has keys for 128 bits only, which is not allowed here"
                    : "encryption is required, but this login yields no keys for it", now);
        } else {
            settle(State.WITHOUT, now);
        }
    }

    /** Whether CCP is spoken at all; if not, it deserves a Protocol-Reject. */
    boolean speaksCcp() {
        return ccp.isPresent();
    }

    /** Whether it has ever been agreed to encrypt. */
    boolean wasUp() {
        return wasUp;
    }

    /** Whether IP may pass, encrypted or in clear. */
    boolean isSettled() {
        return state == State.UP || state == State.WITHOUT && policy != EncryptionPolicy.REQUIRED;
    }

    /** What is missing, where encryption is required and there is none; {@code otherwise} where the ends agree so far. */
    Optional<String> missing(String otherwise) {
        return policy == EncryptionPolicy.REQUIRED && state != State.UP
                ? disagreement().or(() -> Optional.of(otherwise))
                : Optional.empty();
    }

    /** What the two ends insist on, in a sentence, where each wants encryption, but not in a way that the other allows. */
    Optional<String> disagreement() {
        return state == State.UNDECIDED ? ccp.flatMap(Ccp::disagreement) : Optional.empty();
    }

    /**
     * Whether a packet may have been encrypted with the keys, by either end: neither sends IP before IPCP is open, and
     * the peer's is not open before its request has been acknowledged. Start keys serve one opening of CCP: used again,
     * they would encrypt other packets with the same key streams.
     */
    private boolean keysAreSpent() {
        return state == State.UP && network.hasAcknowledged();
    }

    /** The peer's CHAP response was replaced by a later one that is right too: so were the keys. */
    void rekey(MppeStartKeys later) {
        if (ccp.isPresent() && !network.hasAcknowledged()) {
            keys = Optional.of(later);
            receiving.ifPresent(parameters -> output.emit(new LinkAction.MppeReceive(parameters, later)));
            if (state == State.UP) {
                output.emit(new LinkAction.MppeUp(ccp.get().send().orElseThrow(), receiving.orElseThrow(), later));
            }
        }
    }

    /** A packet of CCP came; only where it is spoken. */
    void receive(ControlPacket packet, long now) {
        Ccp speaking = ccp.orElseThrow();
        boolean guarded = keysAreSpent();
        handle(actions -> {
            if (guarded) {
                speaking.receiveGuarded(packet, link.roundTrip(), now, actions);
            } else {
                speaking.receive(packet, now, actions);
            }
        }, now);
        if (!left && speaking.failure().isPresent()) {
            refused(speaking.failure().get(), now);
        } else if (!left && speaking.isRefused() && state == State.UNDECIDED) {
            if (policy == EncryptionPolicy.REQUIRED) {
                refused("the peer refuses encryption, and a link that was encrypted once is never clear again", now);
            } else {
                output.emit(new LinkAction.Note("the peer refuses encryption: the link goes on in clear"));
                settle(State.WITHOUT, now);
            }
        }
    }

    /** An encrypted packet was decrypted at {@code when}: the peer has CCP open. */
    void decryptedAt(long when) {
        ccp.ifPresent(open -> open.decryptedAt(when));
    }

    /** The peer rejects CCP. */
    void protocolRejected(long now) {
        if (ccp.isEmpty()) {
            return;
        }
        if (keysAreSpent()) {
            handle(actions -> ccp.get().protocolRejectedGuarded(link.roundTrip(), now, actions), now);
        } else if (policy == EncryptionPolicy.REQUIRED) {
            refused(disagreement()
                    .orElse("the peer has encryption switched off (it rejects CCP), which is required here"), now);
        } else {
            output.emit(new LinkAction.Note("the peer rejects CCP: the link is not encrypted"));
            handle(actions -> ccp.get().protocolRejected(now, actions), now);
        }
    }

    void requestReset(long now) {
        if (state == State.UP) {
            handle(actions -> ccp.orElseThrow().requestReset(now, actions), now);
        }
    }

    void packetNotExpected(long now) {
        if (ccp.isPresent()) {
            handle(actions -> ccp.get().encryptedPacketNotExpected(now, actions), now);
        }
    }

    /** The addresses are agreed on: a link that only prefers encryption does not wait for it for long. */
    void networkWaits(long now) {
        if (state == State.UNDECIDED && policy == EncryptionPolicy.PREFERRED) {
            clearDeadline = now + graceMillis;
        }
    }

    long deadline() {
        return Math.min(ccp.map(Ccp::deadline).orElse(NEVER), clearDeadline);
    }

    /** Runs CCP's timer. */
    void tick(long now) {
        if (ccp.isPresent()) {
            handle(actions -> ccp.get().tick(now, actions), now);
        }
    }

    /** Goes on in clear where that has been put off for long enough. */
    void tickGrace(long now) {
        if (!left && now >= clearDeadline) {
            output.emit(new LinkAction.Note("the peer has not agreed on encryption: the link goes on in clear"));
            settle(State.WITHOUT, now);
        }
    }

    /** It is over: nothing is sent or told any more but that MPPE is down. */
    void leave() {
        left = true;
        mppeDown();
    }

    private void mppeDown() {
        if (receiving.isPresent()) {
            receiving = Optional.empty();
            output.emit(new LinkAction.MppeDown());
        }
    }

    private void refused(String sentence, long now) {
        link.terminate(TerminationReason.ENCRYPTION_REFUSED, sentence, now);
    }

    private void handle(Consumer<List<CcpAction>> event, long now) {
        List<CcpAction> actions = new ArrayList<>();
        event.accept(actions);
        for (CcpAction action : actions) {
            if (left) {
                return;
            }
            switch (action) {
                case CcpAction.Layer(LayerAction.Send(ControlPacket packet)) -> {
                    prepareToReceive(packet);
                    output.send(PppProtocol.CCP, packet);
                }
                case CcpAction.Layer(LayerAction.ThisLayerUp()) -> up(ccp.orElseThrow(), now);
                case CcpAction.Layer(LayerAction.ThisLayerDown()) -> down(ccp.orElseThrow(), now);
                case CcpAction.Layer(LayerAction.ThisLayerFinished()) -> finished(now);
                case CcpAction.Layer(LayerAction.ThisLayerStarted()) -> {
                }
                case CcpAction.Layer(LayerAction.SendEchoReply reply) -> {
                }
                case CcpAction.ResetRequested() -> {
                    if (state == State.UP) {
                        output.emit(new LinkAction.MppeResetRequested());
                    }
                }
                case CcpAction.PeerLeft(String text) -> link.startOver(text, now);
                case CcpAction.ResetAcknowledged() -> {
                    if (state == State.UP) {
                        output.emit(new LinkAction.MppeResetAcknowledged());
                    }
                }
            }
        }
    }

    /**
     * A peer whose request is acknowledged opens as soon as it has acknowledged this end's, and what it encrypts then
     * may come right behind: the keys have to be there before.
     */
    private void prepareToReceive(ControlPacket sent) {
        boolean acknowledging = sent.code() == ControlCode.CONFIGURE_ACK;
        boolean askingOtherwise = sent.code() == ControlCode.CONFIGURE_REQUEST && receiving.isPresent();
        if (state == State.UNDECIDED && (acknowledging || askingOtherwise)) {
            receiveWith(ccp.orElseThrow().receive());
        }
    }

    private void receiveWith(Optional<MppeParameters> parameters) {
        if (parameters.isEmpty()) {
            mppeDown();
        } else {
            receiving = parameters;
            output.emit(new LinkAction.MppeReceive(parameters.get(), keys.orElseThrow()));
        }
    }

    private void up(Ccp opened, long now) {
        output.emit(new LinkAction.StepDone(LoginStep.ENCRYPTION));
        Optional<MppeParameters> send = opened.send();
        Optional<MppeParameters> receive = opened.receive();
        if (send.isPresent() && receive.isPresent()) {
            if (!receive.equals(receiving)) {
                receiveWith(receive);
            }
            wasUp = true;
            policy = EncryptionPolicy.REQUIRED;
            opened.weakness().ifPresent(text -> output.emit(new LinkAction.Note(text)));
            output.emit(new LinkAction.MppeUp(send.get(), receive.get(), keys.orElseThrow()));
            settle(State.UP, now);
        } else if (policy == EncryptionPolicy.REQUIRED) {
            refused("the peer agrees on encryption in one direction only, but it is required in both", now);
        } else {
            settle(State.WITHOUT, now);
            if (send.isPresent() || receive.isPresent()) {
                handle(actions -> opened.close("Encryption in one direction only", now, actions), now);
            }
        }
    }

    private void down(Ccp closed, long now) {
        boolean closing = state == State.UP;
        boolean renegotiating = closed.state() != Automaton.State.STOPPING && closed.state() != Automaton.State.CLOSING;
        if (closing && !renegotiating) {
            refused("the peer switched encryption off (it closed CCP), and a link that was encrypted once is never clear"
                    + " again", now);
            return;
        }
        state = renegotiating ? State.UNDECIDED : State.WITHOUT;
        if (network.isOpened()) {
            networkWaits(now);
        }
        if (closing) {
            // The network goes down first, so that nothing slips through in clear in between.
            network.down(now);
        }
        mppeDown();
        network.update(now);
    }

    private void finished(long now) {
        if (policy == EncryptionPolicy.REQUIRED) {
            refused(disagreement().orElse("the peer did not answer CCP, but encryption is required here"), now);
        } else if (state != State.UP) {
            settle(State.WITHOUT, now);
        }
    }

    private void settle(State outcome, long now) {
        state = outcome;
        clearDeadline = NEVER;
        if (outcome == State.WITHOUT) {
            mppeDown();
        }
        network.settled(now);
    }
}
