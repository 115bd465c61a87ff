package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv4HeaderTest {
    private static final byte[] NONE = new byte[0];

    private static int validate(byte[] bytes) {
        return Ipv4Header.validate(Packets.direct(bytes, 5), 5, bytes.length);
    }

    private static byte[] packetWith(int index, int value) {
        byte[] packet = Packets.udpPacket(1, 0, new byte[4]);
        packet[index] = (byte) value;
        return packet;
    }

    @Test
    void readsEveryField() {
        var packet = Packets.direct(
                Packets.ip(0x01020304, 0xF5060708, 200, 0xFEDC, Packets.MF | 0x0101, new byte[8], new byte[9]), 5);
        assertThat(Ipv4Header.validate(packet, 5, 37)).isEqualTo(28);
        assertThat(Ipv4Header.headerLength(packet, 5)).isEqualTo(28);
        assertThat(Ipv4Header.totalLength(packet, 5)).isEqualTo(37);
        assertThat(Ipv4Header.identification(packet, 5)).isEqualTo(0xFEDC);
        assertThat(Ipv4Header.dontFragment(packet, 5)).isFalse();
        assertThat(Ipv4Header.isFragment(packet, 5)).isTrue();
        assertThat(Ipv4Header.fragmentOffset(packet, 5)).isEqualTo(0x808);
        assertThat(Ipv4Header.protocol(packet, 5)).isEqualTo(200);
        assertThat(Ipv4Header.source(packet, 5)).isEqualTo(0x01020304);
        assertThat(Ipv4Header.destination(packet, 5)).isEqualTo(0xF5060708);
        assertThat(Ipv4Header.checksumValid(packet, 5)).isTrue();
        packet.put(9, (byte) 0x12);
        assertThat(Ipv4Header.checksumValid(packet, 5)).isFalse();
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(IpFault.of(validate(new byte[19]))).isEqualTo(IpFault.TRUNCATED);
        assertThat(IpFault.of(validate(packetWith(0, 0x65)))).isEqualTo(IpFault.VERSION);
        assertThat(IpFault.of(validate(packetWith(0, 0xC5)))).isEqualTo(IpFault.VERSION);
        assertThat(IpFault.of(validate(packetWith(0, 0x44)))).isEqualTo(IpFault.HEADER_LENGTH);
        assertThat(IpFault.of(validate(packetWith(0, 0x4F)))).isEqualTo(IpFault.HEADER_LENGTH);
        assertThat(IpFault.of(validate(packetWith(3, 19)))).isEqualTo(IpFault.TOTAL_LENGTH);
        assertThat(IpFault.of(validate(packetWith(3, 33)))).isEqualTo(IpFault.TOTAL_LENGTH);
        assertThat(validate(Packets.concat(Packets.udpPacket(1, 0, NONE), new byte[3]))).isEqualTo(20);
    }

    @Property
    void whatIsAcceptedLiesWithinThePacket(@ForAll @Size(max = 64) byte[] bytes, @ForAll boolean plausible) {
        if (plausible && bytes.length > 2) {
            bytes[0] = (byte) (0x40 | bytes[0] & 15);
            bytes[2] = 0;
        }
        int result = validate(bytes);
        if (result < 0) {
            assertThat(IpFault.of(result)).isNotNull();
        } else {
            int total = (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
            assertThat(result).isBetween(20, total);
            assertThat(total).isLessThanOrEqualTo(bytes.length);
        }
    }
}
