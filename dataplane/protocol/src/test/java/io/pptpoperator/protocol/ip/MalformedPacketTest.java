package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random and mutated packets, in a buffer that ends where they end: nothing may be thrown. */
class MalformedPacketTest {
    private final ByteBuffer target = ByteBuffer.allocateDirect(70_000);
    private final Fragmentation fragmentation = new Fragmentation(1);
    private final SegmentSplit split = new SegmentSplit();
    private final SegmentTrains trains = new SegmentTrains(ByteBuffer.allocateDirect(SegmentTrains.bytesFor(2)), 2);

    private static byte[] sound(Random random) {
        byte[] options = Packets.random(random, 4 * random.nextInt(11));
        byte[] payload = Packets.random(random, random.nextInt(200));
        byte[] transport = random.nextBoolean()
                ? Packets.tcp(1, 2, 3, random.nextInt(), 5, random.nextInt(256), options, payload)
                : Packets.udp(1, 2, 3, payload);
        return Packets.ip(1, 2, random.nextBoolean() ? 6 : random.nextInt(20), 7,
                random.nextBoolean() ? Packets.DF : random.nextInt(0x10000),
                Packets.random(random, 4 * random.nextInt(11)), transport);
    }

    private static byte[] mutated(Random random) {
        byte[] packet = random.nextInt(4) == 0 ? Packets.random(random, random.nextInt(100)) : sound(random);
        for (int i = random.nextInt(6); i > 0 && packet.length > 0; i--) {
            packet[random.nextInt(Math.min(packet.length, 64))] = (byte) random.nextInt();
        }
        boolean cut = random.nextInt(3) == 0;
        return Arrays.copyOf(packet, cut ? random.nextInt(packet.length + 1) : packet.length);
    }

    @Property(tries = 5000)
    void nothingIsThrown(@ForAll long seed, @ForAll @IntRange(max = 200) int mtu) {
        var random = new Random(seed);
        byte[] bytes = mutated(random);
        var packet = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        int header = Ipv4Header.validate(packet, 0, bytes.length);
        if (header < 0) {
            assertThat(IpFault.of(header)).isNotNull();
            return;
        }
        int written = IcmpError.fragmentationNeeded(target, 0, packet, 0, 1, mtu);
        assertThat(written).isBetween(0, IcmpError.MAX_LENGTH);
        int count = fragmentation.begin(packet, 0, mtu, random.nextBoolean());
        for (int i = 0; i < count; i++) {
            assertThat(fragmentation.next(target, 0)).isBetween(20, Math.max(mtu, 20));
        }
        int pieces = split.begin(packet, 0, mtu, random.nextInt(6), random.nextInt(300), random.nextBoolean());
        assertThat(pieces).isNotZero();
        for (int i = 0; i < pieces; i++) {
            assertThat(split.next(target, 0)).isBetween(20, 65_535);
        }
        int result = trains.offer(packet, 0);
        if (result >= 0) {
            assertThat(trains.finish(result)).isBetween(30, 65_545);
        }
        MssClamp.clamp(packet, 0, mtu, random.nextBoolean());
        assertThat(Ipv4Header.validate(packet, 0, bytes.length)).isEqualTo(header);
        VirtioNetHeader.completeChecksum(packet, 0, bytes.length - VirtioNetHeader.LENGTH);
    }
}
