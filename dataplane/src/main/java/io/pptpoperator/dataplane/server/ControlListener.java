package io.pptpoperator.dataplane.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.pptpoperator.dataplane.channel.ControlMessageDecoder;
import io.pptpoperator.dataplane.channel.ControlMessageEncoder;
import io.pptpoperator.dataplane.channel.MessageBudget;
import io.pptpoperator.dataplane.channel.ReadWhileWritable;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.session.Sessions;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Listens on TCP 1723 and gives every client its pipeline. */
final class ControlListener {
    /** RFC 2637 section 1.2. */
    static final int WELL_KNOWN_PORT = 1723;

    private static final int BACKLOG = 1024;
    /** A control loop that is stuck must not keep the process from ending. */
    private static final long MOST_CLOSE_MILLIS = 2_000;
    /** Unsent bytes from which on a client is no longer read; the largest message has 220. */
    private static final int MOST_UNSENT = 16 << 10;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(MOST_UNSENT / 2, MOST_UNSENT);

    private final EventLoop controlLoop;
    private final Sessions sessions;
    private final LongAdder messagesDropped;
    private final ControlMessageEncoder encoder = new ControlMessageEncoder();
    private final ReadWhileWritable backpressure = new ReadWhileWritable();
    /** The connections that are there. For the control loop. */
    private final Set<PeerHandler> connections = new LinkedHashSet<>();
    private Channel channel;

    /** @param messagesDropped counts the messages that are beyond a client's budget */
    private ControlListener(EventLoop controlLoop, Sessions sessions, LongAdder messagesDropped) {
        this.controlLoop = controlLoop;
        this.sessions = sessions;
        this.messagesDropped = messagesDropped;
    }

    /**
     * Binds.
     *
     * @param messagesDropped counts the messages that are beyond a client's budget
     * @throws StartupException when the address or port is not to be had
     */
    static ControlListener bind(ServerConfig.Listen listen, SocketTransport transport, EventLoop controlLoop,
            Sessions sessions, LongAdder messagesDropped) {
        ControlListener listener = new ControlListener(controlLoop, sessions, messagesDropped);
        InetSocketAddress address = new InetSocketAddress(listen.address().toInetAddress(), listen.port());
        ChannelFuture bound = listener.bootstrap()
                .channelFactory(transport::listening)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartupException(bound.cause() instanceof BindException
                    ? "listen: cannot listen on TCP " + listen.address() + ":" + listen.port() + " ("
                            + bound.cause().getMessage() + "): stop what uses the port (find it with 'ss -ltnp"
                            + " sport = :" + listen.port() + "'), or use an address of this host"
                    : "listen: cannot listen on TCP " + listen.address() + ":" + listen.port() + ": "
                            + bound.cause().getMessage());
        }
        listener.channel = bound.channel();
        return listener;
    }

    /** Takes over the socket that another process listens at; nobody is let in before {@link #accept}. */
    static ControlListener takeOver(int descriptor, EventLoop controlLoop, Sessions sessions,
            LongAdder messagesDropped) {
        ControlListener listener = new ControlListener(controlLoop, sessions, messagesDropped);
        listener.channel = listener.bootstrap()
                .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                .option(ChannelOption.AUTO_READ, false)
                .register()
                .syncUninterruptibly()
                .channel();
        return listener;
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap().group(controlLoop, controlLoop)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        equip(client, new PeerHandler(sessions, connections));
                    }
                });
    }

    private void equip(SocketChannel client, PeerHandler handler) {
        client.pipeline()
                .addLast(new ControlMessageDecoder(), encoder, backpressure,
                        new MessageBudget(MonotonicClock::millis, messagesDropped), handler);
    }

    /**
     * Takes over another process' client, on the control loop; nothing is read from it or sent to it before {@link
     * PeerHandler#goOn}.
     */
    PeerHandler takeOver(int descriptor, HandOverMessage.Client client) {
        EpollSocketChannel connection = new EpollSocketChannel(descriptor);
        connection.config().setAutoRead(false).setWriteBufferWaterMark(WATER_MARK);
        PeerHandler handler = new PeerHandler(sessions, connections, client);
        equip(connection, handler);
        controlLoop.register(connection).syncUninterruptibly();
        return handler;
    }

    /** The connections that are there, on the control loop. */
    List<PeerHandler> connections() {
        return List.copyOf(connections);
    }

    /** The descriptor of the socket; only with {@link SocketTransport#EPOLL}. */
    int descriptor() {
        return ((UnixChannel) channel).fd().intValue();
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Lets who connects in, or lets them wait. */
    void accept(boolean now) {
        channel.config().setAutoRead(now);
    }

    /** Lets nobody in any more; connections that are there live on. */
    void close() {
        channel.close().awaitUninterruptibly(MOST_CLOSE_MILLIS);
    }
}
