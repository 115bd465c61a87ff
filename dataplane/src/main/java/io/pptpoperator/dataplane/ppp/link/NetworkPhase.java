package io.pptpoperator.dataplane.ppp.link;

import io.pptpoperator.dataplane.mppe.MppeParameters;
import io.pptpoperator.dataplane.mppe.MppeStartKeys;
import io.pptpoperator.dataplane.ppp.Automaton;
import io.pptpoperator.dataplane.ppp.ControlPacket;
import io.pptpoperator.dataplane.ppp.LayerAction;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import io.pptpoperator.dataplane.ppp.ccp.Ccp;
import io.pptpoperator.dataplane.ppp.ccp.CcpAction;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.dataplane.ppp.ccp.EncryptionSettings;
import io.pptpoperator.dataplane.ppp.ipcp.IpcpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network-layer protocol phase of a link (RFC 1661 section 3.7): CCP and IPCP, and the rule that joins them: IP flows
 * when IPCP is open <em>and</em> it is settled whether to encrypt. CCP is answered for the life of the link, whatever IPCP
 * has done meanwhile.
 *
 * <p>Where encryption is possible, IPCP waits for CCP to go first: pppd discards IPCP until MPPE is up, and the restart
 * timer would cost such a client half a second. A peer that speaks IPCP before is answered at once.
 */
final class NetworkPhase {

    /** Ends the link. */
    @FunctionalInterface
    interface Terminator {
        void terminate(TerminationReason reason, String detail, long now);
    }

    private enum Encryption {
        UNDECIDED, UP, WITHOUT
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final LinkOutput output;
    private final Terminator link;
    private final EncryptionPolicy policy;
    private final LinkTimers timers;
    private final Optional<MppeStartKeys> keys;
    private final IpcpOptions ipcpOptions;
    private final Automaton ipcp;
    private final Optional<Ccp> ccp;

    private Encryption encryption = Encryption.UNDECIDED;
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

    NetworkPhase(LinkOutput output, Terminator link, EncryptionSettings settings, LinkTimers timers,
            Optional<MppeStartKeys> keys,
            IpcpOptions ipcpOptions, int peerMru) {
        this.output = output;
        this.link = link;
        this.policy = settings.policy();
        this.timers = timers;
        this.keys = keys;
        this.ipcpOptions = ipcpOptions;
        ipcp = new Automaton(ipcpOptions, timers.restart());
        ipcp.limitTo(peerMru);
        List<Integer> strengths = keys.map(settings::possibleWith).orElse(List.of());
        ccp = policy == EncryptionPolicy.OFF || strengths.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ccp(settings, strengths, peerMru, timers.restart()));
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

    void receiveCcp(ControlPacket packet, long now) {
        List<CcpAction> actions = new ArrayList<>();
        ccp.orElseThrow().receive(packet, now, actions);
        handleCcp(actions, now);
        if (!left && ccp.orElseThrow().failure().isPresent()) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED, ccp.orElseThrow().failure().get(), now);
        }
    }

    void receiveIpcp(ControlPacket packet, long now) {
        startIpcp(now);
        List<LayerAction> actions = new ArrayList<>();
        ipcp.receive(packet, now, actions);
        handleIpcp(actions, now);
        if (!left && ipcpOptions.failure().isPresent()) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, ipcpOptions.failure().get(), now);
        }
    }

    void protocolRejected(int protocol, long now) {
        if (protocol == PppProtocol.CCP && ccp.isPresent()) {
            if (policy == EncryptionPolicy.REQUIRED) {
                link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                        "the peer has encryption switched off (it rejects CCP), which is required here", now);
            } else {
                output.emit(new LinkAction.Note("the peer rejects CCP: the link is not encrypted"));
                List<CcpAction> actions = new ArrayList<>();
                ccp.get().protocolRejected(now, actions);
                handleCcp(actions, now);
            }
        } else if (protocol == PppProtocol.IPCP) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED,
                    "the peer has IPv4 switched off (it rejects IPCP)", now);
        }
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
            output.emit(
                    new LinkAction.Note("the peer has not agreed on encryption: the link goes on in clear"));
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
                    "the peer did not agree on encryption, which is required here," + seconds, now);
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
        if (encryption == Encryption.UP) {
            output.emit(new LinkAction.MppeDown());
        }
    }

    private void startIpcp(long now) {
        if (!ipcpStarted) {
            ipcpStarted = true;
            ipcpDeadline = NEVER;
            List<LayerAction> actions = new ArrayList<>();
            ipcp.open(now, actions);
            ipcp.up(now, actions);
            handleIpcp(actions, now);
        }
    }

    private void handleCcp(List<CcpAction> actions, long now) {
        for (CcpAction action : actions) {
            if (left) {
                return;
            }
            switch (action) {
                case CcpAction.Layer(LayerAction.Send(ControlPacket packet)) ->
                    output.send(PppProtocol.CCP, packet);
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
                case CcpAction.ResetAcknowledged() -> {
                    if (encryption == Encryption.UP) {
                        output.emit(new LinkAction.MppeResetAcknowledged());
                    }
                }
            }
        }
    }

    private void ccpUp(Ccp opened, long now) {
        output.emit(new LinkAction.PhaseReached(LoginPhase.CCP_OPENED));
        Optional<MppeParameters> send = opened.send();
        Optional<MppeParameters> receive = opened.receive();
        if (send.isPresent() && receive.isPresent()) {
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
        boolean renegotiating = closed.state() != Automaton.State.STOPPING
                && closed.state() != Automaton.State.CLOSING;
        if (wasUp && !renegotiating && policy == EncryptionPolicy.REQUIRED) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    "the peer switched encryption off (it closed CCP), which is required here", now);
            return;
        }
        encryption = renegotiating ? Encryption.UNDECIDED : Encryption.WITHOUT;
        if (renegotiating && ipcp.isOpened() && policy == EncryptionPolicy.PREFERRED) {
            clearDeadline = now + timers.encryptionGraceMillis();
        }
        if (wasUp) {
            // The network goes down first, so that nothing slips through in clear in between.
            networkDown(now);
            output.emit(new LinkAction.MppeDown());
        }
        update(now);
    }

    private void ccpFinished(long now) {
        if (policy == EncryptionPolicy.REQUIRED) {
            link.terminate(TerminationReason.ENCRYPTION_REFUSED,
                    "the peer did not answer CCP, but encryption is required here", now);
        } else if (encryption != Encryption.UP) {
            settle(Encryption.WITHOUT, now);
        }
    }

    private void settle(Encryption outcome, long now) {
        encryption = outcome;
        clearDeadline = NEVER;
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
        Optional<String> objection = ipcpOptions.objection();
        if (objection.isPresent()) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, objection.get(), now);
            return;
        }
        output.emit(new LinkAction.PhaseReached(LoginPhase.IPCP_OPENED));
        if (encryption == Encryption.UNDECIDED && policy == EncryptionPolicy.PREFERRED) {
            clearDeadline = now + timers.encryptionGraceMillis();
        }
        update(now);
    }

    private void ipcpFinished(long now) {
        // Once it has been up, IPCP may come back: one protocol's end is not the link's (RFC 1661 section 3.7), until the
        // network has been down for too long.
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
            output.emit(new LinkAction.NetworkUp(ipcpOptions.agreed()));
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
