package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.Doubt;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The Link Control Protocol of one link (RFC 1661 sections 5 and 6, extensions of RFC 1570): the automaton, LCP's
 * options, echo, and what is peculiar to LCP. Pure; actions are appended to the list that the caller passes.
 */
public final class Lcp {

    /**
     * LCP in state Opened: all that another one needs to go on in its place. A packet that was in doubt is not in it: a
     * peer that has really left says so again, or answers no echo.
     *
     * @param automaton the automaton
     * @param agreed what was agreed
     * @param magic this end's magic number, 0 for none
     * @param echoDeadline when the keepalive has something to do
     * @param echoesUnanswered how many Echo-Requests are out
     * @param roundTripEighths eight times the round trip in milliseconds
     * @param loopSigns how many packets in a row carried this end's magic number
     * @param notes how many notes the peer has caused
     */
    public record Snapshot(Automaton.Snapshot automaton, LcpResult agreed, int magic, long echoDeadline,
            int echoesUnanswered, long roundTripEighths, int loopSigns, int notes) {}

    /** A packet that is believed only if the peer's LCP turns out to be open no longer. */
    private record Suspect(ControlPacket packet, boolean outOfOrder) {}

    /** Three magic numbers of ours in the peer's packets: by chance once in 2^96 links. */
    private static final int LOOP_LIMIT = 3;
    private static final int MAGIC_LENGTH = 4;
    /** A talkative peer shall not fill the log. */
    private static final int MAX_NOTES = 8;
    private static final String WINDOWS_COMPUTER = "MSRAS-0-";

    private final LcpOptions options;
    private final Automaton automaton;
    private final EchoKeepalive keepalive;
    private final RoundTrip roundTrip;
    private final Doubt<Suspect> doubt = new Doubt<>();
    /** Of the Echo-Requests that are to settle {@link #doubt}. */
    private int probeId;
    private int loopSigns;
    private int notes;

    /** LCP in state Initial. */
    public Lcp(LcpSettings settings, RestartPolicy policy, EchoSettings echo, RandomGenerator random) {
        options = new LcpOptions(settings, random);
        automaton = new Automaton(options, policy);
        keepalive = new EchoKeepalive(echo);
        roundTrip = new RoundTrip();
    }

    /** LCP that goes on where another one was. */
    public Lcp(LcpSettings settings, RestartPolicy policy, EchoSettings echo, RandomGenerator random, Snapshot opened,
            long now) {
        options = new LcpOptions(settings, random, opened.agreed(), opened.magic());
        automaton = new Automaton(options, policy, opened.automaton());
        keepalive = new EchoKeepalive(echo, opened.echoDeadline(), opened.echoesUnanswered(), now);
        roundTrip = new RoundTrip(opened.roundTripEighths());
        loopSigns = opened.loopSigns();
        notes = opened.notes();
    }

    /** What it is now; empty unless it is in state Opened. */
    public Optional<Snapshot> snapshot() {
        return automaton.snapshot()
                .filter(resting -> resting.state() == Automaton.State.OPENED)
                .map(resting -> new Snapshot(resting, options.result(), options.magic(), keepalive.deadline(),
                        keepalive.unanswered(), roundTrip.eighths(), loopSigns, notes));
    }

    /** Where the automaton stands. */
    public Automaton.State state() {
        return automaton.state();
    }

    /** What was agreed; meant for state Opened. */
    public LcpResult result() {
        return options.result();
    }

    /** Why the negotiation cannot succeed, when it cannot. */
    public Optional<String> failure() {
        return options.failure();
    }

    /** Other times and counters for the negotiation from now on. */
    public void pace(RestartPolicy policy) {
        automaton.pace(policy);
    }

    /** Opens LCP over a tunnel that is ready. */
    public void start(long now, List<LcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.open(now, actions);
        automaton.up(now, actions);
        translate(actions, now, out);
    }

    /** Begins anew over the same tunnel, as if it had been down for a moment. */
    public void restart(long now, List<LcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.down(now, actions);
        automaton.up(now, actions);
        translate(actions, now, out);
    }

    /** Closes LCP; {@code text} goes to the peer. */
    public void close(String text, long now, List<LcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.close(text, now, actions);
        translate(actions, now, out);
    }

    /** Something of any kind arrived from the peer: it lives. */
    public void heard(long now) {
        keepalive.heard(now);
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        return Math.min(automaton.deadline(), Math.min(keepalive.deadline(), doubt.deadline()));
    }

    /** Runs the timers that have expired. */
    public void tick(long now, List<LcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        automaton.tick(now, actions);
        translate(actions, now, out);
        probeWhereInDoubt(now, out);
        doubt.believed(now).ifPresent(suspect -> accept(suspect, now, out));
        switch (keepalive.tick(now)) {
            case NOTHING -> {
            }
            case PROBE -> sendEchoRequest(automaton.nextId(), now, out);
            case GIVE_UP -> out.add(new LcpAction.PeerSilent(keepalive.verdict()));
        }
    }

    /**
     * A packet of LCP arrived while the network is up: what would take the link down is believed only after the peer
     * has left some Echo-Requests unanswered.
     *
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receiveGuarded(ControlPacket packet, long now, List<LcpAction> out) {
        if (automaton.takesDown(packet, now) || automaton.isOpened() && rejects(packet, PppProtocol.LCP)) {
            suspect(packet, false, now, out);
        } else {
            receive(packet, now, out);
        }
    }

    /**
     * A packet of LCP arrived whose number says that it is late, or far too early: a copy of an old one, a forged one,
     * or one of a peer that has begun anew and counts from the start. The last must be heard.
     *
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receiveOutOfOrder(ControlPacket packet, long now, List<LcpAction> out) {
        switch (packet.code()) {
            case ControlCode.ECHO_REQUEST, ControlCode.ECHO_REPLY -> receive(packet, now, out);
            case ControlCode.CONFIGURE_REQUEST, ControlCode.TERMINATE_REQUEST -> {
                if (packet.code() == ControlCode.CONFIGURE_REQUEST) {
                    packet.options();
                }
                if (automaton.isOpened()) {
                    suspect(packet, true, now, out);
                } else {
                    accept(new Suspect(packet, true), now, out);
                }
            }
            default -> {
            }
        }
    }

    private void suspect(ControlPacket packet, boolean outOfOrder, long now, List<LcpAction> out) {
        if (!doubt.isPending()) {
            probeId = automaton.nextId();
        }
        doubt.raise(new Suspect(packet, outOfOrder), roundTrip.millis(), now);
        probeWhereInDoubt(now, out);
    }

    private void probeWhereInDoubt(long now, List<LcpAction> out) {
        if (doubt.mustProbe(now)) {
            sendEchoRequest(probeId, now, out);
        }
    }

    private void accept(Suspect suspect, long now, List<LcpAction> out) {
        if (suspect.outOfOrder()) {
            out.add(new LcpAction.PeerStartedOver());
        }
        receive(suspect.packet(), now, out);
    }

    /** What the peer would say, had it asked to end the link: there is a request, but it is not believed yet. */
    public Optional<String> suspectedTermination() {
        return doubt.suspect()
                .map(Suspect::packet)
                .filter(packet -> packet.code() == ControlCode.TERMINATE_REQUEST)
                .map(packet -> PeerText.ofTerminateRequest(packet.data()));
    }

    /** How long the way to the peer and back takes, in milliseconds; 0 while that is not known. */
    public long roundTrip() {
        return roundTrip.millis();
    }

    /**
     * A packet of LCP arrived.
     *
     * @throws PppPacketException when it is malformed; nothing has happened then
     */
    public void receive(ControlPacket packet, long now, List<LcpAction> out) {
        List<LayerAction> actions = new ArrayList<>();
        switch (packet.code()) {
            case ControlCode.CONFIGURE_REQUEST -> {
                boolean sign = packet.options().stream().anyMatch(options::isOwnMagic);
                options.suspectLoop(sign);
                lookForLoop(sign, out);
                automaton.receive(packet, now, actions);
            }
            case ControlCode.TERMINATE_REQUEST -> {
                out.add(new LcpAction.TerminationRequested(PeerText.ofTerminateRequest(packet.data())));
                automaton.receive(packet, now, actions);
            }
            case ControlCode.PROTOCOL_REJECT -> protocolReject(packet, now, actions, out);
            case ControlCode.ECHO_REQUEST -> {
                if (automaton.isOpened()) {
                    lookForLoop(carriesOwnMagic(packet), out);
                }
                automaton.echo(packet, now, actions);
            }
            case ControlCode.ECHO_REPLY -> {
                roundTrip.answered(packet.id(), now);
                if (packet.id() == probeId) {
                    doubt.dismiss();
                }
                automaton.echo(packet, now, actions);
            }
            case ControlCode.DISCARD_REQUEST -> automaton.echo(packet, now, actions);
            case ControlCode.IDENTIFICATION -> identification(packet, out);
            case ControlCode.TIME_REMAINING -> timeRemaining(packet, out);
            default -> {
                roundTrip.answered(packet.id(), now);
                automaton.receive(packet, now, actions);
            }
        }
        translate(actions, now, out);
    }

    /**
     * Tells the peer that this end does not know {@code protocol} (RFC 1661 section 5.7); only in state Opened, and cut
     * to what the peer can receive.
     */
    public void rejectProtocol(int protocol, byte[] information, List<LcpAction> out) {
        if (!automaton.isOpened()) {
            return;
        }
        int room = options.result().peerMru() - ControlPacket.HEADER_LENGTH - 2;
        int length = Math.min(information.length, room);
        byte[] data = new byte[2 + length];
        data[0] = (byte) (protocol >>> 8);
        data[1] = (byte) protocol;
        System.arraycopy(information, 0, data, 2, length);
        send(ControlCode.PROTOCOL_REJECT, automaton.nextId(), data, out);
    }

    private static boolean rejects(ControlPacket packet, int protocol) {
        return packet.code() == ControlCode.PROTOCOL_REJECT && rejectedProtocol(packet) == protocol;
    }

    private static int rejectedProtocol(ControlPacket packet) {
        if (packet.data().length < 2) {
            throw new PppPacketException("Protocol-Reject of " + packet.data().length
                    + " bytes; it must hold the protocol number that is rejected");
        }
        return (packet.data()[0] & 0xff) << 8 | packet.data()[1] & 0xff;
    }

    private void protocolReject(ControlPacket packet, long now, List<LayerAction> actions, List<LcpAction> out) {
        int protocol = rejectedProtocol(packet);
        if (!automaton.isOpened()) {
            return;
        }
        if (protocol == PppProtocol.LCP) {
            automaton.protocolRejected(now, actions);
        } else {
            out.add(new LcpAction.ProtocolRejected(protocol, packet));
        }
    }

    private void lookForLoop(boolean sign, List<LcpAction> out) {
        loopSigns = sign ? loopSigns + 1 : 0;
        if (loopSigns == LOOP_LIMIT) {
            out.add(new LcpAction.LoopDetected());
        }
    }

    private boolean carriesOwnMagic(ControlPacket echo) {
        return echo.data().length >= MAGIC_LENGTH
                && options.isOwnMagic(new ConfigureOption(LcpOption.MAGIC, Arrays.copyOf(echo.data(), MAGIC_LENGTH)));
    }

    private void identification(ControlPacket packet, List<LcpAction> out) {
        if (packet.data().length <= MAGIC_LENGTH) {
            return;
        }
        String text = PeerText.of(packet.data(), MAGIC_LENGTH);
        if (text.startsWith(WINDOWS_COMPUTER)) {
            out.add(new LcpAction.PeerComputer(text.substring(WINDOWS_COMPUTER.length())));
        } else {
            note("the peer identifies itself as " + text, out);
        }
    }

    private void timeRemaining(ControlPacket packet, List<LcpAction> out) {
        if (packet.data().length < MAGIC_LENGTH + 4) {
            return;
        }
        long seconds = new ConfigureOption(0, Arrays.copyOfRange(packet.data(), MAGIC_LENGTH, MAGIC_LENGTH + 4)).asInt()
                & 0xffffffffL;
        note("the peer will end the link in " + seconds + " s", out);
    }

    private void note(String text, List<LcpAction> out) {
        if (notes < MAX_NOTES) {
            notes++;
            out.add(new LcpAction.Note(text));
        }
    }

    private void translate(List<LayerAction> actions, long now, List<LcpAction> out) {
        for (LayerAction action : actions) {
            switch (action) {
                case LayerAction.ThisLayerUp() -> {
                    automaton.limitTo(options.result().peerMru());
                    keepalive.start(now);
                    out.add(new LcpAction.Layer(action));
                }
                case LayerAction.ThisLayerDown() -> {
                    keepalive.stop();
                    doubt.dismiss();
                    out.add(new LcpAction.Layer(action));
                }
                case LayerAction.SendEchoReply(ControlPacket request) ->
                    send(ControlCode.ECHO_REPLY, request.id(), magicFollowedBy(request.data(), MAGIC_LENGTH), out);
                case LayerAction.Send send -> {
                    if (send.packet().code() == ControlCode.CONFIGURE_REQUEST) {
                        roundTrip.sent(send.packet().id(), now);
                    }
                    out.add(new LcpAction.Layer(send));
                }
                case LayerAction.ThisLayerStarted started -> out.add(new LcpAction.Layer(started));
                case LayerAction.ThisLayerFinished finished -> out.add(new LcpAction.Layer(finished));
            }
        }
    }

    /** This end's magic number and what {@code data} holds from {@code from} on, cut to the peer's MRU. */
    private byte[] magicFollowedBy(byte[] data, int from) {
        int room = options.result().peerMru() - ControlPacket.HEADER_LENGTH - MAGIC_LENGTH;
        int length = Math.clamp(data.length - from, 0, room);
        byte[] bytes = new byte[MAGIC_LENGTH + length];
        ConfigureOption magic = ConfigureOption.ofInt(LcpOption.MAGIC, options.magic());
        System.arraycopy(magic.data(), 0, bytes, 0, MAGIC_LENGTH);
        if (length > 0) {
            System.arraycopy(data, from, bytes, MAGIC_LENGTH, length);
        }
        return bytes;
    }

    private void sendEchoRequest(int id, long now, List<LcpAction> out) {
        roundTrip.sent(id, now);
        send(ControlCode.ECHO_REQUEST, id, magicFollowedBy(new byte[0], 0), out);
    }

    private static void send(int code, int id, byte[] data, List<LcpAction> out) {
        out.add(new LcpAction.Layer(new LayerAction.Send(new ControlPacket(code, id, data))));
    }
}
