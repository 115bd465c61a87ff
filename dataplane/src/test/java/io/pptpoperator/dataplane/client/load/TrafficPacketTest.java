package io.pptpoperator.dataplane.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What simulated clients send. */
class TrafficPacketTest {

    private static final Ipv4Address CLIENT = Ipv4Address.parse("10.64.0.2");
    private static final Ipv4Address SERVER = Ipv4Address.parse("10.64.0.1");

    @Property
    void everyPingIsSoundAndItsAnswerTellsWhenItLeft(@ForAll @IntRange(min = 0, max = 1396) int length,
            @ForAll @IntRange(min = 0, max = 65535) int id, @ForAll long now) {
        ByteBuffer packet = ByteBuffer.wrap(TrafficPacket.ping(CLIENT, SERVER, id, 3, length, now));
        assertThat(packet.capacity()).isEqualTo(Math.max(length, TrafficPacket.MIN_LENGTH));
        assertThat(Ipv4Header.validate(packet, 0, packet.capacity())).isEqualTo(20);
        assertThat(InternetChecksum.sum(packet, 0, 20)).isEqualTo(InternetChecksum.VALID);
        assertThat(InternetChecksum.sum(packet, 20, packet.capacity() - 20)).isEqualTo(InternetChecksum.VALID);
        assertThat(TrafficPacket.leftAt(packet, 0, packet.capacity(), id)).as("of the request itself").isEmpty();
        packet.put(20, (byte) 0);
        assertThat(TrafficPacket.leftAt(packet, 0, packet.capacity(), id)).hasValue(now);
        assertThat(TrafficPacket.leftAt(packet, 0, packet.capacity(), id + 1)).isEmpty();
    }

    @Test
    void aDatagramSentBackTellsWhenItLeft() {
        byte[] sent = TrafficPacket.datagram(CLIENT, 4711, SERVER, 7, 200, 42);
        ByteBuffer packet = ByteBuffer.wrap(sent);
        assertThat(Ipv4Header.validate(packet, 0, 200)).isEqualTo(20);
        assertThat(InternetChecksum.sum(packet, 0, 20)).isEqualTo(InternetChecksum.VALID);
        assertThat(packet.getShort(24)).isEqualTo((short) 180);
        packet.putShort(20, (short) 7).putShort(22, (short) 4711);
        assertThat(TrafficPacket.leftAt(packet, 0, 200, 4711)).hasValue(42);
    }

    @Property
    void noPacketDoesHarm(@ForAll @Size(min = 20, max = 80) byte[] bytes) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        packet.putShort(0, (short) 0x4500).putShort(2, (short) bytes.length);
        assertThat(TrafficPacket.leftAt(packet, 0, bytes.length, 1)).isNotNull();
    }
}
