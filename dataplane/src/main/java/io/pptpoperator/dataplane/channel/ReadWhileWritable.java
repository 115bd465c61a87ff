package io.pptpoperator.dataplane.channel;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stops reading from a peer that does not read our replies, so that those cannot pile up in memory. Such a peer looks
 * silent from then on, and the keep-alive gives it up.
 */
@Sharable
public final class ReadWhileWritable extends ChannelInboundHandlerAdapter {

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }
}
