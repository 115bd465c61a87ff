package io.pptpoperator.dataplane.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.pptpoperator.dataplane.config.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The administration port: probes, metrics, sessions and drain over HTTP/1.1, in plain on loopback, elsewhere with TLS
 * and client certificates, without which only the probes are answered. Runs on two threads of its own, so that it answers whatever the rest is doing.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REQUEST_BYTES = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2,
            new DefaultThreadFactory("admin", true),
            NioIoHandler.newFactory());
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    /** Those that had no certificate when they came, oldest first. */
    private final Queue<Channel> strangers = new ConcurrentLinkedQueue<>();
    private final Channel listening;

    private AdminServer(ServerConfig.Admin config, Optional<AdminTls> tls, AdminRoutes routes,
            Duration patience)
            throws IOException {
        var address = new InetSocketAddress(config.address().toInetAddress(), config.port());
        ChannelFuture bound = new ServerBootstrap().group(threads).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        initialize(channel, tls, routes, patience);
                    }
                }).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stopThreads();
            throw new IOException(
                    "the administration port cannot listen on " + config.address() + ":" + config.port()
                            + ": " + bound.cause().getMessage()
                            + "; another admin.address or admin.port would be right",
                    bound.cause());
        }
        listening = bound.channel();
    }

    /**
     * Starts listening.
     *
     * @param config where; port 0 stands for any free one
     * @param metrics writes Prometheus' text format
     * @throws IOException when the address is taken or not of this machine
     * @throws TlsFileException when a file for TLS cannot be used
     */
    public static AdminServer start(ServerConfig.Admin config, AdminControl control, Supplier<String> metrics)
            throws IOException, TlsFileException {
        return start(config, control, metrics, PATIENCE);
    }

    static AdminServer start(ServerConfig.Admin config, AdminControl control, Supplier<String> metrics,
            Duration patience) throws IOException, TlsFileException {
        Optional<AdminTls> tls = config.tls().isPresent()
                ? Optional.of(new AdminTls(config.tls().get()))
                : Optional.empty();
        if (tls.isEmpty() && !config.isLoopback()) {
            throw new IllegalArgumentException("the administration port needs TLS on " + config.address());
        }
        return new AdminServer(config, tls, new AdminRoutes(control, metrics), patience);
    }

    private void initialize(SocketChannel channel, Optional<AdminTls> tls, AdminRoutes routes,
            Duration patience) {
        if (clients.size() >= MAX_CONNECTIONS && !makeRoom()) {
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            return;
        }
        clients.add(channel);
        if (tls.isPresent()) {
            strangers.add(channel);
            channel.closeFuture().addListener(closed -> strangers.remove(channel));
        }
        tls.ifPresent(it -> channel.pipeline().addLast(it.current().newHandler(channel.alloc())));
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES),
                new FlowControlHandler(), new AdminHandler(routes, patience, tls.isEmpty()));
    }

    /** Whoever holds connections without a certificate must not keep the kubelet and the operator out. */
    private boolean makeRoom() {
        for (Channel stranger = strangers.poll(); stranger != null; stranger = strangers.poll()) {
            if (!ClientCertificate.isPresent(stranger)) {
                stranger.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
                return true;
            }
        }
        return false;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Stops listening and disconnects all clients. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
        stopThreads();
    }

    private void stopThreads() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
