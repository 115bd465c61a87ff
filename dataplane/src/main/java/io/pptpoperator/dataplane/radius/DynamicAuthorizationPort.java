package io.pptpoperator.dataplane.radius;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.RadiusException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** The UDP port for Disconnect-Requests and CoA-Requests, on the control loop. */
final class DynamicAuthorizationPort extends SimpleChannelInboundHandler<DatagramPacket> {
    private final DynamicAuthorization answers;
    private final Consumer<String> refused;

    private DynamicAuthorizationPort(DynamicAuthorization answers, Consumer<String> refused) {
        super(DatagramPacket.class);
        this.answers = answers;
        this.refused = refused;
    }

    /**
     * Opens it.
     *
     * @param refused is told why a datagram gets no answer
     * @param then is told the channel or, when the port cannot be had, null
     */
    static void open(EventLoop loop, InetSocketAddress address, DynamicAuthorization answers, Consumer<String> refused,
            Consumer<Channel> then) {
        new Bootstrap().group(loop)
                .channelFactory(SocketTransport.of(loop)::datagrams)
                .handler(new DynamicAuthorizationPort(answers, refused))
                .bind(address)
                .addListener((io.netty.channel.ChannelFuture bound) -> then
                        .accept(bound.isSuccess() ? bound.channel() : null));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        if (!(packet.sender().getAddress() instanceof Inet4Address from)) {
            return;
        }
        try {
            byte[] answer = answers.answer(ByteBufUtil.getBytes(packet.content()),
                    Ipv4Address.parse(from.getHostAddress()), packet.sender().getPort());
            context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(answer), packet.sender()),
                    context.voidPromise());
        } catch (RadiusException e) {
            refused.accept(packet.sender().getAddress().getHostAddress() + ": " + e.getMessage());
        }
    }

    /** An ICMP error about an answer that nobody took: the port goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refused.accept(cause.toString());
    }
}
