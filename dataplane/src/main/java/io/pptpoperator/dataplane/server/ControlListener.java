package io.pptpoperator.dataplane.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.pptpoperator.dataplane.channel.ControlMessageDecoder;
import io.pptpoperator.dataplane.channel.ControlMessageEncoder;
import io.pptpoperator.dataplane.channel.MessageBudget;
import io.pptpoperator.dataplane.channel.ReadWhileWritable;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.session.Sessions;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
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

    private final Channel channel;

    private ControlListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds.
     *
     * @param messagesDropped counts the messages that are beyond a client's budget
     * @throws StartupException when the address or port is not to be had
     */
    static ControlListener bind(ServerConfig.Listen listen, EventLoop controlLoop, Sessions sessions,
            LongAdder messagesDropped) {
        InetSocketAddress address = new InetSocketAddress(listen.address().toInetAddress(), listen.port());
        ControlMessageEncoder encoder = new ControlMessageEncoder();
        ReadWhileWritable backpressure = new ReadWhileWritable();
        ChannelFuture bound = new ServerBootstrap().group(controlLoop, controlLoop)
                .channelFactory(
                        () -> new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(MOST_UNSENT / 2, MOST_UNSENT))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        client.pipeline()
                                .addLast(new ControlMessageDecoder(), encoder, backpressure,
                                        new MessageBudget(MonotonicClock::millis, messagesDropped),
                                        new PeerHandler(sessions));
                    }
                })
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
        return new ControlListener(bound.channel());
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Lets nobody in any more; connections that are there live on. */
    void close() {
        channel.close().awaitUninterruptibly(MOST_CLOSE_MILLIS);
    }
}
