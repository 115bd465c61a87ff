package io.pptpoperator.dataplane.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;

/** Turns {@link ControlMessage}s into bytes. */
@Sharable
public final class ControlMessageEncoder extends MessageToByteEncoder<ControlMessage> {

    /** An encoder for any number of channels. */
    public ControlMessageEncoder() {
        super(ControlMessage.class);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ControlMessage message, ByteBuf out) {
        out.writeBytes(ControlMessageCodec.encode(message));
    }
}
