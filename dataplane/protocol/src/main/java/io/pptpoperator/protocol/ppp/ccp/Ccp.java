package io.pptpoperator.protocol.ppp.ccp;

import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.Doubt;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Compression Control Protocol of one link (RFC 1962), used for nothing but MPPE (RFC 3078). Pure; actions are
 * appended to the list that the caller passes.
 */
public final class Ccp {

    /**
     * CCP at rest, opened or not: all that another one needs to go on in its place.
     *
     * @param automaton the automaton
     * @param required whether the link must be encrypted
     * @param strengths the key lengths allowed and possible, in bits, strongest first
     * @param statefulAllowed whether the peer may have stateful mode
     * @param wanted the key lengths that this end asked for last; none once the peer has refused
     * @param wantedStateless whether it asked for stateless mode
     * @param agreedToSend what this end sends; empty for clear
     * @param peersBits what the peer last asked for or suggested, 0 while it has said nothing of MPPE
     * @param failure why the negotiation cannot succeed, when it cannot
     */
    public record Snapshot(Automaton.Snapshot automaton, boolean required, List<Integer> strengths,
            boolean statefulAllowed, List<Integer> wanted, boolean wantedStateless,
            Optional<MppeParameters> agreedToSend, int peersBits, Optional<String> failure) {}

    /** Every undecipherable packet calls for help: one packet in this time is enough. */
    private static final long HELP_PAUSE_MILLIS = 100;

    private final CcpOptions options;
    private final Automaton automaton;
    private final Doubt<String> doubt = new Doubt<>();
    /** Of the Reset-Requests that are to settle {@link #doubt}. */
    private int probeId;
    private long nextHelp = Long.MIN_VALUE;

    /**
     * CCP in state Initial.
     *
     * @param strengths the key lengths allowed and possible, in bits, strongest first, at least one
     * @param peerMru the longest information field, in bytes, that the peer takes
     */
    public Ccp(EncryptionSettings settings, List<Integer> strengths, int peerMru, RestartPolicy policy) {
        options = new CcpOptions(settings.policy() == EncryptionPolicy.REQUIRED, strengths, settings.statefulAllowed());
        automaton = new Automaton(options, policy);
        automaton.limitTo(peerMru);
    }

    /** CCP that goes on where another one rested. */
    public Ccp(RestartPolicy policy, Snapshot rested) {
        options = new CcpOptions(rested);
        automaton = new Automaton(options, policy, rested.automaton());
    }

    /** What it is now; empty while it negotiates. */
    public Optional<Snapshot> snapshot() {
        return automaton.snapshot().map(options::snapshot);
    }

    /** Where the automaton stands. */
    public Automaton.State state() {
        return automaton.state();
    }

    /** What this end sends: empty for clear; meant for state Opened. */
    public Optional<MppeParameters> send() {
        return options.send();
    }

    /** What this end receives: empty for clear; meant for state Opened. */
    public Optional<MppeParameters> receive() {
        return options.receive();
    }

    /** Why the negotiation cannot succeed, when it cannot. */
    public Optional<String> failure() {
        return options.failure();
    }

    /** What each end insists on, in a sentence, where the peer would encrypt, but not in a way that is allowed here. */
    public Optional<String> disagreement() {
        return options.disagreement();
    }

    /** Why the peer has agreed to less than it could, in a sentence, where a mistake of its user's is known to do that. */
    public Optional<String> weakness() {
        return options.weakness();
    }

    /** Opens CCP over a link that is authenticated. */
    public void start(long now, List<CcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.open(now, actions);
        automaton.up(now, actions);
        wrap(actions, out);
    }

    /** Closes CCP; {@code text} goes to the peer. */
    public void close(String text, long now, List<CcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.close(text, now, actions);
        wrap(actions, out);
    }

    /** Whether the peer has refused every option that this end asked for. */
    public boolean isRefused() {
        return options.isRefused();
    }

    /** The peer does not know CCP. */
    public void protocolRejected(long now, List<CcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.protocolRejected(now, actions);
        wrap(actions, out);
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return Math.min(automaton.deadline(), doubt.deadline());
    }

    /** Runs the timers that have expired. */
    public void tick(long now, List<CcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.tick(now, actions);
        wrap(actions, out);
        probeWhereInDoubt(now, out);
        doubt.believed(now).ifPresent(text -> out.add(new CcpAction.PeerLeft(text)));
    }

    /**
     * A packet of CCP arrived while its keys may be in use: what would take CCP down leads to {@link
     * CcpAction.PeerLeft}, and only after the peer has neither answered a Reset-Request nor encrypted anything, as it
     * does with CCP open.
     *
     * @param roundTrip how long the way to the peer and back takes, in milliseconds; 0 when nobody knows
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receiveGuarded(ControlPacket packet, long roundTrip, long now, List<CcpAction> out) {
        if (automaton.takesDown(packet, now)) {
            suspect("the peer sent a " + ControlCode.name(packet.code()) + " of CCP", roundTrip, now, out);
        } else {
            receive(packet, now, out);
        }
    }

    /** The peer is said not to know CCP, while its keys may be in use. */
    public void protocolRejectedGuarded(long roundTrip, long now, List<CcpAction> out) {
        suspect("the peer sent a Protocol-Reject of CCP", roundTrip, now, out);
    }

    /** A packet was decrypted at {@code when}: the peer's CCP was open then. */
    public void decryptedAt(long when) {
        doubt.dismissIfSince(when);
    }

    private void suspect(String text, long roundTrip, long now, List<CcpAction> out) {
        if (!doubt.isPending()) {
            probeId = automaton.nextId();
        }
        doubt.raise(text, roundTrip, now);
        probeWhereInDoubt(now, out);
    }

    private void probeWhereInDoubt(long now, List<CcpAction> out) {
        if (doubt.mustProbe(now)) {
            send(ControlCode.RESET_REQUEST, probeId, out);
        }
    }

    /** Asks the peer to start its encryption over (RFC 3078 section 3.2); called too often, most calls do nothing. */
    public void requestReset(long now, List<CcpAction> out) {
        if (automaton.isOpened() && now >= nextHelp) {
            nextHelp = now + HELP_PAUSE_MILLIS;
            send(ControlCode.RESET_REQUEST, automaton.nextId(), out);
        }
    }

    /**
     * An encrypted packet arrived although CCP is not open here: the peer believes that it is, as when this end gave up
     * because all answers were lost. An unelicited Terminate-Ack makes such a peer negotiate anew (RFC 1661 section
     * 4.3, RTA). While a negotiation is going on, nothing is needed.
     */
    public void encryptedPacketNotExpected(long now, List<CcpAction> out) {
        boolean gaveUp = automaton.state() == Automaton.State.STOPPED || automaton.state() == Automaton.State.CLOSED;
        if (gaveUp && now >= nextHelp) {
            nextHelp = now + HELP_PAUSE_MILLIS;
            send(ControlCode.TERMINATE_ACK, automaton.nextId(), out);
        }
    }

    /**
     * A packet of CCP arrived.
     *
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receive(ControlPacket packet, long now, List<CcpAction> out) {
        switch (packet.code()) {
            case ControlCode.RESET_REQUEST -> {
                if (automaton.isOpened()) {
                    out.add(new CcpAction.ResetRequested());
                    send(ControlCode.RESET_ACK, packet.id(), out);
                }
            }
            case ControlCode.RESET_ACK -> {
                if (packet.id() == probeId) {
                    doubt.dismiss();
                }
                if (automaton.isOpened()) {
                    out.add(new CcpAction.ResetAcknowledged());
                }
            }
            default -> {
                if (packet.code() == ControlCode.CONFIGURE_REQUEST || packet.code() == ControlCode.CONFIGURE_NAK) {
                    options.peerWishes(packet.options());
                }
                List<LayerAction> actions = new ArrayList<>();
                automaton.receive(packet, now, actions);
                wrap(actions, out);
            }
        }
    }

    private static void wrap(List<LayerAction> actions, List<CcpAction> out) {
        actions.forEach(action -> out.add(new CcpAction.Layer(action)));
    }

    private static void send(int code, int id, List<CcpAction> out) {
        out.add(new CcpAction.Layer(new LayerAction.Send(new ControlPacket(code, id, new byte[0]))));
    }
}
