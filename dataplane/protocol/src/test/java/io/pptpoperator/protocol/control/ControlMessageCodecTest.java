package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ControlMessageCodecTest {

    static List<GoldenVectors.Vector> vectors() {
        return GoldenVectors.ALL;
    }

    record Captured(String capture, String frame, String sender, String hex) {

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return capture + " frame " + frame + " from " + sender;
        }
    }

    static List<Captured> capturedMessages() throws IOException {
        try (var in = ControlMessageCodecTest.class.getResourceAsStream("captured-messages.txt");
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .map(words -> new Captured(words[0], words[1], words[2], words[3]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void goldenVectorDecodes(GoldenVectors.Vector vector) {
        assertThat(ControlMessageCodec.decode(ByteBuffer.wrap(vector.bytes()))).isEqualTo(vector.message());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void goldenVectorEncodes(GoldenVectors.Vector vector) {
        assertThat(ControlMessageCodec.encode(vector.message())).asHexString()
                .isEqualTo(HexFormat.of().withUpperCase().formatHex(vector.bytes()));
    }

    @Test
    void everyTypeHasAGoldenVector() {
        assertThat(GoldenVectors.ALL.stream().map(vector -> vector.message().type()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(ControlMessageType.values());
    }

    @ParameterizedTest
    @MethodSource("capturedMessages")
    void capturedMessageDecodesAndEncodesToTheSameBytes(Captured captured) {
        ControlMessage message = ControlMessageCodec.decode(ByteBuffer.wrap(captured.bytes()));
        assertThat(ControlMessageCodec.encode(message)).isEqualTo(captured.bytes());
    }

    @Test
    void capturedCallIsUnderstood() throws IOException {
        var messages = capturedMessages().stream()
                .filter(line -> line.capture().equals("mschapv2-mppe128"))
                .map(line -> ControlMessageCodec.decode(ByteBuffer.wrap(line.bytes())))
                .toList();
        var local = new TextField("local");
        assertThat(messages).containsExactly(
                new StartControlConnectionRequest(0x0100, 3, 3, 0xffff, 1, local, new TextField("cananian")),
                new StartControlConnectionReply(0x0100, 1, 0, 0, 0, 1, 1, local, new TextField("linux")),
                new OutgoingCallRequest(53793, 0, 2400, 10_000_000, 3, 3, 3, 0, TextField.EMPTY, TextField.EMPTY),
                new OutgoingCallReply(0, 53793, 1, 0, 0, 10_000_000, 3, 0, 0), new CallClearRequest(53793));
    }

    @Property
    @Domain(ControlArbitraries.class)
    void everyMessageComesBackFromItsBytes(@ForAll ControlMessage message) {
        byte[] bytes = ControlMessageCodec.encode(message);
        assertThat(bytes).hasSize(message.type().length());
        var in = ByteBuffer.wrap(bytes);
        assertThat(ControlMessageCodec.decode(in)).isEqualTo(message);
        assertThat(in.hasRemaining()).isFalse();
    }

    @Property
    @Domain(ControlArbitraries.class)
    @Domain(DomainContext.Global.class)
    void everyMessageCutShortIsDeclaredWrong(@ForAll ControlMessage message, @ForAll int cut) {
        byte[] bytes = ControlMessageCodec.encode(message);
        byte[] shorter = Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length));
        assertThatThrownBy(() -> ControlMessageCodec.decode(ByteBuffer.wrap(shorter)))
                .isInstanceOf(ControlMessageException.class)
                .hasMessageStartingWith("Length is ");
    }

    @Provide
    Arbitrary<byte[]> hostileBytes() {
        return ControlArbitraries.hostileBytes();
    }

    @Property
    void anyBytesAreAMessageOrDeclaredWrong(@ForAll("hostileBytes") byte[] bytes) {
        Throwable thrown = catchThrowable(() -> {
            ControlMessage message = ControlMessageCodec.decode(ByteBuffer.wrap(bytes));
            assertThat(ControlMessageCodec.decode(ByteBuffer.wrap(ControlMessageCodec.encode(message))))
                    .isEqualTo(message);
        });
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(ControlMessageException.class).hasMessageEndingWith("would be right");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0010 0001 1a2b3c4d 000c 0000 faea 0000 00 | Length               | 16
            0010 0001 1a2b3c4d 000c 0000 faea         | Length               | 16
            0010 0002 1a2b3c4d 000c 0000 faea 0000    | PPTP Message Type    | 2
            0010 0003 1a2b3c4d 000c 0000 faea 0000    | PPTP Message Type    | 3
            0010 0001 4d3c2b1a 000c 0000 faea 0000    | Magic Cookie         | 1295788826
            0010 0001 1a2b3c4d 0010 0000 faea 0000    | Control Message Type | 16
            0010 0001 1a2b3c4d 0000 0000 faea 0000    | Control Message Type | 0
            0010 0001 1a2b3c4d 000d 0000 faea 0000    | Length               | 16
            000b 0001 1a2b3c4d 000c 00                | Length               | 11
            """)
    void aWrongFieldIsNamedWithItsValue(String layout, String field, long value) {
        assertThatThrownBy(() -> ControlMessageCodec.decode(ByteBuffer.wrap(GoldenVectors.hex(layout))))
                .isInstanceOfSatisfying(ControlMessageException.class, e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.value()).isEqualTo(value);
                });
    }

    @Test
    void aNumberThatDoesNotFitIsNotSent() {
        assertThatThrownBy(() -> ControlMessageCodec.encode(new CallClearRequest(65536)))
                .isInstanceOf(ControlMessageException.class)
                .hasMessage("Call ID is 65536 (0x10000); 0 to 65535 would be right");
        assertThatThrownBy(() -> ControlMessageCodec.encode(new StopControlConnectionRequest(-1)))
                .isInstanceOf(ControlMessageException.class);
        assertThatThrownBy(() -> ControlMessageCodec.encode(new IncomingCallConnected(1, 0x1_0000_0000L, 0, 0, 0)))
                .hasMessageContaining("Connect Speed");
    }

    @Test
    void reservedFieldsOfTheClientAreIgnored() {
        assertThat(ControlMessageCodec
                .decode(ByteBuffer.wrap(GoldenVectors.hex("0010 0001 1a2b3c4d 000c ffff faea ffff"))))
                .isEqualTo(new CallClearRequest(64234));
    }

    @Test
    void textOfFullLengthNeedsNoNul() {
        var full = new TextField("x".repeat(64));
        var request = new StartControlConnectionRequest(0x0100, 1, 1, 0, 0, full, full);
        assertThat(ControlMessageCodec.decode(ByteBuffer.wrap(ControlMessageCodec.encode(request)))).isEqualTo(request);
    }

    @Test
    void textThatIsTooLongIsCutOff() {
        var request = new OutgoingCallRequest(1, 1, 0, 0, 0, 0, 0, 0, new TextField("1".repeat(65)), TextField.EMPTY);
        byte[] bytes = ControlMessageCodec.encode(request);
        assertThat(Arrays.copyOfRange(bytes, 36, 38)).containsExactly(0, 64);
        assertThat(((OutgoingCallRequest) ControlMessageCodec.decode(ByteBuffer.wrap(bytes))).phoneNumber().value())
                .isEqualTo("1".repeat(64));
    }

    @Test
    void textEndsAtTheFirstNulAndIsEscapedForLogs() {
        assertThat(TextField.read(new byte[]{'a', (byte) 0xe9, '\n', '"', 0, 'z'})).isEqualTo(new TextField("aé\n\""))
                .hasToString("\"a\\xe9\\x0a\\x22\"");
        assertThat(new TextField("ж").value()).isEqualTo("?");
        assertThat(new TextField("a\0b")).isEqualTo(new TextField("a"));
    }
}
