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
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.linux.netlink.SocketOwners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The administration port: probes, metrics, sessions and drain over HTTP/1.1, in plain on loopback, elsewhere with TLS
 * and client certificates, without which only the probes are answered; on loopback root and the server's own user are
 * asked for nothing, others may probe and read metrics. Runs on two threads of its own, so that it answers whatever the
 * rest is doing.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REQUEST_BYTES = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Strangers have nothing to ask that takes longer. */
    private static final Duration PATIENCE_WITH_STRANGERS = Duration.ofSeconds(10);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    private final EventLoopGroup threads = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("admin", true),
            NioIoHandler.newFactory());
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    /** Those that had no certificate when they came, oldest first. */
    private final Queue<Channel> strangers = new ConcurrentLinkedQueue<>();
    private final HandshakeLimits limits = new HandshakeLimits(now());
    private final Duration patienceWithStrangers;
    /** Who is who on loopback; there without TLS only. */
    private final Optional<SocketOwners> owners;
    private final Channel listening;

    private AdminServer(ServerConfig.Admin config, Optional<AdminTls> tls, AdminRoutes routes, Duration patience)
            throws IOException {
        patienceWithStrangers = patience.compareTo(PATIENCE_WITH_STRANGERS) < 0 ? patience : PATIENCE_WITH_STRANGERS;
        owners = tls.isPresent() ? Optional.empty() : Optional.of(SocketOwners.open());
        var address = new InetSocketAddress(config.address().toInetAddress(), config.port());
        ChannelFuture bound = new ServerBootstrap().group(threads)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        initialize(channel, tls, routes, patience);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stopThreads();
            throw new IOException(
                    "the administration port cannot listen on " + config.address() + ":" + config.port() + ": "
                            + bound.cause().getMessage() + "; another adminAddress or adminPort would be right",
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

    private void initialize(SocketChannel channel, Optional<AdminTls> tls, AdminRoutes routes, Duration patience) {
        if (tls.isPresent() && !limits.admit(source(channel), isHere(channel), now())) {
            refuse(channel);
            return;
        }
        if (clients.size() >= MAX_CONNECTIONS && !makeRoom()) {
            tls.ifPresent(it -> limits.gone(source(channel)));
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            return;
        }
        clients.add(channel);
        if (tls.isPresent()) {
            SslHandler handshake = tls.get().current().newHandler(channel.alloc());
            handshake.setHandshakeTimeoutMillis(HANDSHAKE.toMillis());
            channel.pipeline().addLast(handshake);
            stranger(channel, handshake);
        }
        Caller caller = tls.isPresent() ? Caller.overTls(channel) : Caller.onLoopback(channel, owners.orElseThrow());
        channel.pipeline()
                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES), new FlowControlHandler(),
                        new AdminHandler(routes, patience, caller, tls.isEmpty()));
    }

    /** Until it has shown a certificate, which it does in the handshake or never. */
    private void stranger(SocketChannel channel, SslHandler handshake) {
        InetAddress source = source(channel);
        strangers.add(channel);
        var isStranger = new AtomicBoolean(true);
        channel.closeFuture().addListener(closed -> {
            strangers.remove(channel);
            if (isStranger.getAndSet(false)) {
                limits.gone(source);
            }
        });
        handshake.handshakeFuture().addListener(done -> {
            if (!done.isSuccess()) {
                return;
            }
            if (ClientCertificate.isPresent(channel)) {
                strangers.remove(channel);
                if (isStranger.getAndSet(false)) {
                    limits.known(source, now());
                }
            } else {
                Future<?> cut = channel.eventLoop()
                        .schedule(() -> channel.close(), patienceWithStrangers.toMillis(), TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(closed -> cut.cancel(false));
            }
        });
    }

    private static InetAddress source(SocketChannel channel) {
        return channel.remoteAddress().getAddress();
    }

    private static boolean isHere(SocketChannel channel) {
        return source(channel).equals(channel.localAddress().getAddress());
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** With a reset: a flood must leave nothing behind, nor wait for anything. */
    private static void refuse(SocketChannel channel) {
        channel.config().setSoLinger(0);
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
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
        owners.ifPresent(SocketOwners::close);
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
