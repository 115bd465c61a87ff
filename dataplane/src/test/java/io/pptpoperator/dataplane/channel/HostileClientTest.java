package io.pptpoperator.dataplane.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pptpoperator.protocol.control.ActionText;
import io.pptpoperator.protocol.control.ControlAction;
import io.pptpoperator.protocol.control.ControlArbitraries;
import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.ControlMessageException;
import io.pptpoperator.protocol.control.GoldenVectors;
import io.pptpoperator.protocol.control.PacAction;
import io.pptpoperator.protocol.control.PacControlConnection;
import io.pptpoperator.protocol.control.PacSettings;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that break the rules, from their bytes to the server's bytes, as they would meet in a Netty pipeline. */
class HostileClientTest {

    private static final String START = "009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0000 00*128 ";
    private static final String CALL = "00a8 0001 1a2b3c4d 0007 0000 0009 0001 0000012c 05f5e100 00000003 00000003"
            + " 0040 0000 0000 0000 00*128 ";
    private static final String ECHO = "0010 0001 1a2b3c4d 0005 0000 00000005 ";
    private static final String START_WITHOUT_ITS_LAST_BYTE = START.replace("00*128", "00*127");

    /** The server's end of one TCP connection; its time stands still at 0 but for {@link #silence}. */
    private static final class Server extends SimpleChannelInboundHandler<ControlFrame> {

        private final PacControlConnection pac = new PacControlConnection(PacSettings.defaults("server"));
        private final EmbeddedChannel channel;
        private String reason = "";

        Server() {
            channel = new EmbeddedChannel(new ControlMessageDecoder(), new ControlMessageEncoder(), this);
            run(pac.connected(0));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ControlFrame frame) {
            run(pac.received(frame, 0));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
            run(pac.malformed((ControlMessageException) error.getCause()));
        }

        private void run(List<PacAction> actions) {
            for (PacAction action : actions) {
                switch (action) {
                    case ControlAction.Send send -> channel.writeOutbound(send.message());
                    case ControlAction.CloseConnection close -> reason = close.reason();
                    case PacAction.OpenCall open -> run(pac.acceptCall(7));
                    case ControlAction.CloseCall close -> {
                    }
                    case ControlAction.WanErrors errors -> {
                    }
                    case ControlAction.Note note -> {
                    }
                    case PacAction.Started started -> {
                    }
                    case PacAction.LinkInfo info -> {
                    }
                }
            }
        }

        void read(byte[] bytes) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        }

        /** Lets time pass until nothing is left to do. */
        void silence() {
            for (int i = 0; i < 10 && pac.deadline() != Long.MAX_VALUE; i++) {
                run(pac.tick(pac.deadline()));
            }
        }

        /** What was sent since the last time, and whether the connection still stands. */
        String answer() {
            var sent = new ArrayList<PacAction>();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                sent.add(new ControlAction.Send(ControlMessageCodec.decode(out.nioBuffer())));
                out.release();
            }
            return ActionText.of(sent) + (pac.state() == PacControlConnection.State.CLOSED ? " closed" : "");
        }
    }

    private static String answerTo(String layout) {
        var server = new Server();
        server.read(GoldenVectors.hex(layout));
        return server.answer();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            length 0 and an unknown type | 0000 0001 1a2b3c4d 0063 0000
            undersize                    | 000b 0001 1a2b3c4d 0005 00
            too short for its type       | 000c 0001 1a2b3c4d 0005 0000
            too long for its type        | 0014 0001 1a2b3c4d 0005 0000 00000005 00000000
            oversize                     | 00dd 0001 1a2b3c4d 0063 0000 00*209
            as long as can be            | ffff 0001 1a2b3c4d 0005 0000 00*1000
            bad magic                    | 0010 0001 deadbeef 0005 0000 00000005
            unknown message type         | 0010 0003 1a2b3c4d 0005 0000 00000005
            """)
    void malformedBytesCloseTheConnectionAtOnceWithoutAnAnswer(String name, String layout) {
        assertThat(answerTo(layout)).as(name).isEqualTo("- closed");
        assertThat(answerTo(START + CALL + layout)).as(name + " in a call")
                .isEqualTo("SCCRP(1/0), OCRP(7 for 9 1/0) closed");
    }

    @Test
    void severalMessagesInOneReadAreAllAnswered() {
        assertThat(answerTo(START + CALL + ECHO + ECHO))
                .isEqualTo("SCCRP(1/0), OCRP(7 for 9 1/0), EchoRP(5 1/0), EchoRP(5 1/0)");
    }

    @Test
    void oneMessageInManyReadsIsAnsweredOnce() {
        var server = new Server();
        for (byte b : GoldenVectors.hex(START_WITHOUT_ITS_LAST_BYTE)) {
            server.read(new byte[]{b});
            assertThat(server.answer()).isEqualTo("-");
        }
        server.read(new byte[1]);
        assertThat(server.answer()).isEqualTo("SCCRP(1/0)");
    }

    @Test
    void unknownAndManagementMessagesArePassedOver() {
        assertThat(answerTo("000c 0002 1a2b3c4d 0001 0000 " + START + "000c 0001 1a2b3c4d 0063 0000 " + ECHO))
                .isEqualTo("SCCRP(1/0), EchoRP(5 1/0)");
    }

    @Test
    void repeatedStartsAreRefusedAndTheConnectionLives() {
        assertThat(answerTo(START + START + CALL + START))
                .isEqualTo("SCCRP(1/0), SCCRP(3/0), OCRP(7 for 9 1/0), SCCRP(3/0)");
    }

    @Test
    void aSecondCallIsRefusedAndTheFirstLives() {
        assertThat(answerTo(START + CALL + CALL.replace("0009", "000a") + ECHO))
                .isEqualTo("SCCRP(1/0), OCRP(7 for 9 1/0), OCRP(0 for 10 7/0), EchoRP(5 1/0)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    ''        | - closed                                                   | the client did not open the control connection in time
                    half      | - closed                                                   | the client did not open the control connection in time
                    start     | SCCRP(1/0), StopRQ(1) closed                               | the client did not ask for a call in time
                    call      | SCCRP(1/0), OCRP(7 for 9 1/0), EchoRQ(1) closed            | the client is silent and did not answer an Echo-Request
                    call half | SCCRP(1/0), OCRP(7 for 9 1/0), EchoRQ(1) closed            | the client is silent and did not answer an Echo-Request
                    """)
    void aClientThatFallsSilentIsGivenUp(String before, String answer, String reason) {
        var server = new Server();
        server.read(GoldenVectors.hex(switch (before) {
            case "half" -> START_WITHOUT_ITS_LAST_BYTE;
            case "start" -> START;
            case "call" -> START + CALL;
            case "call half" -> START + CALL + "0010 0001 1a2b3c4d 0005 0000";
            default -> "00*0";
        }));
        server.silence();
        assertThat(server.answer()).isEqualTo(answer);
        assertThat(server.reason).isEqualTo(reason);
    }

    @Provide
    Arbitrary<List<byte[]>> reads() {
        return ControlArbitraries.hostileBytes().list().ofMinSize(1).ofMaxSize(5);
    }

    @Property(tries = 500)
    void noBytesDisturbAnotherClient(@ForAll("reads") List<byte[]> reads, @ForAll boolean inACall) {
        var attacked = new Server();
        var other = new Server();
        other.read(GoldenVectors.hex(START));
        if (inACall) {
            attacked.read(GoldenVectors.hex(START + CALL));
        }
        reads.forEach(attacked::read);
        other.read(GoldenVectors.hex(CALL + ECHO));
        attacked.silence();
        assertThat(attacked.answer()).endsWith(" closed");
        assertThat(other.answer()).isEqualTo("SCCRP(1/0), OCRP(7 for 9 1/0), EchoRP(5 1/0)");
    }

    @Test
    void afterTheEndNothingIsAnswered() {
        assertThat(answerTo(START + "0010 0001 1a2b3c4d 0003 0000 01 00 0000 " + ECHO + START))
                .isEqualTo("SCCRP(1/0), StopRP(1/0) closed");
    }
}
