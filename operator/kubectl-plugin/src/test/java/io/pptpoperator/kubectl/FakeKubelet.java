package io.pptpoperator.kubectl;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.OperatorPki;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * What the API server asks a node's kubelet for on behalf of people: containers' logs, and ports of pods over WebSocket
 * (subprotocol v4.channel.k8s.io: a byte in front of each message says whether it is data or an error).
 */
final class FakeKubelet implements AutoCloseable {

    private static final byte DATA = 0;
    private static final int MAX_REQUEST = 64 << 10;

    private final KubernetesClient client;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Map<String, String> logs = new ConcurrentHashMap<>();
    private final Channel listener;

    /** A kubelet for all nodes, which share this machine. */
    FakeKubelet(KubernetesClient client) throws SSLException {
        this.client = client;
        SslContext tls = tls();
        listener = new ServerBootstrap().group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()), new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_REQUEST), new Requests());
                    }
                })
                .bind(0)
                .syncUninterruptibly()
                .channel();
    }

    private static SslContext tls() throws SSLException {
        var random = new SecureRandom();
        Identity identity = OperatorPki.of(Map.of(), Instant.now(), random)
                .server(new Identity("", ""), "kubelet", Instant.now(), random);
        return SslContextBuilder.forServer(stream(identity.certificate()), stream(identity.key())).build();
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Makes the API server ask this kubelet about a node's pods. */
    void serve(String node) {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        client.nodes()
                .withName(node)
                .editStatus(it -> new NodeBuilder(it).editOrNewStatus()
                        .withNewDaemonEndpoints()
                        .withNewKubeletEndpoint(port)
                        .endDaemonEndpoints()
                        .endStatus()
                        .build());
    }

    /** Sets what a pod has logged. */
    void setLog(String pod, String text) {
        logs.put(pod, text);
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            var uri = new QueryStringDecoder(request.uri());
            String[] path = uri.path().split("/", -1);
            switch (path[1]) {
                case "containerLogs" -> answer(context, logs.getOrDefault(path[3], ""));
                case "portForward" -> forward(context, request, path[2], path[3]);
                default -> throw new IllegalArgumentException(request.uri());
            }
        }

        private void answer(ChannelHandlerContext context, String text) {
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                    Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            HttpUtil.setContentLength(response, response.content().readableBytes());
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }

        private void forward(ChannelHandlerContext context, FullHttpRequest request, String namespace, String name) {
            int port = Integer.parseInt(new QueryStringDecoder(request.uri()).parameters()
                    .getOrDefault("port", new QueryStringDecoder(request.uri()).parameters().get("ports"))
                    .getFirst());
            Pod pod = client.pods().inNamespace(namespace).withName(name).get();
            WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory("wss://kubelet" + request.uri(),
                    "v4.channel.k8s.io", true, MAX_REQUEST).newHandshaker(request);
            Channel caller = context.channel();
            Channel target = new Bootstrap().group(caller.eventLoop())
                    .channel(NioSocketChannel.class)
                    .handler(new FromPod(caller))
                    .connect(pod.getStatus().getPodIP(), port)
                    .channel();
            context.pipeline().addLast(new ToPod(target));
            handshaker.handshake(caller, request).addListener(done -> {
                context.pipeline().remove(Requests.this);
                for (byte channel = 0; channel < 2; channel++) {
                    caller.write(new BinaryWebSocketFrame(Unpooled.buffer().writeByte(channel).writeShortLE(port)));
                }
                caller.flush();
            });
        }
    }

    /** Data messages of the caller, without their first byte. */
    private static final class ToPod extends SimpleChannelInboundHandler<WebSocketFrame> {

        private final Channel target;

        ToPod(Channel target) {
            this.target = target;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame && frame.content().readByte() == DATA) {
                ByteBuf data = frame.content().retain();
                // In its order behind the connection.
                target.eventLoop().execute(() -> target.writeAndFlush(data));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            target.close();
        }
    }

    private static final class FromPod extends ChannelInboundHandlerAdapter {

        private final Channel caller;

        FromPod(Channel caller) {
            this.caller = caller;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            caller.writeAndFlush(new BinaryWebSocketFrame(Unpooled.buffer().writeByte(DATA).writeBytes(data)));
            ReferenceCountUtil.release(data);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            caller.close();
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
