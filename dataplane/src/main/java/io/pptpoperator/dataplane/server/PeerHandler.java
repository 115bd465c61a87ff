package io.pptpoperator.dataplane.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.dataplane.channel.ControlMessageDecoder;
import io.pptpoperator.dataplane.channel.OrderlyClose;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.session.ControlChannel;
import io.pptpoperator.dataplane.session.PeerConnection;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's TCP connection: between Netty and {@link PeerConnection}. */
final class PeerHandler extends SimpleChannelInboundHandler<ControlFrame> implements ControlChannel {
    private static final Logger LOG = LoggerFactory.getLogger(PeerHandler.class);

    private final Sessions sessions;
    /** All of the server's, this one among them while it is there. */
    private final Set<PeerHandler> all;
    /** What another process said of the client; empty for one that has just connected. */
    private final Optional<HandOverMessage.Client> before;
    /** Whether the client is this process', and no other's (any more, or yet). */
    private boolean own;
    private ChannelHandlerContext context;
    private Ipv4Address peer;
    private Ipv4Address local;
    private Optional<PeerConnection> connection = Optional.empty();
    private ScheduledFuture<?> timer;
    private long wakeAt = Long.MAX_VALUE;

    /** Of a client that has just connected. */
    PeerHandler(Sessions sessions, Set<PeerHandler> all) {
        this.sessions = sessions;
        this.all = all;
        before = Optional.empty();
        own = true;
    }

    /** Of a client of another process, which is that one's until {@link #goOn}. */
    PeerHandler(Sessions sessions, Set<PeerHandler> all, HandOverMessage.Client before) {
        this.sessions = sessions;
        this.all = all;
        this.before = Optional.of(before);
    }

    /** Another process' client is this one's now. */
    void goOn() {
        own = true;
        HandOverMessage.Client client = before.orElseThrow();
        if (client.unsent().length > 0) {
            context.pipeline()
                    .firstContext()
                    .writeAndFlush(Unpooled.wrappedBuffer(client.unsent()), context.voidPromise());
        }
        if (client.unread().length > 0) {
            context.pipeline().fireChannelRead(Unpooled.wrappedBuffer(client.unread()));
        }
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    /** What another process needs to go on with the client; empty unless its session is at rest. The datapath rests. */
    Optional<HandOverMessage.Client> snapshot() {
        return connection.flatMap(PeerConnection::snapshot)
                .map(session -> new HandOverMessage.Client(session,
                        context.pipeline().get(ControlMessageDecoder.class).undecoded(), unsent()));
    }

    /** Whether it waits for nothing: there is no session, or it is at rest. */
    boolean isAtRest() {
        return connection.filter(present -> !present.isAtRest()).isEmpty();
    }

    /** Whether there is a session to be handed over. */
    boolean isConnectedAndAtRest() {
        return connection.filter(PeerConnection::isAtRest).isPresent();
    }

    private byte[] unsent() {
        var bytes = new ByteArrayOutputStream();
        try {
            context.channel().unsafe().outboundBuffer().forEachFlushedMessage(message -> {
                if (message instanceof ByteBuf part) {
                    bytes.writeBytes(ByteBufUtil.getBytes(part));
                }
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException("what is unsent cannot be read", e);
        }
        return bytes.toByteArray();
    }

    /** The descriptor of the TCP connection; only with {@link SocketTransport#EPOLL}. */
    int descriptor() {
        return ((UnixChannel) context.channel()).fd().intValue();
    }

    /** The client is another process' from now on: it is let go of without a word. */
    void handedOver() {
        own = false;
        connection.ifPresent(PeerConnection::handedOver);
        connection = Optional.empty();
        if (timer != null) {
            timer.cancel(false);
        }
        context.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        peer = addressOf((InetSocketAddress) ctx.channel().remoteAddress());
        local = addressOf((InetSocketAddress) ctx.channel().localAddress());
        all.add(this);
        connection = before.isPresent()
                ? Optional.of(sessions.takeOver(this, before.get().session(), MonotonicClock.millis()))
                : sessions.accept(this, MonotonicClock.millis());
        if (connection.isEmpty()) {
            ctx.close();
        }
    }

    private static Ipv4Address addressOf(InetSocketAddress address) {
        return Ipv4Address.of((Inet4Address) address.getAddress());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ControlFrame frame) {
        connection.ifPresent(present -> present.received(frame, MonotonicClock.millis()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        all.remove(this);
        if (!own) {
            return;
        }
        connection.ifPresent(present -> present.closed(MonotonicClock.millis()));
        connection = Optional.empty();
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof ControlMessageException wrong) {
            connection.ifPresent(present -> present.malformed(wrong, MonotonicClock.millis()));
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.error("{}: unexpected failure, closing this client's connection", peer, cause);
        }
        ctx.close();
    }

    @Override
    public Ipv4Address peer() {
        return peer;
    }

    @Override
    public Ipv4Address local() {
        return local;
    }

    @Override
    public void send(ControlMessage message) {
        context.writeAndFlush(message, context.voidPromise());
    }

    @Override
    public void close() {
        OrderlyClose.begin(context.channel());
    }

    @Override
    public void wakeAt(long deadline) {
        if (deadline >= wakeAt) {
            return; // the timer that runs will find the later deadline and set itself anew
        }
        if (timer != null) {
            timer.cancel(false);
        }
        wakeAt = deadline;
        long delay = Math.max(0, deadline - MonotonicClock.millis());
        timer = context.executor().schedule(this::wake, delay, TimeUnit.MILLISECONDS);
    }

    private void wake() {
        if (!own) {
            return;
        }
        wakeAt = Long.MAX_VALUE;
        timer = null;
        connection.ifPresent(present -> present.tick(MonotonicClock.millis()));
    }
}
