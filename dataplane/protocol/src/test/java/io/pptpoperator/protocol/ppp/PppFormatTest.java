package io.pptpoperator.protocol.ppp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PppFormatTest {

    @ParameterizedTest
    @CsvSource({"ff03c0210101, c021, 0101", "c0210101, c021, 0101", "ff0300214500, 0021, 4500", "00214500, 0021, 4500",
            "ff03214500, 0021, 4500", "214500, 0021, 4500", "fd9000, 00fd, 9000", "c021, c021, ''", "21, 0021, ''",
            "ff0321, 0021, ''", "ff, 00ff, ''"})
    void readsAllFourKindsOfHeader(String frame, String protocol, String information) {
        PppFrame decoded = PppFrame.decode(hex(frame));
        assertThat(decoded.protocol()).isEqualTo(Integer.parseInt(protocol, 16));
        assertThat(decoded.information()).isEqualTo(hex(information));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ff03", "c0", "ff03c0", "00"})
    void frameThatEndsInItsHeaderIsReported(String frame) {
        assertThatThrownBy(() -> PppFrame.decode(hex(frame))).isInstanceOf(PppPacketException.class)
                .hasMessageContaining("ends before its protocol number");
        ByteBuffer buffer = ByteBuffer.wrap(hex(frame));
        assertThat(PppFrame.protocolAt(buffer, 0, buffer.limit())).isEqualTo(-1);
        assertThat(PppFrame.informationOffset(buffer, 0, buffer.limit())).isEqualTo(-1);
    }

    @Test
    void lcpIsNeverCompressed() {
        byte[] information = {1, 2};
        assertThat(new PppFrame(PppProtocol.LCP, information).encode(true, true)).isEqualTo(hex("ff03c0210102"));
        assertThat(new PppFrame(PppProtocol.IPCP, information).encode(true, true)).isEqualTo(hex("80210102"));
        assertThat(new PppFrame(PppProtocol.IPCP, information).encode(false, true)).isEqualTo(hex("ff0380210102"));
        assertThat(new PppFrame(PppProtocol.IPV4, information).encode(true, true)).isEqualTo(hex("210102"));
        assertThat(new PppFrame(PppProtocol.IPV4, information).encode(true, false)).isEqualTo(hex("00210102"));
    }

    @Property
    void headerWrittenInTheDatapathIsReadBack(@ForAll boolean acfc, @ForAll boolean pfc, @ForAll boolean control,
            @ForAll @IntRange(max = 5) int offset) {
        int protocol = control ? PppProtocol.CCP : PppProtocol.COMPRESSED;
        ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        int information = PppFrame.putHeader(buffer, offset, protocol, acfc, pfc);
        assertThat(information - offset).isEqualTo(PppFrame.headerLength(protocol, acfc, pfc));
        assertThat(PppFrame.protocolAt(buffer, offset, 16)).isEqualTo(protocol);
        assertThat(PppFrame.informationOffset(buffer, offset, 16)).isEqualTo(information);
        assertThat(PppFrame.informationOffset(buffer, offset, information)).isEqualTo(information);
        assertThat(buffer.position()).isZero();
    }

    @Property
    void anyBytesAreAFrameOrTheDeclaredException(@ForAll @Size(max = 8) byte[] bytes) {
        try {
            PppFrame frame = PppFrame.decode(bytes);
            assertThat(frame.information().length).isLessThan(bytes.length);
        } catch (PppPacketException e) {
            assertThat(e).hasMessageContaining(bytes.length + " bytes");
        }
    }

    @Property
    void controlPacketsRoundTripWhateverPaddingFollows(@ForAll @IntRange(max = 255) int code,
            @ForAll @IntRange(max = 255) int id, @ForAll @Size(max = 40) byte[] data,
            @ForAll @IntRange(max = 9) int padding) {
        ControlPacket packet = new ControlPacket(code, id, data);
        byte[] wire = packet.encode();
        assertThat(ControlPacket.decode(wire)).isEqualTo(packet).hasSameHashCodeAs(packet);
        assertThat(ControlPacket.decode(Arrays.copyOf(wire, wire.length + padding))).isEqualTo(packet);
    }

    @Property
    void anyBytesAreAControlPacketOrTheDeclaredException(@ForAll @Size(max = 12) byte[] bytes) {
        try {
            ControlPacket packet = ControlPacket.decode(bytes);
            assertThat(packet.encode()).hasSizeLessThanOrEqualTo(bytes.length);
        } catch (PppPacketException e) {
            assertThat(e).hasMessageStartingWith("control packet");
        }
    }

    @Property
    void anyBytesAreOptionsOrTheDeclaredException(@ForAll @Size(max = 30) byte[] bytes) {
        try {
            List<ConfigureOption> options = ConfigureOption.decode(bytes);
            assertThat(ConfigureOption.encode(options)).isEqualTo(bytes);
        } catch (PppPacketException e) {
            assertThat(e).hasMessageContaining("with Length");
        }
    }

    @ParameterizedTest
    @CsvSource({"01010003, Length 3", "0101ffff, Length 65535", "010100, control packet of 3 bytes"})
    void brokenControlPacketIsNamed(String packet, String message) {
        assertThatThrownBy(() -> ControlPacket.decode(hex(packet))).isInstanceOf(PppPacketException.class)
                .hasMessageContaining(message);
    }

    @Test
    void valuesOfOptionsAreReadWithChecks() {
        assertThat(ConfigureOption.ofInt(5, 0x9db23e44).asInt()).isEqualTo(0x9db23e44);
        assertThat(ConfigureOption.ofShort(1, 1400).asShort()).isEqualTo(1400);
        assertThatThrownBy(() -> ConfigureOption.ofShort(5, 1).asInt()).isInstanceOf(PppPacketException.class)
                .hasMessageContaining("option of type 5 has 2 bytes; 4 would be right");
        assertThatThrownBy(() -> ConfigureOption.flag(1).asShort()).isInstanceOf(PppPacketException.class);
    }

    @Test
    void whatDoesNotFitTheWireCannotBeMade() {
        assertThatThrownBy(() -> new ConfigureOption(256, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConfigureOption(1, new byte[254])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ControlPacket(256, 0, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ControlPacket(1, 0, new byte[65532])).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
