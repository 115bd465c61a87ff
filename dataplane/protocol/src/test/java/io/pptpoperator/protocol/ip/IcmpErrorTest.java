package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpErrorTest {
    private static final byte[] NONE = new byte[0];
    private static final int ROUTER = 0xC0A8_0A01;

    private final ByteBuffer target = ByteBuffer.allocateDirect(700);

    private static boolean mayAnswer(byte[] packet) {
        return IcmpError.mayAnswer(Packets.direct(packet, 2), 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 500, 520, 521, 1460})
    void tellsTheSenderWhatWouldFitAndQuotesItsPacket(int length) {
        byte[] packet = Packets.tcpPacket(3, Packets.DF, 1, Packets.ACK, NONE, new byte[length]);
        int written = IcmpError.fragmentationNeeded(target, 4, Packets.direct(packet, 2), 2, ROUTER, 1356);
        byte[] message = Packets.bytes(target, 4, written);
        assertThat(message.length).isEqualTo(Math.min(576, packet.length + 28));
        assertThat(Packets.wellFormed(message)).isTrue();
        var buffer = ByteBuffer.wrap(message);
        assertThat(buffer.get(1) & 0xFF).isEqualTo(0xC0);
        assertThat(buffer.get(9)).isEqualTo((byte) 1);
        assertThat(buffer.getInt(12)).isEqualTo(ROUTER);
        assertThat(buffer.getInt(16)).isEqualTo(Packets.SERVER);
        byte[] icmp = Packets.payload(message);
        assertThat(Packets.sum(icmp)).isEqualTo(0xFFFF);
        assertThat(Arrays.copyOf(icmp, 2)).containsExactly(3, 4);
        assertThat(buffer.getInt(24)).isEqualTo(1356);
        assertThat(Arrays.copyOfRange(icmp, 8, icmp.length)).isEqualTo(Arrays.copyOf(packet, icmp.length - 8));
    }

    @Test
    void saysThatSomethingIsProhibited() {
        byte[] packet = Packets.udpPacket(3, 0, new byte[30]);
        int written = IcmpError.prohibited(target, 0, Packets.direct(packet, 2), 2, ROUTER);
        byte[] icmp = Packets.payload(Packets.bytes(target, 0, written));
        assertThat(Arrays.copyOf(icmp, 2)).containsExactly(3, 13);
        assertThat(Arrays.copyOfRange(icmp, 4, 8)).containsExactly(0, 0, 0, 0);
        assertThat(Packets.sum(icmp)).isEqualTo(0xFFFF);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "8, true", "13, true", "3, false", "4, false", "5, false", "11, false", "12, false",
            "200, false"})
    void errorsAreNotSentAboutErrors(int type, boolean answered) {
        byte[] icmp = {(byte) type, 0, 0, 0, 0, 0, 0, 0};
        assertThat(mayAnswer(Packets.ip(Packets.SERVER, Packets.CLIENT, 1, 1, 0, NONE, icmp))).isEqualTo(answered);
    }

    @Test
    void nothingIsSentAboutAnIcmpMessageWithoutType() {
        assertThat(mayAnswer(Packets.ip(Packets.SERVER, Packets.CLIENT, 1, 1, 0, NONE, NONE))).isFalse();
    }

    @Test
    void onlyTheFirstFragmentIsAnswered() {
        assertThat(mayAnswer(Packets.ip(Packets.SERVER, Packets.CLIENT, 17, 1, Packets.MF, NONE, NONE))).isTrue();
        assertThat(mayAnswer(Packets.ip(Packets.SERVER, Packets.CLIENT, 17, 1, 4, NONE, NONE))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "127, 10", "224, 10", "255, 10", "10, 224", "10, 239", "10, 255"})
    void onlyOneHostTalkingToOneHostIsAnswered(int source, int destination) {
        byte[] packet = Packets.ip(source << 24 | 1, destination << 24 | 1, 17, 1, 0, NONE, NONE);
        assertThat(mayAnswer(packet)).isFalse();
        assertThat(IcmpError.fragmentationNeeded(target, 0, Packets.direct(packet, 2), 2, ROUTER, 1000)).isZero();
        assertThat(IcmpError.prohibited(target, 0, Packets.direct(packet, 2), 2, ROUTER)).isZero();
    }
}
