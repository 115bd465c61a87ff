package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.Ipcp;
import io.pptpoperator.protocol.ppp.ipcp.IpcpOptions;
import io.pptpoperator.protocol.ppp.lcp.Lcp;
import io.pptpoperator.protocol.ppp.lcp.LcpAction;
import io.pptpoperator.protocol.ppp.lcp.LcpResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One PPP link from its first Configure-Request to its last Terminate-Ack (RFC 1661 section 3), as a server or a
 * client: LCP, authentication, then CCP and IPCP. Pure and single-threaded: frames, timer ticks and the milliseconds of
 * a monotonic clock come in, and every call returns what to do, in order.
 *
 * <p>Only control protocols, protocols that the datapath does not know, and encrypted packets that come while MPPE is
 * not up are given to {@link #receive}; about data, {@link #trafficSeen} is enough. What cannot be understood is
 * discarded, as the RFCs want it.
 */
public final class PppLink {

    /** How often the peer may begin LCP anew without ever bringing the network up. */
    private static final int MAX_LCP_RESTARTS = 5;

    /** The phases of RFC 1661 section 3.2; Ended is its Dead after a life. */
    private enum Phase {
        DEAD, ESTABLISH, AUTHENTICATE, NETWORK, TERMINATE, ENDED
    }

    private final LinkConfig config;
    private final Lcp lcp;
    private final LinkOutput output;

    private Phase phase = Phase.DEAD;
    private long phaseDeadline = Long.MAX_VALUE;
    private boolean heardAnything;
    private int lcpRestarts;
    private Authentication authentication;
    private NetworkPhase network;
    private TerminationReason reason;
    private String detail = "";
    /** Whether it was ever agreed to encrypt: from then on nothing goes in clear. */
    private boolean wasEncrypted;
    /** The round trip as the control connection saw it, in milliseconds. */
    private long pathMillis;
    private final KeyMismatch mismatch;

    /**
     * A link that waits for {@link #start}.
     *
     * @param random makes magic numbers
     */
    public PppLink(LinkConfig config, RandomGenerator random) {
        this.config = config;
        lcp = new Lcp(config.lcp(), config.timers().restart(), config.echo(), random);
        output = new LinkOutput(lcp);
        mismatch = new KeyMismatch();
    }

    /**
     * A server's link that goes on where another one was: its network is up.
     *
     * @param config for whatever is negotiated anew
     * @param random makes magic numbers
     * @param up the other one's {@link #snapshot}
     */
    public PppLink(LinkConfig config, RandomGenerator random, LinkSnapshot up, long now) {
        this.config = config;
        lcp = new Lcp(config.lcp(), config.timers().restart(), config.echo(), random, up.lcp(), now);
        output = new LinkOutput(lcp);
        mismatch = new KeyMismatch(up);
        phase = Phase.NETWORK;
        heardAnything = true;
        lcpRestarts = up.lcpRestarts();
        wasEncrypted = up.wasEncrypted();
        pathMillis = up.pathMillis();
        lcp.pace(restart());
        authentication = up.method().map(by -> Authentication.done(output, new Below(), by)).orElse(null);
        network = new NetworkPhase(output, new Below(), config.timers(), restart(), up);
    }

    /** What it is now; empty unless it is a server's, its network is up, and nothing is negotiated. */
    public Optional<LinkSnapshot> snapshot() {
        if (phase != Phase.NETWORK || authentication != null && !authentication.isSettled()) {
            return Optional.empty();
        }
        Optional<Lcp.Snapshot> opened = lcp.snapshot();
        Optional<Ipcp.Snapshot> addresses = network.ipcpSnapshot();
        Optional<LinkSnapshot.Encryption> encryption = network.encryption().snapshot();
        if (opened.isEmpty() || addresses.isEmpty() || encryption.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LinkSnapshot(opened.get(), method(), addresses.get(), encryption.get(), lcpRestarts,
                wasEncrypted, pathMillis, mismatch.hopeless(), mismatch.hopelessSince(), mismatch.peersIsTold()));
    }

    /** The tunnel is ready, and nothing is known of the path: LCP begins. */
    public List<LinkAction> start(long now) {
        return start(now, 0);
    }

    /**
     * The tunnel is ready: LCP begins.
     *
     * @param roundTripMillis how long an answer took on the control connection: requests whose copy could do harm wait
     *     longer than that
     */
    public List<LinkAction> start(long now, long roundTripMillis) {
        if (phase == Phase.DEAD) {
            pathMillis = roundTripMillis;
            lcp.pace(restart());
            enter(Phase.ESTABLISH, now + config.timers().phaseMillis());
            handleLcp(actions -> lcp.start(now, actions), now);
        }
        return output.drain();
    }

    /** A frame arrived, from its address or protocol field on. */
    public List<LinkAction> receive(byte[] pppFrame, long now) {
        if (phase != Phase.DEAD && phase != Phase.ENDED) {
            heardAnything = true;
            lcp.heard(now);
            try {
                dispatch(PppFrame.decode(pppFrame), now);
            } catch (PppPacketException e) {
                // RFC 1661 section 5 discards malformed packets silently; every layer throws before it changes
                // anything.
            }
        }
        return output.drain();
    }

    /**
     * A frame of LCP arrived whose GRE number is out of order: an old copy, a forged one, or one of a peer that has
     * begun anew. Only what would tell of the last is looked at.
     */
    public List<LinkAction> receiveOutOfOrder(byte[] pppFrame, long now) {
        if (phase != Phase.DEAD && phase != Phase.ENDED) {
            try {
                PppFrame frame = PppFrame.decode(pppFrame);
                if (frame.protocol() == PppProtocol.LCP) {
                    handleLcp(actions -> lcp.receiveOutOfOrder(ControlPacket.decode(frame.information()), now, actions),
                            now);
                }
            } catch (PppPacketException e) {
                // As in receive.
            }
        }
        return output.drain();
    }

    /** Whether the answer to this question of {@link LinkAction.Ask} is still awaited. */
    public boolean awaits(int question) {
        return authentication != null && authentication.awaits(question);
    }

    /** The answer to a question of {@link LinkAction.Ask} came; one that is no longer awaited has no effect. */
    public List<LinkAction> answered(int question, LoginAnswer answer, long now) {
        if (awaits(question)) {
            authentication.answered(answer, now);
        }
        return output.drain();
    }

    /** An encrypted packet of the peer was decrypted at {@code when}: its CCP and IPCP are open. */
    public void decryptedAt(long when) {
        if (network != null && network.isUp()) {
            network.decryptedAt(when);
            mismatch.decryptedAt(when);
        }
    }

    /** Data arrived since the last call: the peer lives, no echo is needed. */
    public void trafficSeen(long now) {
        lcp.heard(now);
    }

    /** Runs the timers that have expired. */
    public List<LinkAction> tick(long now) {
        if (phase != Phase.DEAD && phase != Phase.ENDED) {
            handleLcp(actions -> lcp.tick(now, actions), now);
            if (authentication != null) {
                authentication.tick(now);
            }
            if (network != null) {
                network.tick(now);
            }
            if (now >= phaseDeadline) {
                giveUp(now);
            }
        }
        return output.drain();
    }

    /** When {@link #tick} is next wanted, or {@link Long#MAX_VALUE}. */
    public long deadline() {
        if (phase == Phase.DEAD || phase == Phase.ENDED) {
            return Long.MAX_VALUE;
        }
        long deadline = Math.min(phaseDeadline, lcp.deadline());
        deadline = authentication == null ? deadline : Math.min(deadline, authentication.deadline());
        return network == null ? deadline : Math.min(deadline, network.deadline());
    }

    /**
     * Ends the link in order; {@link LinkAction.Terminated} follows when the peer has agreed or does not answer.
     *
     * @param why the reason; a reason given before stays
     * @param sentence the detail for the log
     */
    public List<LinkAction> terminate(TerminationReason why, String sentence, long now) {
        end(why, sentence, now);
        return output.drain();
    }

    /** The tunnel below is gone: the link ends at once. */
    public List<LinkAction> lowerDown(long now) {
        if (phase != Phase.ENDED) {
            leaveNetwork();
            lcp.suspectedTermination().ifPresent(text -> finish(TerminationReason.PEER_REQUEST, text));
            finish(TerminationReason.TUNNEL_DOWN, "the tunnel below the link was closed");
        }
        return output.drain();
    }

    /**
     * So many packets did not decrypt that the two ends cannot have the same keys, or that somebody forges them: new
     * keys help in either case, unless no packet decrypts with those either.
     */
    public List<LinkAction> mppeHopeless(long now) {
        if (network != null && network.encryption().wasUp()) {
            String peer = switch (config.role()) {
                case LinkRole.Server server -> "client";
                case LinkRole.Client client -> "server";
            };
            String sentence = "the " + peer + "'s packets do not decrypt: the two ends have different keys";
            if (mismatch.mayNewKeysHelp(now)) {
                startOver(sentence, now);
            } else {
                end(TerminationReason.ENCRYPTION_REFUSED, sentence, now);
            }
        }
        return output.drain();
    }

    /** The decryption lost the thread in stateful mode: the peer is asked to start over. */
    public List<LinkAction> mppeResetNeeded(long now) {
        if (network != null) {
            network.encryption().requestReset(now);
        }
        return output.drain();
    }

    private void dispatch(PppFrame frame, long now) {
        switch (frame.protocol()) {
            case PppProtocol.LCP -> receiveLcp(ControlPacket.decode(frame.information()), now);
            case PppProtocol.PAP, PppProtocol.CHAP -> {
                if (isAuthenticatedBy(frame.protocol())) {
                    authentication.receive(frame.information(), now);
                }
            }
            case PppProtocol.EAP -> {
                if (isAuthenticatedBy(PppProtocol.EAP)) {
                    authentication.receive(frame.information(), now);
                } else {
                    unknownProtocol(frame, now);
                }
            }
            case PppProtocol.CCP -> {
                if (network != null && network.encryption().speaksCcp()) {
                    network.encryption().receive(ControlPacket.decode(frame.information()), now);
                } else {
                    unknownProtocol(frame, now);
                }
            }
            case PppProtocol.IPCP -> {
                if (network != null) {
                    network.receiveIpcp(ControlPacket.decode(frame.information()), now);
                }
            }
            case PppProtocol.COMPRESSED -> {
                if (network != null) {
                    network.encryption().packetNotExpected(now);
                }
            }
            // Data that outran the end of a negotiation, or outlived the network: known, but of no use.
            case PppProtocol.IPV4 -> {
            }
            default -> unknownProtocol(frame, now);
        }
    }

    private void unknownProtocol(PppFrame frame, long now) {
        // Before the network phase, and after it, everything but LCP and authentication is discarded silently (RFC 1661
        // sections 3.4, 3.5 and 3.7).
        if (phase == Phase.NETWORK) {
            handleLcp(actions -> lcp.rejectProtocol(frame.protocol(), frame.information(), actions), now);
        }
    }

    private void receiveLcp(ControlPacket packet, long now) {
        boolean guarded = network != null && network.isUp();
        handleLcp(actions -> {
            if (guarded) {
                lcp.receiveGuarded(packet, now, actions);
            } else {
                lcp.receive(packet, now, actions);
            }
        }, now);
        if (phase == Phase.ESTABLISH && lcp.failure().isPresent()) {
            end(TerminationReason.AUTHENTICATION_REFUSED, lcp.failure().get(), now);
        }
    }

    private void handleLcp(Consumer<List<LcpAction>> event, long now) {
        List<LcpAction> actions = new ArrayList<>();
        event.accept(actions);
        String requestText = "";
        for (LcpAction action : actions) {
            if (phase == Phase.ENDED) {
                return;
            }
            switch (action) {
                case LcpAction.Layer(LayerAction.Send(ControlPacket packet)) -> output.send(PppProtocol.LCP, packet);
                case LcpAction.Layer(LayerAction.ThisLayerUp()) -> lcpUp(now);
                case LcpAction.Layer(LayerAction.ThisLayerDown()) -> lcpDown(requestText, now);
                case LcpAction.Layer(LayerAction.ThisLayerFinished()) -> lcpFinished();
                case LcpAction.Layer(LayerAction.ThisLayerStarted()) -> {
                }
                case LcpAction.Layer(LayerAction.SendEchoReply reply) -> {
                }
                case LcpAction.ProtocolRejected(int protocol, ControlPacket reject) ->
                    protocolRejected(protocol, reject, now);
                case LcpAction.TerminationRequested(String text) -> requestText = text;
                case LcpAction.LoopDetected() ->
                    end(TerminationReason.LOOPBACK, "what this end sends comes back to it: the tunnel is looped", now);
                case LcpAction.PeerSilent(String text) -> end(TerminationReason.ECHO_TIMEOUT, text, now);
                case LcpAction.PeerStartedOver() -> output.emit(new LinkAction.PeerStartedOver());
                case LcpAction.PeerComputer(String name) -> output.emit(new LinkAction.PeerComputer(name));
                case LcpAction.Note(String text) -> output.emit(new LinkAction.Note(text));
            }
        }
    }

    private void lcpUp(long now) {
        if (phase != Phase.ESTABLISH) {
            return;
        }
        LcpResult result = lcp.result();
        output.emit(new LinkAction.LcpOpened(result.peerMru(), result.peerTakesPfc(), result.peerTakesAcfc()));
        output.emit(new LinkAction.StepDone(LoginStep.LCP));
        Optional<AuthMethod> agreed = result.peerProvesBy().or(result::weProveBy);
        if (agreed.isPresent()) {
            AuthExchange exchange = config.role().exchanges().create(agreed.get());
            exchange.pace(restart().answerMillis());
            exchange.fit(Math.min(result.peerMru(), config.mru()));
            enter(Phase.AUTHENTICATE, Long.MAX_VALUE);
            authentication = new Authentication(output, new Below(), agreed.get(), exchange,
                    config.timers().authenticationMillis());
            authentication.start(now);
        } else if (encryption().policy() == EncryptionPolicy.REQUIRED) {
            end(TerminationReason.ENCRYPTION_REFUSED,
                    "the server wants no authentication, and without it there are no keys for the encryption that is "
                            + "required here",
                    now);
        } else {
            enterNetwork("", Optional.empty(), LoginGrant.NONE, now);
        }
    }

    private void lcpDown(String requestText, long now) {
        if (network != null && network.wasUp()) {
            lcpRestarts = 0;
        }
        Optional<String> disagreement = Optional.ofNullable(network)
                .map(NetworkPhase::encryption)
                .flatMap(LinkEncryption::disagreement);
        leaveNetwork();
        leaveAuthentication();
        if (phase == Phase.TERMINATE) {
            return;
        }
        if (lcp.state() == Automaton.State.STOPPING) {
            String said = requestText.isEmpty() ? "the peer rejects LCP" : requestText;
            reason = disagreement.isPresent() ? TerminationReason.ENCRYPTION_REFUSED : TerminationReason.PEER_REQUEST;
            detail = disagreement.map(text -> text + "; " + said).orElse(said);
            enter(Phase.TERMINATE, Long.MAX_VALUE);
        } else if (++lcpRestarts > MAX_LCP_RESTARTS) {
            end(TerminationReason.NEGOTIATION_FAILED,
                    "the peer began LCP anew more than " + MAX_LCP_RESTARTS + " times", now);
        } else {
            enter(Phase.ESTABLISH, now + config.timers().phaseMillis());
        }
    }

    private void lcpFinished() {
        if (heardAnything) {
            finish(TerminationReason.NEGOTIATION_FAILED, "LCP found no agreement with the peer");
        } else {
            finish(TerminationReason.NO_ANSWER,
                    "nothing arrived through the tunnel: is GRE (IP protocol 47) let through in both directions?");
        }
    }

    private void protocolRejected(int protocol, ControlPacket reject, long now) {
        if (isAuthenticatedBy(protocol) && authentication.isUnderWay()) {
            end(TerminationReason.AUTHENTICATION_REFUSED,
                    "the peer agreed to " + authentication.method().label() + " and then rejected it", now);
        } else if (network != null && network.isUp() && network.encryption().wasUp()
                && !PppProtocol.isSpoken(protocol)) {
            mismatch.rejectedByPeer(protocol, method()).map(LinkAction.Note::new).ifPresent(output::emit);
        } else if (network != null) {
            network.protocolRejected(protocol, reject, now);
        }
    }

    private boolean isAuthenticatedBy(int protocol) {
        return authentication != null && authentication.method().protocol() == protocol;
    }

    private void enterNetwork(String username, Optional<MppeStartKeys> keys, LoginGrant grant, long now) {
        switch (NetworkEntry.of(config.role(), username, method(), grant, wasEncrypted, encryption())) {
            case NetworkEntry.Refused(TerminationReason why, String sentence) -> end(why, sentence, now);
            case NetworkEntry.Open(IpcpOptions addresses, EncryptionSettings wanted) -> {
                enter(Phase.NETWORK, Long.MAX_VALUE);
                network = new NetworkPhase(output, new Below(), wanted, config.timers(), restart(), keys, addresses,
                        lcp.result().peerMru());
                network.start(now);
            }
        }
    }

    /** How the peer logs in, or has. */
    private Optional<AuthMethod> method() {
        return Optional.ofNullable(authentication).map(Authentication::method);
    }

    private RestartPolicy restart() {
        return config.timers().restart().onPath(Math.max(pathMillis, lcp.roundTrip()));
    }

    /** What is configured, but required where the link was encrypted before. */
    private EncryptionSettings encryption() {
        EncryptionSettings configured = config.encryption();
        return wasEncrypted
                ? new EncryptionSettings(EncryptionPolicy.REQUIRED, configured.keyBits(), configured.statefulAllowed())
                : configured;
    }

    private void startOver(String why, long now) {
        output.emit(new LinkAction.Note("LCP begins anew: " + why));
        handleLcp(actions -> lcp.restart(now, actions), now);
    }

    /** What the phases see of the link. */
    private final class Below implements LinkEncryption.Link, Authentication.Link {

        @Override
        public void authenticated(String username, Optional<MppeStartKeys> keys, LoginGrant grant, long now) {
            enterNetwork(username, keys, grant, now);
        }

        @Override
        public void rekey(MppeStartKeys keys) {
            if (network != null) {
                network.encryption().rekey(keys);
            }
        }

        @Override
        public void terminate(TerminationReason why, String sentence, long now) {
            end(why, sentence, now);
        }

        @Override
        public void startOver(String why, long now) {
            PppLink.this.startOver(why, now);
        }

        @Override
        public long roundTrip() {
            return lcp.roundTrip();
        }
    }

    private void leaveAuthentication() {
        if (authentication != null) {
            authentication.leave();
            authentication = null;
        }
    }

    private void leaveNetwork() {
        NetworkPhase leaving = network;
        network = null;
        if (leaving != null) {
            wasEncrypted |= leaving.encryption().wasUp();
            leaving.leave();
        }
    }

    private void giveUp(long now) {
        end(heardAnything ? TerminationReason.NEGOTIATION_FAILED : TerminationReason.NO_ANSWER,
                "LCP did not open within " + config.timers().phaseMillis() / 1000 + " s", now);
    }

    private void end(TerminationReason why, String sentence, long now) {
        if (phase == Phase.TERMINATE || phase == Phase.ENDED) {
            return;
        }
        leaveNetwork();
        leaveAuthentication();
        reason = why;
        detail = sentence;
        enter(Phase.TERMINATE, Long.MAX_VALUE);
        handleLcp(actions -> lcp.close(why.textForPeer(), now, actions), now);
        if (lcp.state() == Automaton.State.INITIAL || lcp.state() == Automaton.State.CLOSED) {
            finish(why, sentence);
        }
    }

    private void finish(TerminationReason otherwise, String otherwiseDetail) {
        if (phase != Phase.ENDED) {
            boolean known = reason != null;
            enter(Phase.ENDED, Long.MAX_VALUE);
            leaveAuthentication();
            output.emit(new LinkAction.Terminated(known ? reason : otherwise, known ? detail : otherwiseDetail));
        }
    }

    private void enter(Phase next, long deadline) {
        phase = next;
        phaseDeadline = deadline;
    }
}
