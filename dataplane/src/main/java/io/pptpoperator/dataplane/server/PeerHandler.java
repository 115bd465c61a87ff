package io.pptpoperator.dataplane.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.dataplane.channel.OrderlyClose;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.session.ControlChannel;
import io.pptpoperator.dataplane.session.PeerConnection;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's TCP connection: between Netty and {@link PeerConnection}. */
final class PeerHandler extends SimpleChannelInboundHandler<ControlFrame> implements ControlChannel {
    private static final Logger LOG = LoggerFactory.getLogger(PeerHandler.class);

    private final Sessions sessions;
    private ChannelHandlerContext context;
    private Ipv4Address peer;
    private Ipv4Address local;
    private Optional<PeerConnection> connection = Optional.empty();
    private ScheduledFuture<?> timer;
    private long wakeAt = Long.MAX_VALUE;

    PeerHandler(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        peer = addressOf((InetSocketAddress) ctx.channel().remoteAddress());
        local = addressOf((InetSocketAddress) ctx.channel().localAddress());
        connection = sessions.accept(this, MonotonicClock.millis());
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
        wakeAt = Long.MAX_VALUE;
        timer = null;
        connection.ifPresent(present -> present.tick(MonotonicClock.millis()));
    }
}
