package io.pptpoperator.dataplane.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A port for the kubelet alone: {@code /healthz} and {@code /readyz} over plain HTTP, on a thread of their own, so that
 * no flood of the administration port's TLS makes a probe fail. Whoever else connects gets no more than that, and not
 * for long.
 */
public final class ProbeServer implements AutoCloseable {

    static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REQUEST_BYTES = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("probes", true),
            NioIoHandler.newFactory());
    /** Oldest first; on the one thread. */
    private final Queue<Channel> open = new ArrayDeque<>();
    private final Channel listening;

    private ProbeServer(InetSocketAddress address, AdminRoutes routes) throws IOException {
        ChannelFuture bound = new ServerBootstrap().group(thread)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        makeRoom();
                        open.add(channel);
                        channel.closeFuture().addListener(closed -> open.remove(channel));
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST_BYTES),
                                        new FlowControlHandler(),
                                        new AdminHandler(routes, PATIENCE, Caller.ofProbes(), false));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stopThread();
            throw new IOException("the port for probes cannot listen on " + address.getHostString() + ":"
                    + address.getPort() + ": " + bound.cause().getMessage()
                    + "; another address or port in --probes (PPTP_PROBES; spec.probePort of a PptpServer) would be right",
                    bound.cause());
        }
        listening = bound.channel();
    }

    /**
     * Starts listening.
     *
     * @throws IOException when the address is taken or not of this machine
     */
    public static ProbeServer start(InetSocketAddress address, AdminControl control) throws IOException {
        return new ProbeServer(address, new AdminRoutes(control, () -> ""));
    }

    /** A probe takes a moment: the oldest has had its time. */
    private void makeRoom() {
        if (open.size() >= MAX_CONNECTIONS) {
            open.remove().close();
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Stops listening and disconnects whoever is there. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        stopThread();
    }

    private void stopThread() {
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
