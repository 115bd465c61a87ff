package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFrameDecoderTest {

    /** What came out of a stream: its frames, and the message of the error that ended it. */
    private record Outcome(List<ControlFrame> frames, Optional<String> error) {}

    /** Feeds a stream as a socket would: in pieces, of which the decoder sees what it has not taken yet. */
    private static Outcome feed(byte[] stream, Random cuts) {
        var frames = new ArrayList<ControlFrame>();
        byte[] waiting = new byte[0];
        int fed = 0;
        try {
            while (fed < stream.length) {
                int piece = Math.min(stream.length - fed, 1 + cuts.nextInt(cuts.nextBoolean() ? 8 : 400));
                byte[] in = Arrays.copyOf(waiting, waiting.length + piece);
                System.arraycopy(stream, fed, in, waiting.length, piece);
                fed += piece;
                var buffer = ByteBuffer.wrap(in);
                for (var next = ControlFrameDecoder.next(buffer); next
                        .isPresent(); next = ControlFrameDecoder.next(buffer)) {
                    frames.add(next.get());
                }
                waiting = Arrays.copyOfRange(in, buffer.position(), in.length);
                assertThat(waiting.length).as("bytes kept").isLessThan(220);
            }
        } catch (ControlMessageException e) {
            return new Outcome(frames, Optional.of(e.getMessage()));
        }
        return new Outcome(frames, Optional.empty());
    }

    private static Outcome feed(String layout) {
        return feed(GoldenVectors.hex(layout), new Random(1));
    }

    @Property(tries = 300)
    @Domain(ControlArbitraries.class)
    @Domain(DomainContext.Global.class)
    void messagesComeOutWholeHoweverTheStreamIsCut(@ForAll @Size(max = 8) List<ControlMessage> messages,
            @ForAll long seed) {
        byte[] stream = ControlArbitraries.stream(messages);
        assertThat(feed(stream, new Random(seed))).isEqualTo(new Outcome(List.copyOf(messages), Optional.empty()));
    }

    @Provide
    Arbitrary<byte[]> hostileBytes() {
        return ControlArbitraries.hostileBytes();
    }

    @Property
    void theOutcomeOfAnyStreamDoesNotDependOnItsCuts(@ForAll("hostileBytes") byte[] stream, @ForAll long seed) {
        Outcome whole = feed(stream, new Random() {
            @Override
            public boolean nextBoolean() {
                return false;
            }

            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        });
        assertThat(feed(stream, new Random(seed))).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    0000                     | Length is 0 (0x0); 12 to 220 bytes would be right
                    000b                     | Length is 11 (0xb); 12 to 220 bytes would be right
                    00dd                     | Length is 221 (0xdd); 12 to 220 bytes would be right
                    ffff                     | Length is 65535 (0xffff); 12 to 220 bytes would be right
                    0010 0000                | PPTP Message Type is 0 (0x0); 1 for a control message would be right
                    0010 0003                | PPTP Message Type is 3 (0x3); 1 for a control message would be right
                    0010 0001 1a2b3c4e       | Magic Cookie is 439041102 (0x1a2b3c4e); 0x1a2b3c4d would be right
                    0010 0002 00000000       | Magic Cookie is 0 (0x0); 0x1a2b3c4d would be right
                    0010 0001 1a2b3c4d 0001  | Length is 16 (0x10); 156 bytes for Start-Control-Connection-Request would be right
                    009d 0001 1a2b3c4d 0001  | Length is 157 (0x9d); 156 bytes for Start-Control-Connection-Request would be right
                    000c 0001 1a2b3c4d 0005  | Length is 12 (0xc); 16 bytes for Echo-Request would be right
                    """)
    void aWrongHeaderIsRejectedAsSoonAsTheWrongFieldIsThere(String layout, String message) {
        assertThatThrownBy(() -> ControlFrameDecoder.next(ByteBuffer.wrap(GoldenVectors.hex(layout))))
                .isInstanceOf(ControlMessageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "\u0000\u0000\u0000\u0000"})
    void otherProtocolsAreRejectedAtTheirFirstBytes(String greeting) {
        Outcome outcome = feed(greeting.getBytes(StandardCharsets.ISO_8859_1), new Random(1));
        assertThat(outcome.frames()).isEmpty();
        assertThat(outcome.error()).isPresent();
    }

    @Test
    void aManagementMessageIsPassedOver() {
        assertThat(feed("0010 0002 1a2b3c4d 0001 0000 00000000 0010 0001 1a2b3c4d 0005 0000 00000007"))
                .isEqualTo(new Outcome(List.of(new SkippedMessage(2, 1, 16), new EchoRequest(7)), Optional.empty()));
    }

    @Test
    void aControlMessageOfUnknownTypeIsPassedOver() {
        assertThat(feed("000c 0001 1a2b3c4d 0010 0000 00dc 0001 1a2b3c4d ffff 0000 00*208"
                + " 0010 0001 1a2b3c4d 0005 0000 00000007"))
                .isEqualTo(new Outcome(
                        List.of(new SkippedMessage(1, 16, 12), new SkippedMessage(1, 65535, 220), new EchoRequest(7)),
                        Optional.empty()));
    }

    @Test
    void messagesBeforeAWrongOneAreDelivered() {
        Outcome outcome = feed("0010 0001 1a2b3c4d 0005 0000 00000007 0010 0001 deadbeef 0005 0000 00000007");
        assertThat(outcome.frames()).containsExactly(new EchoRequest(7));
        assertThat(outcome.error()).hasValueSatisfying(error -> assertThat(error).startsWith("Magic Cookie"));
    }

    @Test
    void nothingIsTakenWhileAMessageIsIncomplete() {
        var in = ByteBuffer.wrap(GoldenVectors.hex("0010 0001 1a2b3c4d 0005 0000 000000"));
        assertThat(ControlFrameDecoder.next(in)).isEmpty();
        assertThat(in.position()).isZero();
    }

    @Test
    void theLongestMessageIsAnIncomingCallRequest() {
        assertThat(Tuple.of(ControlMessageType.MAX_LENGTH, ControlMessageType.INCOMING_CALL_REQUEST.length()))
                .isEqualTo(Tuple.of(Arrays.stream(ControlMessageType.values())
                        .mapToInt(ControlMessageType::length)
                        .max()
                        .orElseThrow(), 220));
    }
}
