package io.pptpoperator.protocol.ppp.ipcp;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.Doubt;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import java.util.List;
import java.util.Optional;

/**
 * The IP Control Protocol of one link (RFC 1332). Pure; actions are appended to the list that the caller passes.
 */
public final class Ipcp {
    /**
     * A server's IPCP in state Opened: all that another one needs to go on in its place.
     *
     * @param automaton the automaton
     * @param plan the addresses
     * @param tellAddress whether this end says which address it has itself
     */
    public record Snapshot(Automaton.Snapshot automaton, AddressPlan plan, boolean tellAddress) {}

    private final IpcpOptions options;
    private final Automaton automaton;
    private final Doubt<ControlPacket> doubt = new Doubt<>();
    private boolean acknowledged;

    /**
     * IPCP in state Initial.
     *
     * @param peerMru the longest information field, in bytes, that the peer takes
     */
    public Ipcp(IpcpOptions options, int peerMru, RestartPolicy policy) {
        this.options = options;
        automaton = new Automaton(options, policy);
        automaton.limitTo(peerMru);
    }

    /** A server's IPCP that goes on where another one was. */
    public Ipcp(RestartPolicy policy, Snapshot opened) {
        options = new IpcpServerOptions(opened.plan(), opened.tellAddress());
        automaton = new Automaton(options, policy, opened.automaton());
        acknowledged = true;
    }

    /** What it is now; empty unless it is a server's, in state Opened. */
    public Optional<Snapshot> snapshot() {
        return switch (options) {
            case IpcpServerOptions server ->
                automaton.snapshot().filter(resting -> resting.state() == Automaton.State.OPENED).map(server::snapshot);
            case IpcpClientOptions client -> Optional.empty();
        };
    }

    /** Whether it is in state Opened. */
    public boolean isOpened() {
        return automaton.isOpened();
    }

    /** Whether a request of the peer was ever acknowledged: before that, the peer cannot have sent IP. */
    public boolean hasAcknowledged() {
        return acknowledged;
    }

    /** What was agreed; meant for state Opened. */
    public AddressPlan agreed() {
        return options.agreed();
    }

    /** Why the link cannot carry IP although IPCP opened, in a sentence for the log. */
    public Optional<String> objection() {
        return options.objection();
    }

    /** Why the negotiation cannot succeed, when it cannot. */
    public Optional<String> failure() {
        return options.failure();
    }

    /** Opens IPCP over a link that is authenticated. */
    public void start(long now, List<LayerAction> out) {
        automaton.open(now, out);
        automaton.up(now, out);
    }

    /**
     * A packet of IPCP arrived.
     *
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receive(ControlPacket packet, long now, List<LayerAction> out) {
        int before = out.size();
        automaton.receive(packet, now, out);
        acknowledged |= out.stream()
                .skip(before)
                .anyMatch(action -> action instanceof LayerAction.Send send
                        && send.packet().code() == ControlCode.CONFIGURE_ACK);
    }

    /**
     * A packet of IPCP arrived while the network is up: what would take it down is believed only if the peer, which
     * sends IP with IPCP open alone, sends none for a while.
     *
     * @param roundTrip how long the way to the peer and back takes, in milliseconds; 0 when nobody knows
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receiveGuarded(ControlPacket packet, long roundTrip, long now, List<LayerAction> out) {
        if (automaton.takesDown(packet, now)) {
            doubt.raise(packet, roundTrip, now);
        } else {
            receive(packet, now, out);
        }
    }

    /** The peer is said, in {@code reject}, not to know IPCP, while the network is up. */
    public void protocolRejectedGuarded(ControlPacket reject, long roundTrip, long now) {
        doubt.raise(reject, roundTrip, now);
    }

    /** An encrypted packet was decrypted at {@code when}: the peer's IPCP was open then. */
    public void decryptedAt(long when) {
        doubt.dismissIfSince(when);
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return Math.min(automaton.deadline(), doubt.deadline());
    }

    /** Runs the timers that have expired. */
    public void tick(long now, List<LayerAction> out) {
        automaton.tick(now, out);
        // There is nothing to ask the peer: IPCP has no echo.
        doubt.mustProbe(now);
        doubt.believed(now).ifPresent(packet -> accept(packet, now, out));
    }

    /**
     * An idle peer proves nothing, so that this may be somebody else's packet after all. Whatever it says, IPCP is
     * negotiated anew: a peer that knows nothing of it goes along, and one that has really left does not.
     */
    private void accept(ControlPacket packet, long now, List<LayerAction> out) {
        switch (packet.code()) {
            case ControlCode.CONFIGURE_REQUEST, ControlCode.TERMINATE_ACK -> receive(packet, now, out);
            case ControlCode.TERMINATE_REQUEST -> {
                restart(now, out);
                out.add(new LayerAction.Send(new ControlPacket(ControlCode.TERMINATE_ACK, packet.id(), new byte[0])));
            }
            default -> restart(now, out);
        }
    }

    private void restart(long now, List<LayerAction> out) {
        automaton.down(now, out);
        automaton.up(now, out);
    }
}
