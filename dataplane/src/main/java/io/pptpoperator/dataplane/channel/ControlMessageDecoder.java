package io.pptpoperator.dataplane.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlFrameDecoder;
import io.pptpoperator.protocol.control.ControlMessageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Turns bytes into {@link ControlFrame}s. The first wrong byte ends the stream: the frames before it are passed on,
 * then {@code exceptionCaught} is called once with a {@link DecoderException} whose cause is the
 * {@link ControlMessageException}, and everything that follows is dropped. At most one incomplete message is kept.
 */
public final class ControlMessageDecoder extends ByteToMessageDecoder {

    private boolean failed;

    /** What has come of a message that is not complete yet: a copy. */
    public byte[] undecoded() {
        ByteBuf kept = internalBuffer();
        byte[] bytes = new byte[actualReadableBytes()];
        kept.getBytes(kept.readerIndex(), bytes);
        return bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        ByteBuffer bytes = in.nioBuffer();
        try {
            Optional<ControlFrame> frame = ControlFrameDecoder.next(bytes);
            in.skipBytes(bytes.position());
            frame.ifPresent(out::add);
        } catch (ControlMessageException e) {
            failed = true;
            in.skipBytes(in.readableBytes());
            throw new DecoderException(e);
        }
    }
}
