package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.Ipcp;
import io.pptpoperator.protocol.ppp.ipcp.IpcpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network-layer protocol phase of a link (RFC 1661 section 3.7): {@link LinkEncryption}, IPCP, and the rule that joins
 * them: IP flows when IPCP is open <em>and</em> it is settled whether to encrypt. CCP is answered for the life of the
 * link, whatever IPCP has done meanwhile.
 *
 * <p>Where encryption is possible, IPCP waits for CCP to go first: pppd discards IPCP until MPPE is up, and the restart
 * timer would cost such a client half a second. A peer that speaks IPCP before is answered at once.
 */
final class NetworkPhase {

    private static final long NEVER = Long.MAX_VALUE;

    private final LinkOutput output;
    private final LinkEncryption.Link link;
    private final LinkTimers timers;
    private final Ipcp ipcp;
    private final LinkEncryption encryption;

    private boolean ipcpStarted;
    private boolean networkUp;
    private boolean networkWasUp;
    private boolean left;
    /** When IPCP stops waiting for CCP. */
    private long ipcpDeadline = NEVER;
    /** When the network must be up. */
    private long upDeadline;

    /**
     * @param settings what the link wants; required, whatever they say, where it was encrypted before
     * @param restart the automata's timer and counters on this path
     */
    NetworkPhase(LinkOutput output, LinkEncryption.Link link, EncryptionSettings settings, LinkTimers timers,
            RestartPolicy restart, Optional<MppeStartKeys> keys, IpcpOptions ipcpOptions, int peerMru) {
        this.output = output;
        this.link = link;
        this.timers = timers;
        ipcp = new Ipcp(ipcpOptions, peerMru, restart);
        encryption = new LinkEncryption(output, link, new Above(), settings, timers.encryptionGraceMillis(), restart,
                keys, peerMru);
    }

    /** One that goes on where another one was: the network is up. */
    NetworkPhase(LinkOutput output, LinkEncryption.Link link, LinkTimers timers, RestartPolicy restart,
            LinkSnapshot up) {
        this.output = output;
        this.link = link;
        this.timers = timers;
        ipcp = new Ipcp(restart, up.ipcp());
        encryption = new LinkEncryption(output, link, new Above(), timers.encryptionGraceMillis(), restart,
                up.encryption());
        ipcpStarted = true;
        networkUp = true;
        networkWasUp = true;
        upDeadline = NEVER;
    }

    /** IPCP as it is now; empty unless the network is up. */
    Optional<Ipcp.Snapshot> ipcpSnapshot() {
        return left || !networkUp ? Optional.empty() : ipcp.snapshot();
    }

    void start(long now) {
        upDeadline = now + timers.phaseMillis();
        if (encryption.speaksCcp()) {
            ipcpDeadline = now + timers.encryptionGraceMillis();
        }
        encryption.start(now);
    }

    /** Whether and how it is encrypted. */
    LinkEncryption encryption() {
        return encryption;
    }

    /** Whether the network has ever been up. */
    boolean wasUp() {
        return networkWasUp;
    }

    /** Whether the network is up. */
    boolean isUp() {
        return networkUp;
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
        encryption.decryptedAt(when);
        ipcp.decryptedAt(when);
    }

    void protocolRejected(int protocol, ControlPacket reject, long now) {
        if (protocol == PppProtocol.CCP) {
            encryption.protocolRejected(now);
        } else if (protocol == PppProtocol.IPCP && networkUp) {
            ipcp.protocolRejectedGuarded(reject, link.roundTrip(), now);
        } else if (protocol == PppProtocol.IPCP) {
            link.terminate(TerminationReason.NEGOTIATION_FAILED, "the peer has IPv4 switched off (it rejects IPCP)",
                    now);
        }
    }

    long deadline() {
        return Math.min(Math.min(ipcp.deadline(), encryption.deadline()), Math.min(ipcpDeadline, upDeadline));
    }

    void tick(long now) {
        encryption.tick(now);
        if (!left && now >= ipcpDeadline) {
            startIpcp(now);
        }
        if (!left) {
            List<LayerAction> actions = new ArrayList<>();
            ipcp.tick(now, actions);
            handleIpcp(actions, now);
        }
        encryption.tickGrace(now);
        if (!left && now >= upDeadline) {
            giveUp(now);
        }
    }

    private void giveUp(long now) {
        String seconds = " within " + timers.phaseMillis() / 1000 + " s";
        encryption.missing("the peer did not agree on encryption, which is required here," + seconds)
                .ifPresentOrElse(missing -> link.terminate(TerminationReason.ENCRYPTION_REFUSED, missing, now),
                        () -> link.terminate(TerminationReason.NEGOTIATION_FAILED,
                                "the peer did not open IPCP" + seconds, now));
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
        encryption.leave();
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
        encryption.networkWaits(now);
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
        boolean ready = ipcp.isOpened() && encryption.isSettled();
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

    /** What encryption sees of the network above it. */
    private final class Above implements LinkEncryption.Network {

        @Override
        public boolean hasAcknowledged() {
            return ipcp.hasAcknowledged();
        }

        @Override
        public boolean isOpened() {
            return ipcp.isOpened();
        }

        @Override
        public void settled(long now) {
            startIpcp(now);
            NetworkPhase.this.update(now);
        }

        @Override
        public void down(long now) {
            networkDown(now);
        }

        @Override
        public void update(long now) {
            NetworkPhase.this.update(now);
        }
    }
}
