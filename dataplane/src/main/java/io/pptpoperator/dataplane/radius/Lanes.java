package io.pptpoperator.dataplane.radius;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.PromiseNotifier;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** The lanes to one server for one purpose: as many as its requests need, within bounds. Of the control loop's thread. */
final class Lanes {
    /** 4,096 requests under way. */
    private static final int MOST_SOCKETS = 16;
    private static final int MOST_CONNECTIONS = 4;
    private static final int CONNECT_MILLIS = 5_000;

    private final EventLoop loop;
    private final InetSocketAddress address;
    private final Optional<RadiusServer.Tls> tls;
    private final Runnable unexpected;
    private final List<Lane> lanes = new ArrayList<>();

    Lanes(EventLoop loop, InetSocketAddress address, Optional<RadiusServer.Tls> tls, Runnable unexpected) {
        this.loop = loop;
        this.address = address;
        this.tls = tls;
        this.unexpected = unexpected;
    }

    /** One with a free identifier; empty when all that may be are full. */
    Optional<Lane> withRoom() {
        lanes.removeIf(Lane::isClosed);
        for (Lane lane : lanes) {
            if (lane.hasRoom()) {
                return Optional.of(lane);
            }
        }
        if (lanes.size() >= (tls.isPresent() ? MOST_CONNECTIONS : MOST_SOCKETS)) {
            return Optional.empty();
        }
        Lane lane = new Lane(unexpected);
        tls.ifPresentOrElse(it -> connect(lane, it), () -> bind(lane));
        lanes.add(lane);
        return Optional.of(lane);
    }

    /** A connected socket: the kernel takes datagrams of nobody else. */
    private void bind(Lane lane) {
        ChannelFuture connected = new Bootstrap().group(loop)
                .channelFactory(SocketTransport.of(loop)::datagrams)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new MessageToMessageDecoder<DatagramPacket>() {
                            @Override
                            protected void decode(ChannelHandlerContext context, DatagramPacket packet,
                                    List<Object> out) {
                                out.add(packet.content().retain());
                            }
                        }, lane);
                    }
                })
                .connect(address);
        lane.open(connected.channel(), connected);
    }

    private void connect(Lane lane, RadiusServer.Tls to) {
        SSLEngine engine = to.context().newEngine(ByteBufAllocator.DEFAULT, to.serverName(), address.getPort());
        SSLParameters parameters = engine.getSSLParameters();
        // Without it any certificate of a trusted authority would do, whoever's it is.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        ChannelFuture connected = new Bootstrap().group(loop)
                .channelFactory(SocketTransport.of(loop)::connecting)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(handler, new LengthFieldBasedFrameDecoder(RadiusPacket.LONGEST, 2, 2, -4, 0),
                                        lane);
                    }
                })
                .connect(address);
        var ready = loop.<Object>newPromise();
        connected.addListener(it -> {
            if (it.isSuccess()) {
                Future<Channel> handshake = handler.handshakeFuture();
                handshake.addListener(new PromiseNotifier<>(ready));
            } else {
                ready.tryFailure(it.cause());
            }
        });
        lane.open(connected.channel(), ready);
    }

    void close() {
        List.copyOf(lanes).forEach(Lane::close);
        lanes.clear();
    }
}
