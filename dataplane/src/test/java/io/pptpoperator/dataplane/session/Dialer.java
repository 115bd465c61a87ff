package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlFrameDecoder;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.PnsAction;
import io.pptpoperator.protocol.control.PnsControlConnection;
import io.pptpoperator.protocol.control.PnsSettings;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.auth.AuthAction;
import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import io.pptpoperator.protocol.ppp.auth.AuthExchanges;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LinkConfig;
import io.pptpoperator.protocol.ppp.link.LinkRole;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import io.pptpoperator.protocol.ppp.link.PppLink;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** A client made of this project's own state machines, which can be made to fall silent in the middle of anything. */
final class Dialer implements Peer {

    /** What a dialer is made with. */
    static final class Plan {
        private final String username;
        private final String password;
        private List<AuthMethod> methods = List.of(AuthMethod.MSCHAPV2);
        private EncryptionSettings encryption = EncryptionSettings.STRONG;
        private boolean stateful;
        private boolean patient;

        private Plan(String username, String password) {
            this.username = username;
            this.password = password;
        }

        Plan with(AuthMethod... only) {
            methods = List.of(only);
            return this;
        }

        Plan with(EncryptionSettings settings) {
            encryption = settings;
            return this;
        }

        /** It says once who it is, and waits for minutes to hear whether that is right. */
        Plan patient() {
            patient = true;
            return this;
        }

        /** It insists on stateful MPPE. */
        Plan stateful() {
            stateful = true;
            return this;
        }

        Dialer build() {
            return new Dialer(this);
        }
    }

    private static final int MRU = 1400;
    private static final int CALL_ID = 0x1234;
    private static final LinkTimers PATIENT = new LinkTimers(RestartPolicy.STANDARD, 60_000, 3_600_000, 3_000);

    private final Plan plan;
    private final SecureRandom random = new SecureRandom();
    private final PnsControlConnection control = new PnsControlConnection(PnsSettings.windowsLike(CALL_ID));
    private final ByteBuffer pending = ByteBuffer.allocate(4096);
    private final PppLink link;
    private PeerLine line;
    private ClientTunnel tunnel;

    private boolean startsControl = true;
    private boolean talksControl = true;
    private IntPredicate speaks = protocol -> true;

    /** What it was told by the server, and what became of it. */
    final List<ControlMessage> messages = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();
    final List<String> history = new ArrayList<>();
    Optional<AddressPlan> network = Optional.empty();
    Optional<LoginFailure> loginFailure = Optional.empty();
    Optional<LinkAction.Terminated> end = Optional.empty();
    boolean hungUp;

    private Dialer(Plan plan) {
        this.plan = plan;
        LinkRole role = new LinkRole.Client(plan.methods,
                method -> exchange(AuthExchanges.peer(method, plan.username, plan.password, random)), Ipv4Address.ANY,
                true);
        LinkTimers timers = plan.patient ? PATIENT : LinkTimers.STANDARD;
        link = new PppLink(new LinkConfig(role, MRU, plan.encryption, EchoSettings.OFF, timers), random);
    }

    private AuthExchange exchange(AuthExchange usual) {
        return plan.patient ? new UnhurriedExchange(usual) : usual;
    }

    /** Repeats nothing and gives nothing up. */
    private record UnhurriedExchange(AuthExchange usual) implements AuthExchange {

        @Override
        public List<AuthAction> start(long now) {
            return usual.start(now);
        }

        @Override
        public List<AuthAction> receive(byte[] packet, long now) {
            return usual.receive(packet, now);
        }

        @Override
        public List<AuthAction> tick(long now) {
            return List.of();
        }

        @Override
        public long deadline() {
            return Long.MAX_VALUE;
        }
    }

    /** A client of this user, as most are: MS-CHAPv2 and MPPE with 128 bits, or no connection. */
    static Plan of(String username, String password) {
        return new Plan(username, password);
    }

    static Dialer alice() {
        return of("alice", "secret-a").build();
    }

    static Dialer bob() {
        return of("bob", "secret-b").build();
    }

    // Falling silent.

    /** It connects and says nothing. */
    Dialer thatNeverStarts() {
        startsControl = false;
        return this;
    }

    /** It sends its first control message and none after it. */
    Dialer thatNeverCalls() {
        talksControl = false;
        return this;
    }

    /** It neither hears nor says anything of these PPP protocols. */
    Dialer deafTo(IntPredicate protocols) {
        speaks = protocols.negate();
        return this;
    }

    /** From now on it says nothing and hears nothing, on either channel. */
    void dies() {
        startsControl = false;
        speaks = protocol -> false;
    }

    // Peer.

    @Override
    public void connected(PeerLine newLine) {
        line = newLine;
        if (startsControl) {
            performControl(control.connected(line.now()));
            startsControl = talksControl;
        }
    }

    @Override
    public void control(byte[] bytes) {
        pending.put(bytes).flip();
        Optional<ControlFrame> frame = ControlFrameDecoder.next(pending);
        while (frame.isPresent()) {
            if (frame.get() instanceof ControlMessage message) {
                messages.add(message);
            }
            if (startsControl) {
                performControl(control.received(frame.get(), line.now()));
            }
            frame = ControlFrameDecoder.next(pending);
        }
        pending.compact();
    }

    @Override
    public void gre(byte[] packet) {
        if (tunnel != null) {
            tunnel.receive(packet, line.now());
        }
    }

    @Override
    public void hungUp() {
        hungUp = true;
        if (startsControl && line != null) {
            performControl(control.peerClosed());
        }
    }

    @Override
    public void wake() {
        if (startsControl) {
            performControl(control.tick(line.now()));
            if (tunnel != null) {
                link.decryptedAt(tunnel.lastDecrypted());
            }
            performLink(link.tick(line.now()));
        }
    }

    private void scheduleNext() {
        if (line != null) {
            line.wakeAt(Math.min(control.deadline(), link.deadline()));
        }
    }

    // What the user does.

    boolean isUp() {
        return network.isPresent();
    }

    Ipv4Address address() {
        return network.orElseThrow().ourAddress();
    }

    ClientTunnel tunnel() {
        return tunnel;
    }

    /** Sends a ping of so many bytes; the reply shows in {@link #received}. */
    byte[] ping(Ipv4Address to, int size) {
        byte[] request = Ping.request(address(), to, received.size() + 1, size);
        tunnel.sendIp(request);
        return request;
    }

    /** Whether this was answered. */
    boolean heardReplyTo(byte[] request) {
        return received.stream().anyMatch(packet -> Ping.isReplyTo(request, packet));
    }

    /** Sends a PPP frame that its own state machines would not. */
    void sendFrame(byte[] frame) {
        tunnel.sendFrame(frame);
    }

    /** Sends a control message that its own state machine would not. */
    void sendControl(ControlMessage message) {
        line.control(ControlMessageCodec.encode(message));
    }

    /** Ends the PPP link in order. */
    void terminate() {
        performLink(link.terminate(TerminationReason.ADMIN, "the user hangs up", line.now()));
    }

    /** Begins LCP anew. */
    void beginsAnew() {
        performLink(link.mppeHopeless(line.now()));
    }

    /** Clears the call in order. */
    void clearCall() {
        performControl(control.clearCall("the user hangs up", line.now()));
    }

    /** Vanishes: the TCP connection closes without a message. */
    void hangUp() {
        dies();
        line.hangUp();
    }

    // What its state machines want.

    private void performControl(List<PnsAction> actions) {
        for (PnsAction action : actions) {
            switch (action) {
                case ControlAction.Send send -> line.control(ControlMessageCodec.encode(send.message()));
                case PnsAction.Started started -> {
                }
                case PnsAction.CallUp up -> {
                    tunnel = new ClientTunnel(line, up.reply().callId(), this::frame, this::ip, this::resetNeeded);
                    performLink(link.start(line.now()));
                }
                case ControlAction.CloseCall close -> performLink(link.lowerDown(line.now()));
                case ControlAction.CloseConnection close -> line.hangUp();
                case ControlAction.WanErrors errors -> {
                }
                case ControlAction.Note note -> history.add(note.text());
            }
        }
        scheduleNext();
    }

    private void frame(byte[] frame) {
        if (speaks.test(ClientTunnel.protocolOf(frame))) {
            Optional<byte[]> seen = plan.stateful
                    ? StatefulWish.incoming(frame, tunnel::sendFrame)
                    : Optional.of(frame);
            seen.ifPresent(passed -> performLink(link.receive(passed, line.now())));
        }
    }

    private void resetNeeded() {
        performLink(link.mppeResetNeeded(line.now()));
    }

    private void ip(byte[] packet) {
        if (speaks.test(0x21)) {
            received.add(packet);
            if (Ping.isRequest(packet)) {
                tunnel.sendIp(Ping.replyTo(packet));
            }
        }
    }

    private void performLink(List<LinkAction> actions) {
        for (LinkAction action : actions) {
            switch (action) {
                case LinkAction.Send send -> {
                    if (speaks.test(ClientTunnel.protocolOf(send.pppFrame()))) {
                        tunnel.sendFrame(plan.stateful ? StatefulWish.outgoing(send.pppFrame()) : send.pppFrame());
                    }
                }
                case LinkAction.LcpOpened opened -> tunnel.compress(opened.peerTakesAcfc(), opened.peerTakesPfc());
                case LinkAction.LoginFailed failed -> loginFailure = Optional.of(failed.reason());
                case LinkAction.MppeReceive ready ->
                    tunnel.decrypt(ready.keys().decryptor(plan.stateful ? StatefulWish.AGREED : ready.parameters()));
                case LinkAction.MppeUp up ->
                    tunnel.encrypt(up.keys().encryptor(plan.stateful ? StatefulWish.AGREED : up.send()));
                case LinkAction.MppeDown down -> tunnel.stopEncryption();
                case LinkAction.MppeResetRequested reset -> tunnel.resetEncryption();
                case LinkAction.NetworkUp up -> network = Optional.of(up.addresses());
                case LinkAction.NetworkDown down -> network = Optional.empty();
                case LinkAction.PeerComputer named -> history.add(named.name());
                case LinkAction.Terminated terminated -> {
                    end = Optional.of(terminated);
                    performControl(control.clearCall(terminated.detail(), line.now()));
                }
                default -> history.add(action.toString());
            }
        }
        scheduleNext();
    }
}
