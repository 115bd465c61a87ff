package io.pptpoperator.dataplane.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.dataplane.channel.ControlMessageDecoder;
import io.pptpoperator.dataplane.channel.ControlMessageEncoder;
import io.pptpoperator.dataplane.channel.OrderlyClose;
import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelNetwork;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.ip.MssClamp;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@link PnsSession} with its effects: the TCP connection, the tunnel, the timer. It lives on one event loop;
 * what other threads may call says so.
 */
public final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final ControlMessageEncoder ENCODER = new ControlMessageEncoder();
    private static final int REORDER_PACKETS = 64;
    private static final int REORDER_MILLIS = 50;

    private final EventLoop loop;
    private final Destination destination;
    private final ClientSettings settings;
    private final TunnelDialer tunnels;
    private final SecureRandom random;
    private final DialObserver observer;
    private Channel channel;
    private DialedTunnel tunnel;
    private PnsSession session;
    private ScheduledFuture<?> timer;
    private long wakeAt = Long.MAX_VALUE;
    private boolean over;

    private Dialer(EventLoop loop, Destination destination, ClientSettings settings, TunnelDialer tunnels,
            SecureRandom random, DialObserver observer) {
        this.loop = loop;
        this.destination = destination;
        this.settings = settings;
        this.tunnels = tunnels;
        this.random = random;
        this.observer = observer;
    }

    /** Starts to dial. For any thread; everything else happens on {@code loop}. */
    public static Dialer start(EventLoop loop, Destination destination, ClientSettings settings, TunnelDialer tunnels,
            SecureRandom random, DialObserver observer) {
        Dialer dialer = new Dialer(loop, destination, settings, tunnels, random, observer);
        loop.execute(dialer::connect);
        return dialer;
    }

    private void connect() {
        if (over) {
            return;
        }
        Bootstrap bootstrap = new Bootstrap().group(loop)
                .channelFactory(() -> new NioSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, destination.connectTimeout())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        socket.pipeline().addLast(new ControlMessageDecoder(), ENCODER, new Control());
                    }
                });
        if (destination.reset()) {
            bootstrap.option(ChannelOption.SO_LINGER, 0);
        }
        ChannelFuture connecting = destination.local().isPresent()
                ? bootstrap.connect(destination.remote(), destination.local().get())
                : bootstrap.connect(destination.remote());
        channel = connecting.channel();
        connecting.addListener(result -> {
            if (!result.isSuccess() && !over) {
                observer.unreachable(result.cause());
                endBeforeSession("TCP port " + destination.port() + " of " + destination.server()
                        + " cannot be reached: " + result.cause().getMessage());
            }
        });
    }

    /** Ends the session in order. For any thread. */
    public void hangUp(String why) {
        loop.execute(() -> {
            if (session != null) {
                perform(session.hangUp(why, MonotonicClock.millis()));
            } else {
                endBeforeSession(why);
            }
        });
    }

    /** Drops everything without a word to the server, as a client that loses power does. For any thread. */
    public void abandon() {
        loop.execute(() -> {
            if (!over) {
                finish();
                observer.observed(new ClientAction.Ended(
                        new SessionEnd(missing(), Optional.empty(), Optional.empty(), "abandoned without a word")));
            }
        });
    }

    /** The step of the login that is under way; empty once it is connected. */
    public Optional<LoginStep> missing() {
        return session == null ? Optional.of(LoginStep.TCP) : session.missing();
    }

    /** How the tunnel is encrypted, if it is. */
    public Optional<MppeParameters> encryption() {
        return session == null ? Optional.empty() : session.encryption();
    }

    /** The largest IP packet for the tunnel, in bytes, once the session is connected. */
    public int mtu() {
        return session.mtu();
    }

    private void tcpConnected(Channel connected) {
        if (over) {
            connected.close();
            return;
        }
        Ipv4Address local = Ipv4Address.of((Inet4Address) ((InetSocketAddress) connected.localAddress()).getAddress());
        boolean required = settings.encryption().policy() == EncryptionPolicy.REQUIRED;
        Optional<DialedTunnel> dialed = tunnels.dial(new TunnelSpec(destination.server(), local, TunnelSpec.NOT_YET,
                required, REORDER_PACKETS, REORDER_MILLIS), new FromTunnel());
        observer.connected(local);
        if (dialed.isEmpty()) {
            endBeforeSession("no Call ID is free: too many calls at once");
            return;
        }
        tunnel = dialed.get();
        session = new PnsSession(settings, tunnel.callId(), random);
        perform(session.connected(MonotonicClock.millis()));
    }

    private void endBeforeSession(String why) {
        if (!over) {
            finish();
            observer.observed(new ClientAction.Ended(
                    new SessionEnd(Optional.of(LoginStep.TCP), Optional.empty(), Optional.empty(), why)));
        }
    }

    private void finish() {
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (tunnel != null) {
            tunnel.close();
        }
        if (channel != null) {
            OrderlyClose.begin(channel);
        }
    }

    private void perform(List<ClientAction> actions) {
        for (ClientAction action : actions) {
            if (over) {
                return;
            }
            switch (action) {
                case ClientAction.Control(var message) -> channel.writeAndFlush(message, channel.voidPromise());
                case ClientAction.CallUp(var reply) -> tunnel.answered(reply.callId());
                case ClientAction.Link(var wish) -> perform(wish);
                case ClientAction.Ended end -> finish();
                case ClientAction.Started started -> {
                }
                case ClientAction.Note note -> {
                }
            }
            observer.observed(action);
        }
        if (!over) {
            wakeAt(session.deadline());
        }
    }

    private void perform(LinkAction wish) {
        switch (wish) {
            case LinkAction.Send(byte[] frame) -> tunnel.send(frame);
            case LinkAction.LcpOpened opened -> tunnel.compressHeaders(opened.peerTakesAcfc(), opened.peerTakesPfc());
            case LinkAction.MppeReceive ready -> tunnel.decrypt(ready.keys().decryptor(ready.parameters()));
            case LinkAction.MppeUp up -> tunnel.encrypt(up.keys().encryptor(up.send()));
            case LinkAction.PeerStartedOver started -> tunnel.restartReceiving();
            case LinkAction.MppeDown down -> tunnel.stopEncryption();
            case LinkAction.MppeResetRequested requested -> tunnel.resetEncryption();
            case LinkAction.NetworkUp up -> tunnel.openNetwork(TunnelNetwork.toServer(up.addresses().peerAddress(),
                    session.mtu(), MssClamp.forMtu(session.mtu())));
            case LinkAction.NetworkDown down -> tunnel.closeNetwork();
            case LinkAction.MppeResetAcknowledged acknowledged -> {
            }
            case LinkAction.Authenticated login -> {
            }
            case LinkAction.LoginFailed failed -> {
            }
            case LinkAction.LoginRetrying retrying -> {
            }
            case LinkAction.Ask question -> {
            }
            case LinkAction.StepDone done -> {
            }
            case LinkAction.PeerComputer computer -> {
            }
            case LinkAction.Note note -> {
            }
            case LinkAction.Terminated terminated -> {
            }
        }
    }

    /** A later deadline needs no other timer: the one that runs finds out and sets the next. */
    private void wakeAt(long deadline) {
        if (deadline >= wakeAt) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        wakeAt = deadline;
        timer = loop.schedule(this::wake, Math.max(0, deadline - MonotonicClock.millis()), TimeUnit.MILLISECONDS);
    }

    private void wake() {
        wakeAt = Long.MAX_VALUE;
        timer = null;
        if (!over) {
            session.trafficSeen(tunnel.traffic().lastHeard(), tunnel.traffic().lastDecrypted());
            perform(session.tick(MonotonicClock.millis()));
        }
    }

    /** What comes on the TCP connection. */
    private final class Control extends SimpleChannelInboundHandler<ControlFrame> {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            tcpConnected(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ControlFrame frame) {
            if (!over) {
                observer.received(frame);
                perform(session.received(frame, MonotonicClock.millis()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!over) {
                perform(session.peerClosed(MonotonicClock.millis()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (over) {
                return;
            }
            if (cause instanceof DecoderException && cause.getCause() instanceof ControlMessageException wrong) {
                perform(session.malformed(wrong, MonotonicClock.millis()));
                return;
            }
            if (!(cause instanceof IOException)) {
                LOG.error("unexpected failure, closing the connection", cause);
            }
            context.close();
        }
    }

    /** What comes through the tunnel. */
    private final class FromTunnel implements TunnelListener {

        @Override
        public void onControlFrame(byte[] frame) {
            if (!over) {
                observer.received(frame);
                perform(session.frameReceived(frame, MonotonicClock.millis()));
            }
        }

        @Override
        public void onFrameOutOfOrder(byte[] frame) {
            if (!over) {
                perform(session.frameReceivedOutOfOrder(frame, MonotonicClock.millis()));
            }
        }

        @Override
        public void onMppeResetNeeded() {
            if (!over) {
                perform(session.mppeResetNeeded(MonotonicClock.millis()));
            }
        }

        @Override
        public void onMppeHopeless() {
            if (!over) {
                session.trafficSeen(tunnel.traffic().lastHeard(), tunnel.traffic().lastDecrypted());
                perform(session.mppeHopeless(MonotonicClock.millis()));
            }
        }
    }
}
