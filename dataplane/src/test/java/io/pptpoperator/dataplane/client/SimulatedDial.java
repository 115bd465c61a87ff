package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.CallDisconnectNotify;
import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlFrameDecoder;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.GeneralError;
import io.pptpoperator.protocol.control.OutgoingCallReply;
import io.pptpoperator.protocol.control.PacAction;
import io.pptpoperator.protocol.control.PacControlConnection;
import io.pptpoperator.protocol.control.PacSettings;
import io.pptpoperator.protocol.ppp.auth.AuthExchanges;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.AuthenticatorSettings;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.ppp.auth.LoginAnswer;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import io.pptpoperator.protocol.ppp.auth.LoginQuestion;
import io.pptpoperator.protocol.ppp.auth.PasswordCheck;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A {@link PnsSession} and the server's own state machines, with a simulated clock and network between them. TCP and
 * GRE have delays of their own, and GRE frames can be lost.
 */
final class SimulatedDial {

    static final Ipv4Address SERVER = Ipv4Address.parse("192.168.10.1");
    static final Ipv4Address CLIENT = Ipv4Address.parse("192.168.10.100");
    static final Ipv4Address DNS = Ipv4Address.parse("192.0.2.53");
    static final String USER = "alice";
    static final String PASSWORD = "sécret";
    static final int SERVERS_CALL_ID = 77;
    static final int CLIENTS_CALL_ID = 11;

    /** Who sent a GRE frame. */
    enum Sender {
        CLIENT, SERVER
    }

    /** One GRE frame under way, counted from 0 in each direction. */
    record Frame(Sender sender, int number, byte[] bytes) {}

    private record Event(long time, long order, Runnable effect) {}

    /** What may differ from a server that lets alice in with MS-CHAPv2 and MPPE-128. */
    static final class Options {
        List<AuthMethod> serverMethods = List.of(AuthMethod.MSCHAPV2);
        EncryptionSettings serverEncryption = EncryptionSettings.STRONG;
        Optional<LoginFailure> refusal = Optional.empty();
        EchoSettings serverEcho = EchoSettings.STANDARD;
        boolean refusesCall;
        long tcpDelay = 5;
        long greDelay = 5;
        Predicate<Frame> lost = frame -> false;
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    private final Options options;
    private final PacControlConnection pac = new PacControlConnection(PacSettings.defaults("server"));
    private final PppLink serverLink;
    private final PasswordCheck passwords;
    final PnsSession client;
    final List<ClientAction> clientActions = new ArrayList<>();
    final List<LinkAction> serverActions = new ArrayList<>();
    private final int[] sent = new int[Sender.values().length];
    private long order;
    private boolean serverLinkOpen;
    private boolean tcpOpen = true;
    long now = 1_000_000;

    SimulatedDial(ClientSettings settings, Options options) {
        this.options = options;
        SecureRandom random = new SecureRandom();
        passwords = new PasswordCheck(random);
        serverLink = new PppLink(serverConfig(options, random), random);
        client = new PnsSession(settings, CLIENTS_CALL_ID, random);
    }

    /** Alice with her password, all methods allowed. */
    static Login alice(AuthMethod... methods) {
        return new Login(USER, new Credentials.Password(PASSWORD), List.of(methods));
    }

    private static LinkConfig serverConfig(Options options, SecureRandom random) {
        LinkRole role = new LinkRole.Server(options.serverMethods,
                method -> AuthExchanges.authenticator(method, new AuthenticatorSettings("server", 0), random));
        return new LinkConfig(role, 1400, options.serverEncryption, options.serverEcho, LinkTimers.STANDARD);
    }

    private LoginAnswer decide(LoginQuestion question) {
        Optional<Credentials> credentials = question.name().equals(USER)
                ? Optional.of(new Credentials.Password(PASSWORD))
                : Optional.empty();
        return switch (passwords.check(question.evidence(), credentials)) {
            case PasswordCheck.Finding.Wrong(LoginFailure reason) -> new LoginAnswer.Rejected(reason);
            case PasswordCheck.Finding.Right(LoginProof proof) ->
                options.refusal.<LoginAnswer>map(LoginAnswer.Rejected::new)
                        .orElseGet(() -> new LoginAnswer.Accepted(USER, proof,
                                LoginGrant.of(new AddressPlan(SERVER, CLIENT, List.of(DNS), List.of()))));
        };
    }

    /** Opens the TCP connection. */
    SimulatedDial dial() {
        performServer(pac.connected(now));
        performClient(client.connected(now));
        return this;
    }

    /** Runs both ends for so many milliseconds. */
    SimulatedDial run(long millis) {
        long end = now + millis;
        while (true) {
            long serverDeadline = Math.min(pac.deadline(), serverLink.deadline());
            long timer = Math.min(client.deadline(), serverDeadline);
            long next = Math.min(timer, events.isEmpty() ? Long.MAX_VALUE : events.peek().time());
            if (next > end) {
                now = end;
                return this;
            }
            now = Math.max(now, next);
            if (!events.isEmpty() && events.peek().time() <= now) {
                events.poll().effect().run();
            } else if (client.deadline() <= now) {
                performClient(client.tick(now));
            } else {
                performServer(pac.tick(now));
                performLink(serverLink.tick(now));
            }
        }
    }

    /** The user hangs up. */
    void hangUp() {
        performClient(client.hangUp("the user hung up", now));
    }

    /** Nothing that the server encrypts decrypts. */
    void mppeHopeless() {
        performClient(client.mppeHopeless(now));
    }

    /** The server's administrator ends the session. */
    void serverEnds() {
        performLink(serverLink.terminate(TerminationReason.ADMIN, "by the administrator", now));
    }

    /** The network cuts the TCP connection. */
    void cut() {
        tcpOpen = false;
        performServer(pac.peerClosed());
        performClient(client.peerClosed(now));
    }

    /** What the client was told of that kind. */
    <T extends ClientAction> Stream<T> told(Class<T> kind) {
        return clientActions.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** What the client's link told of that kind. */
    <T extends LinkAction> Stream<T> link(Class<T> kind) {
        return told(ClientAction.Link.class).map(ClientAction.Link::action).filter(kind::isInstance).map(kind::cast);
    }

    /** What the server's link told of that kind. */
    <T extends LinkAction> Stream<T> server(Class<T> kind) {
        return serverActions.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** The client's end, once it came. */
    Optional<SessionEnd> end() {
        return told(ClientAction.Ended.class).map(ClientAction.Ended::end).findFirst();
    }

    private void performClient(List<ClientAction> actions) {
        for (ClientAction action : actions) {
            clientActions.add(action);
            switch (action) {
                case ClientAction.Control(ControlMessage message) ->
                    overTcp(message, frame -> performServer(pac.received(frame, now)));
                case ClientAction.Link(LinkAction.Send(byte[] frame)) -> overGre(Sender.CLIENT, frame);
                case ClientAction.Ended ended -> later(options.tcpDelay, () -> {
                    if (tcpOpen) {
                        tcpOpen = false;
                        performServer(pac.peerClosed());
                    }
                });
                default -> {
                }
            }
        }
    }

    private void performServer(List<PacAction> actions) {
        for (PacAction action : actions) {
            switch (action) {
                case ControlAction.Send(ControlMessage message) ->
                    overTcp(message, frame -> performClient(client.received(frame, now)));
                case PacAction.OpenCall open -> {
                    if (options.refusesCall) {
                        performServer(pac.refuseCall(OutgoingCallReply.BUSY, GeneralError.NONE));
                    } else {
                        performServer(pac.acceptCall(SERVERS_CALL_ID));
                        serverLinkOpen = true;
                        performLink(serverLink.start(now));
                    }
                }
                case ControlAction.CloseCall close -> {
                    serverLinkOpen = false;
                    performLink(serverLink.lowerDown(now));
                }
                case ControlAction.CloseConnection close -> later(options.tcpDelay, () -> {
                    if (tcpOpen) {
                        tcpOpen = false;
                        performClient(client.peerClosed(now));
                    }
                });
                default -> {
                }
            }
        }
    }

    private void performLink(List<LinkAction> actions) {
        for (LinkAction action : actions) {
            serverActions.add(action);
            switch (action) {
                case LinkAction.Send(byte[] frame) -> overGre(Sender.SERVER, frame);
                case LinkAction.Ask(int number, LoginQuestion question) ->
                    performLink(serverLink.answered(number, decide(question), now));
                case LinkAction.Terminated(TerminationReason reason, String detail) ->
                    performServer(pac.disconnectCall(CallDisconnectNotify.ADMIN_SHUTDOWN, detail, now));
                default -> {
                }
            }
        }
    }

    private void overTcp(ControlMessage message, Consumer<ControlMessage> receiver) {
        byte[] bytes = ControlMessageCodec.encode(message);
        later(options.tcpDelay, () -> {
            if (tcpOpen) {
                receiver.accept((ControlMessage) ControlFrameDecoder.next(ByteBuffer.wrap(bytes)).orElseThrow());
            }
        });
    }

    private void overGre(Sender sender, byte[] frame) {
        if (options.lost.test(new Frame(sender, sent[sender.ordinal()]++, frame))) {
            return;
        }
        later(options.greDelay, () -> {
            if (sender == Sender.SERVER) {
                performClient(client.frameReceived(frame, now));
            } else if (serverLinkOpen) {
                performLink(serverLink.receive(frame, now));
            }
        });
    }

    private void later(long delay, Runnable effect) {
        events.add(new Event(now + delay, order++, effect));
    }
}
