package io.pptpoperator.dataplane.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.pptpoperator.protocol.control.CallClearRequest;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.EchoReply;
import io.pptpoperator.protocol.control.EchoRequest;
import io.pptpoperator.protocol.control.SetLinkInfo;
import io.pptpoperator.protocol.control.SkippedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The codec in a Netty pipeline. */
class ControlPipelineTest {

    private static final List<ControlMessage> MESSAGES = List.of(new EchoRequest(1), new SetLinkInfo(7, -1, -1),
            new EchoReply(1, 1, 0), new CallClearRequest(9));

    private final EmbeddedChannel channel = new EmbeddedChannel(new ControlMessageDecoder(),
            new ControlMessageEncoder(), new ReadWhileWritable());

    private static ByteBuf bytes(ControlMessage... messages) {
        ByteBuf buffer = Unpooled.buffer();
        for (ControlMessage message : messages) {
            buffer.writeBytes(ControlMessageCodec.encode(message));
        }
        return buffer;
    }

    private List<Object> received() {
        var received = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            received.add(next);
        }
        return received;
    }

    @Property(tries = 200)
    void messagesArriveHoweverTheStreamIsCut(@ForAll long seed) {
        var random = new Random(seed);
        ByteBuf stream = bytes(MESSAGES.toArray(ControlMessage[]::new));
        while (stream.isReadable()) {
            channel.writeInbound(stream.readRetainedSlice(Math.min(stream.readableBytes(), 1 + random.nextInt(40))));
        }
        stream.release();
        assertThat(received()).isEqualTo(MESSAGES);
    }

    @Test
    void manyMessagesArriveInOneRead() {
        channel.writeInbound(bytes(MESSAGES.toArray(ControlMessage[]::new)));
        assertThat(received()).isEqualTo(MESSAGES);
    }

    @Test
    void messagesLeaveAsTheirBytes() {
        channel.writeOutbound(new CallClearRequest(64234));
        ByteBuf out = channel.readOutbound();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("001000011a2b3c4d000c0000faea0000");
        out.release();
    }

    @Test
    void unknownMessagesArriveAsSkipped() {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("000c00021a2b3c4d00010000")),
                bytes(new EchoRequest(1)));
        assertThat(received()).containsExactly(new SkippedMessage(2, 1, 12), new EchoRequest(1));
    }

    @Test
    void aWrongByteEndsTheStreamAfterTheMessagesBeforeIt() {
        ByteBuf stream = bytes(new EchoRequest(1)).writeBytes("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> channel.writeInbound(stream)).isInstanceOf(DecoderException.class)
                .hasCauseInstanceOf(ControlMessageException.class)
                .hasMessageContaining("Length is 18245");
        assertThat(received()).containsExactly(new EchoRequest(1));
    }

    @Test
    void nothingIsDecodedAfterAWrongByteAndOneErrorIsEnough() {
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(new byte[2])))
                .isInstanceOf(DecoderException.class);
        assertThat(channel.writeInbound(bytes(new EchoRequest(1)))).isFalse();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void aPeerThatDoesNotReadIsNotReadFrom() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
        assertThat(channel.write(new EchoRequest(1)).cause()).isNull();
        assertThat(channel.config().isAutoRead()).isTrue();
        while (channel.isWritable()) {
            assertThat(channel.write(new EchoRequest(2)).cause()).isNull();
        }
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.flushOutbound();
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.releaseOutbound();
    }
}
