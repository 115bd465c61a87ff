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
import io.pptpoperator.protocol.ppp.ipcp.Ipcp;
import io.pptpoperator.protocol.ppp.ipcp.IpcpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network-layer protocol phase of a link (RFC 1661 section 3.7): CCP and IPCP, and the rule that joins them: IP
 * flows when IPCP is open <em>and</em> it is settled whether to encrypt. CCP is answered for the life of the link,
 * whatever IPCP has done meanwhile.
 *
 * <p>Where encryption is possible, IPCP waits for CCP to go first: pppd discards IPCP until MPPE is up, and the restart
 * timer would cost such a client half a second. A peer that speaks IPCP before is answered at once.
 */
final class NetworkPhase {

    /** The link that this phase is one of. */
    interface Link {
        /** Ends it. */
        void terminate(TerminationReason reason, String detail, long now);

        /**
         * Begins LCP anew, which ends this phase: the next one has other keys. {@code why} is a sentence for the log.
         */
        void startOver(String why, long now);

        /** How long the way to the peer and back takes, in milliseconds; 0 while that is not known. */
        long roundTrip();
    }

    private enum Encryption {
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
    private final LinkTimers timers;
    private final Ipcp ipcp;
    private final Optional<Ccp> ccp;

    /** {@link EncryptionPolicy#REQUIRED} from the first encryption on: what was encrypted once is never clear again. */
    private EncryptionPolicy policy;
    private Optional<MppeStartKeys> keys;
    private Encryption encryption = Encryption.UNDECIDED;
    /** What the peer may encrypt with from now on: this end has acknowledged its request. */
    private Optional<MppeParameters> receiving = Optional.empty();
    private boolean encryptionWasUp;
    private boolean ipcpStarted;
    private boolean networkUp;
    private boolean networkWasUp;
    private boolean left;
    /** When IPCP stops waiting for CCP. */
    private long ipcpDeadline = NEVER;
    /** When a link that prefers encryption goes on without. */
    private long clearDeadline = NEVER;
    /** When the network must be up. */
    private long upDeadline;

    /**
     * @param settings what the link wants; required, whatever they say, where it was encrypted before
     * @param restart the automata's timer and counters on this path
     */
    NetworkPhase(LinkOutput output, Link link, EncryptionSettings settings, LinkTimers timers, RestartPolicy restart,
            Optional<MppeStartKeys> keys, IpcpOptions ipcpOptions, int peerMru) {
        this.output = output;
        this.link = link;
        this.policy = settings.policy();
        this.timers = timers;
        this.keys = keys;
        ipcp = new Ipcp(ipcpOptions, peerMru, restart);
        List<Integer> strengths = keys.map(settings::possibleWith).orElse(List.of());
        ccp = policy == EncryptionPolicy.OFF || strengths.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ccp(settings, strengths, peerMru, restart.patient(CCP_ANSWER_MILLIS)));
    }

    void start(long now) {
        upDeadline = now + timers.phaseMillis();
        if (ccp.isPresent()) {
            ipcpDeadline = now + timers.encryptionGraceMillis();
            List<CcpAction> actions = new ArrayList<>();
            ccp.get().start(now, actions);
            handleCcp(actions, now);
        } else if (policy == EncryptionPolicy.REQUIRED) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED, keys.isPresent()
                    ? "encryption is required, but this login has keys for 128 bits only, which is not allowed here"
                    : "encryption is required, but this login yields no keys for it", now);
        } else {
            settle(Encryption.WITHOUT, now);
        }
    }

    /** Whether CCP is spoken at all; if not, it deserves a Protocol-Reject. */
    boolean speaksCcp() {
        return ccp.isPresent();
    }

    /** Whether the network has ever been up. */
    boolean wasUp() {
        return networkWasUp;
    }

    /** Whether the network is up. */
    boolean isUp() {
        return networkUp;
    }

    /** Whether it has ever been agreed to encrypt. */
    boolean wasEncrypted() {
        return encryptionWasUp;
    }

    /**
     * Whether a packet may have been encrypted with the keys, by either end: neither sends IP before IPCP is open, and
     * the peer's is not open before its request has been acknowledged. Start keys serve one opening of CCP: used again,
     * they would encrypt other packets with the same key streams.
     */
    private boolean keysAreSpent() {
        return encryption == Encryption.UP && ipcp.hasAcknowledged();
    }

    /** The peer's CHAP response was replaced by a later one that is right too: so were the keys. */
    void rekey(MppeStartKeys later) {
        if (ccp.isPresent() && !ipcp.hasAcknowledged()) {
            keys = Optional.of(later);
            receiving.ifPresent(parameters -> output.emit(new LinkAction.MppeReceive(parameters, later)));
            if (encryption == Encryption.UP) {
                output.emit(new LinkAction.MppeUp(ccp.get().send().orElseThrow(), receiving.orElseThrow(), later));
            }
        }
    }

    void receiveCcp(ControlPacket packet, long now) {
        Ccp speaking = ccp.orElseThrow();
        List<CcpAction> actions = new ArrayList<>();
        if (keysAreSpent()) {
            speaking.receiveGuarded(packet, link.roundTrip(), now, actions);
        } else {
            speaking.receive(packet, now, actions);
        }
        handleCcp(actions, now);
        if (!left && speaking.failure().isPresent()) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED, speaking.failure().get(), now);
        } else if (!left && speaking.isRefused() && encryption == Encryption.UNDECIDED) {
            if (policy == EncryptionPolicy.REQUIRED) {
                link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                        "the peer refuses encryption, and a link that was encrypted once is never clear again", now);
            } else {
                output.emit(new LinkAction.Note("the peer refuses encryption: the link goes on in clear"));
                settle(Encryption.WITHOUT, now);
            }
        }
    }

    void receiveIpcp(ControlPacket packet, long now) {
        startIpcp(now);
        List<LayerAction> actions = new ArrayList<>();
        if (networkUp) {
            ipcp.receiveGuarded(packet, link.roundTrip(), now, actions);
        } else {
            ipcp.receive(packet, now, actions);
        }
        handleIpcp(actions, now);
        if (!left && ipcp.failure().isPresent()) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, ipcp.failure().get(), now);
        }
    }

    /** An encrypted packet was decrypted at {@code when}: the peer has CCP and IPCP open. */
    void decryptedAt(long when) {
        ccp.ifPresent(open -> open.decryptedAt(when));
        ipcp.decryptedAt(when);
    }

    void protocolRejected(int protocol, ControlPacket reject, long now) {
        if (protocol == PppProtocol.CCP && keysAreSpent()) {
            List<CcpAction> actions = new ArrayList<>();
            ccp.orElseThrow().protocolRejectedGuarded(link.roundTrip(), now, actions);
            handleCcp(actions, now);
        } else if (protocol == PppProtocol.IPCP && networkUp) {
            ipcp.protocolRejectedGuarded(reject, link.roundTrip(), now);
        } else {
            protocolRejected(protocol, now);
        }
    }

    private void protocolRejected(int protocol, long now) {
        if (protocol == PppProtocol.CCP && ccp.isPresent()) {
            if (policy == EncryptionPolicy.REQUIRED) {
                link.terminate(TerminationReason.ENCRYPTION_REFUSED, disagreement()
                        .orElse("the peer has encryption switched off (it rejects CCP), which is required here"), now);
            } else {
                output.emit(new LinkAction.Note("the peer rejects CCP: the link is not encrypted"));
                List<CcpAction> actions = new ArrayList<>();
                ccp.get().protocolRejected(now, actions);
                handleCcp(actions, now);
            }
        } else if (protocol == PppProtocol.IPCP) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, "the peer has IPv4 switched off (it rejects IPCP)",
                    now);
        }
    }

    /** What the two ends insist on, in a sentence, where each wants encryption, but not in a way that the other allows. */
    Optional<String> disagreement() {
        return encryption == Encryption.UNDECIDED ? ccp.flatMap(Ccp::disagreement) : Optional.empty();
    }

    void requestMppeReset(long now) {
        if (encryption == Encryption.UP) {
            List<CcpAction> actions = new ArrayList<>();
            ccp.orElseThrow().requestReset(now, actions);
            handleCcp(actions, now);
        }
    }

    void encryptedPacketNotExpected(long now) {
        if (ccp.isPresent()) {
            List<CcpAction> actions = new ArrayList<>();
            ccp.get().encryptedPacketNotExpected(now, actions);
            handleCcp(actions, now);
        }
    }

    long deadline() {
        long ccpDeadline = ccp.map(Ccp::deadline).orElse(NEVER);
        return Math.min(Math.min(ipcp.deadline(), ccpDeadline),
                Math.min(Math.min(ipcpDeadline, clearDeadline), upDeadline));
    }

    void tick(long now) {
        if (ccp.isPresent()) {
            List<CcpAction> actions = new ArrayList<>();
            ccp.get().tick(now, actions);
            handleCcp(actions, now);
        }
        if (!left && now >= ipcpDeadline) {
            startIpcp(now);
        }
        if (!left) {
            List<LayerAction> actions = new ArrayList<>();
            ipcp.tick(now, actions);
            handleIpcp(actions, now);
        }
        if (!left && now >= clearDeadline) {
            output.emit(new LinkAction.Note("the peer has not agreed on encryption: the link goes on in clear"));
            settle(Encryption.WITHOUT, now);
        }
        if (!left && now >= upDeadline) {
            giveUp(now);
        }
    }

    private void giveUp(long now) {
        String seconds = " within " + timers.phaseMillis() / 1000 + " s";
        if (policy == EncryptionPolicy.REQUIRED && encryption != Encryption.UP) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    disagreement().orElse("the peer did not agree on encryption, which is required here," + seconds),
                    now);
        } else {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, "the peer did not open IPCP" + seconds, now);
        }
    }

    /** The phase is over: nothing of it is sent or told any more but that the network is down. */
    void leave() {
        if (left) {
            return;
        }
        left = true;
        if (networkUp) {
            networkUp = false;
            output.emit(new LinkAction.NetworkDown());
        }
        mppeDown();
    }

    private void mppeDown() {
        if (receiving.isPresent()) {
            receiving = Optional.empty();
            output.emit(new LinkAction.MppeDown());
        }
    }

    private void startIpcp(long now) {
        if (!ipcpStarted) {
            ipcpStarted = true;
            ipcpDeadline = NEVER;
            List<LayerAction> actions = new ArrayList<>();
            ipcp.start(now, actions);
            handleIpcp(actions, now);
        }
    }

    private void handleCcp(List<CcpAction> actions, long now) {
        for (CcpAction action : actions) {
            if (left) {
                return;
            }
            switch (action) {
                case CcpAction.Layer(LayerAction.Send(ControlPacket packet)) -> {
                    prepareToReceive(packet);
                    output.send(PppProtocol.CCP, packet);
                }
                case CcpAction.Layer(LayerAction.ThisLayerUp()) -> ccpUp(ccp.orElseThrow(), now);
                case CcpAction.Layer(LayerAction.ThisLayerDown()) -> ccpDown(ccp.orElseThrow(), now);
                case CcpAction.Layer(LayerAction.ThisLayerFinished()) -> ccpFinished(now);
                case CcpAction.Layer(LayerAction.ThisLayerStarted()) -> {
                }
                case CcpAction.Layer(LayerAction.SendEchoReply reply) -> {
                }
                case CcpAction.ResetRequested() -> {
                    if (encryption == Encryption.UP) {
                        output.emit(new LinkAction.MppeResetRequested());
                    }
                }
                case CcpAction.PeerLeft(String text) -> link.startOver(text, now);
                case CcpAction.ResetAcknowledged() -> {
                    if (encryption == Encryption.UP) {
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
        if (encryption == Encryption.UNDECIDED && (acknowledging || askingOtherwise)) {
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

    private void ccpUp(Ccp opened, long now) {
        output.emit(new LinkAction.StepDone(LoginStep.ENCRYPTION));
        Optional<MppeParameters> send = opened.send();
        Optional<MppeParameters> receive = opened.receive();
        if (send.isPresent() && receive.isPresent()) {
            if (!receive.equals(receiving)) {
                receiveWith(receive);
            }
            encryptionWasUp = true;
            policy = EncryptionPolicy.REQUIRED;
            opened.weakness().ifPresent(text -> output.emit(new LinkAction.Note(text)));
            output.emit(new LinkAction.MppeUp(send.get(), receive.get(), keys.orElseThrow()));
            settle(Encryption.UP, now);
        } else if (policy == EncryptionPolicy.REQUIRED) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    "the peer agrees on encryption in one direction only, but it is required in both", now);
        } else {
            settle(Encryption.WITHOUT, now);
            if (send.isPresent() || receive.isPresent()) {
                List<CcpAction> actions = new ArrayList<>();
                opened.close("Encryption in one direction only", now, actions);
                handleCcp(actions, now);
            }
        }
    }

    private void ccpDown(Ccp closed, long now) {
        boolean wasUp = encryption == Encryption.UP;
        boolean renegotiating = closed.state() != Automaton.State.STOPPING && closed.state() != Automaton.State.CLOSING;
        if (wasUp && !renegotiating) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    "the peer switched encryption off (it closed CCP), and a link that was encrypted once is never clear"
                            + " again",
                    now);
            return;
        }
        encryption = renegotiating ? Encryption.UNDECIDED : Encryption.WITHOUT;
        if (renegotiating && ipcp.isOpened() && policy == EncryptionPolicy.PREFERRED) {
            clearDeadline = now + timers.encryptionGraceMillis();
        }
        if (wasUp) {
            // The network goes down first, so that nothing slips through in clear in between.
            networkDown(now);
        }
        mppeDown();
        update(now);
    }

    private void ccpFinished(long now) {
        if (policy == EncryptionPolicy.REQUIRED) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    disagreement().orElse("the peer did not answer CCP, but encryption is required here"), now);
        } else if (encryption != Encryption.UP) {
            settle(Encryption.WITHOUT, now);
        }
    }

    private void settle(Encryption outcome, long now) {
        encryption = outcome;
        clearDeadline = NEVER;
        if (outcome == Encryption.WITHOUT) {
            mppeDown();
        }
        startIpcp(now);
        update(now);
    }

    private void handleIpcp(List<LayerAction> actions, long now) {
        for (LayerAction action : actions) {
            if (left) {
                return;
            }
            switch (action) {
                case LayerAction.Send(ControlPacket packet) -> output.send(PppProtocol.IPCP, packet);
                case LayerAction.ThisLayerUp() -> ipcpUp(now);
                case LayerAction.ThisLayerDown() -> update(now);
                case LayerAction.ThisLayerFinished() -> ipcpFinished(now);
                case LayerAction.ThisLayerStarted() -> {
                }
                case LayerAction.SendEchoReply reply -> {
                }
            }
        }
    }

    private void ipcpUp(long now) {
        Optional<String> objection = ipcp.objection();
        if (objection.isPresent()) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, objection.get(), now);
            return;
        }
        output.emit(new LinkAction.StepDone(LoginStep.ADDRESSES));
        if (encryption == Encryption.UNDECIDED && policy == EncryptionPolicy.PREFERRED) {
            clearDeadline = now + timers.encryptionGraceMillis();
        }
        update(now);
    }

    private void ipcpFinished(long now) {
        // Once it has been up, IPCP may come back: one protocol's end is not the link's (RFC 1661 section 3.7), until
        // the network has been down for too long.
        if (!networkWasUp) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, "the peer did not answer IPCP", now);
        }
    }

    private void update(long now) {
        boolean settled = encryption == Encryption.UP
                || encryption == Encryption.WITHOUT && policy != EncryptionPolicy.REQUIRED;
        boolean ready = ipcp.isOpened() && settled;
        if (ready && !networkUp && !left) {
            networkUp = true;
            networkWasUp = true;
            upDeadline = NEVER;
            output.emit(new LinkAction.NetworkUp(ipcp.agreed()));
        } else if (!ready) {
            networkDown(now);
        }
    }

    private void networkDown(long now) {
        if (networkUp) {
            networkUp = false;
            upDeadline = now + timers.phaseMillis();
            output.emit(new LinkAction.NetworkDown());
        }
    }
}
