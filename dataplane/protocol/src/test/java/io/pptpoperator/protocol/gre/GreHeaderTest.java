package io.pptpoperator.protocol.gre;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreHeaderTest {

    private static ByteBuffer packet(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return ByteBuffer.allocateDirect(bytes.length + 3).put(3, bytes);
    }

    private static int validate(ByteBuffer packet) {
        return GreHeader.validate(packet, 3, packet.capacity() - 3);
    }

    @Test
    void readsDataWithAcknowledgment() {
        var packet = packet("3081 880b 0004 1234 00000007 fffffffe ff03c021");
        assertThat(validate(packet)).isEqualTo(16);
        assertThat(GreHeader.callId(packet, 3)).isEqualTo(0x1234);
        assertThat(GreHeader.payloadLength(packet, 3)).isEqualTo(4);
        assertThat(GreHeader.hasSequence(packet, 3)).isTrue();
        assertThat(GreHeader.sequence(packet, 3)).isEqualTo(7);
        assertThat(GreHeader.hasAck(packet, 3)).isTrue();
        assertThat(GreHeader.ack(packet, 3)).isEqualTo(-2);
    }

    @Test
    void readsAnAcknowledgmentInThePlaceOfTheSequenceNumber() {
        var packet = packet("2081 880b 0000 ffff 00000009");
        assertThat(validate(packet)).isEqualTo(12);
        assertThat(GreHeader.hasSequence(packet, 3)).isFalse();
        assertThat(GreHeader.ack(packet, 3)).isEqualTo(9);
        assertThat(GreHeader.callId(packet, 3)).isEqualTo(0xFFFF);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                                          TRUNCATED
            3081 880b 0000 12,                           TRUNCATED
            3081 880b 0000 1234 00000000 000000,         TRUNCATED
            3001 880b 0000 1234 000000,                  TRUNCATED
            3080 880b 0000 1234 00000000 00000000,       VERSION
            3082 880b 0000 1234 00000000 00000000,       VERSION
            3081 0800 0000 1234 00000000 00000000,       PROTOCOL
            1081 880b 0000 1234 00000000 00000000,       KEY_MISSING
            b081 880b 0000 1234 00000000 00000000,       FLAGS
            7081 880b 0000 1234 00000000 00000000,       FLAGS
            3881 880b 0000 1234 00000000 00000000,       FLAGS
            3181 880b 0000 1234 00000000 00000000,       FLAGS
            3481 880b 0000 1234 00000000 00000000,       FLAGS
            3089 880b 0000 1234 00000000 00000000,       FLAGS
            30c1 880b 0000 1234 00000000 00000000,       FLAGS
            3001 880b 0005 1234 00000000 ff03c021,       PAYLOAD_LENGTH
            2081 880b 0004 1234 00000000 ff03c021,       SEQUENCE_MISSING
            2001 880b 0000 1234 00000000,                EMPTY
            """)
    void namesWhatIsWrong(String hex, GreFault fault) {
        assertThat(GreFault.of(validate(packet(hex)))).isEqualTo(fault);
    }

    @Test
    void toleratesBytesAfterThePayload() {
        assertThat(validate(packet("3001 880b 0002 1234 00000000 c021 000000000000"))).isEqualTo(12);
        assertThat(validate(packet("2081 880b 0000 1234 00000000 000000000000"))).isEqualTo(12);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll @IntRange(max = 0xFFFF) int callId,
            @ForAll @IntRange(max = 1000) int payloadLength, @ForAll int sequence, @ForAll int ack) {
        var packet = ByteBuffer.allocateDirect(1020);

        assertThat(GreHeader.writeData(packet, 3, callId, payloadLength, sequence)).isEqualTo(12);
        assertThat(GreHeader.validate(packet, 3, 12 + payloadLength)).isEqualTo(12);
        assertThat(GreHeader.callId(packet, 3)).isEqualTo(callId);
        assertThat(GreHeader.payloadLength(packet, 3)).isEqualTo(payloadLength);
        assertThat(GreHeader.sequence(packet, 3)).isEqualTo(sequence);
        assertThat(GreHeader.hasAck(packet, 3)).isFalse();

        assertThat(GreHeader.writeDataWithAck(packet, 3, callId, payloadLength, sequence, ack)).isEqualTo(16);
        assertThat(GreHeader.validate(packet, 3, 16 + payloadLength)).isEqualTo(16);
        assertThat(GreHeader.sequence(packet, 3)).isEqualTo(sequence);
        assertThat(GreHeader.ack(packet, 3)).isEqualTo(ack);

        assertThat(GreHeader.writeAck(packet, 3, callId, ack)).isEqualTo(12);
        assertThat(GreHeader.validate(packet, 3, 12)).isEqualTo(12);
        assertThat(GreHeader.callId(packet, 3)).isEqualTo(callId);
        assertThat(GreHeader.ack(packet, 3)).isEqualTo(ack);
        assertThat(GreHeader.hasSequence(packet, 3)).isFalse();
    }

    @Property
    void randomBytesAreAcceptedWithinBoundsOrExplained(@ForAll @Size(max = 24) byte[] bytes,
            @ForAll boolean plausible) {
        var packet = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        if (plausible && bytes.length >= 4) {
            packet.putInt(0, packet.getInt(0) & 0x1080_0000 | 0x2001_880B);
        }
        int result = GreHeader.validate(packet, 0, bytes.length);
        if (result < 0) {
            assertThat(GreFault.of(result)).isNotNull();
        } else {
            assertThat(result + GreHeader.payloadLength(packet, 0)).isLessThanOrEqualTo(bytes.length);
        }
    }
}
