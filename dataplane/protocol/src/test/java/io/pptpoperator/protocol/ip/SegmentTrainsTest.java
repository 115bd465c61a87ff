package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentTrainsTest {
    private static final byte[] NONE = new byte[0];

    private final SegmentTrains trains = new SegmentTrains(ByteBuffer.allocateDirect(SegmentTrains.bytesFor(2)), 2);
    /** What was written to the device: each packet behind its virtio header. */
    private final List<byte[]> written = new ArrayList<>();

    private void offer(byte[] packet) {
        var buffer = Packets.direct(packet, 5);
        int result = trains.offer(buffer, 5);
        while (result >= 0) {
            write(result);
            result = trains.offer(buffer, 5);
        }
        if (result == SegmentTrains.ALONE) {
            written.add(Packets.concat(new byte[10], packet));
        }
    }

    private void write(int train) {
        int start = trains.start(train);
        written.add(Packets.bytes(trains.buffer(), start, trains.finish(train)));
    }

    private void flush() {
        for (int train = trains.next(); train >= 0; train = trains.next()) {
            write(train);
        }
    }

    /** What the kernel makes of a write. */
    private static List<byte[]> receive(byte[] write) {
        var buffer = ByteBuffer.allocateDirect(write.length).put(0, write);
        byte[] packet = Arrays.copyOfRange(write, 10, write.length);
        if (VirtioNetHeader.gsoType(buffer, 0) == VirtioNetHeader.GSO_NONE) {
            assertThat(VirtioNetHeader.needsChecksum(buffer, 0)).isFalse();
            return List.of(packet);
        }
        int headerLength = Packets.headerLength(packet);
        assertThat(VirtioNetHeader.checksumStart(buffer, 0)).isEqualTo(headerLength);
        assertThat(VirtioNetHeader.checksumOffset(buffer, 0)).isEqualTo(16);
        assertThat(packet.length).isEqualTo(Ipv4Header.totalLength(buffer, 10));
        assertThat(Ipv4Header.checksumValid(buffer, 10)).isTrue();
        assertThat(buffer.getShort(10 + 36) & 0xFFFF).isEqualTo(
                InternetChecksum.pseudoHeader(buffer.getInt(22), buffer.getInt(26), 6, packet.length - headerLength));
        var split = new SegmentSplit();
        var target = ByteBuffer.allocateDirect(66_000);
        var packets = new ArrayList<byte[]>();
        int count = split.begin(buffer, 10, 65_535, 1, VirtioNetHeader.gsoSize(buffer, 0), true);
        for (int i = 0; i < count; i++) {
            packets.add(Packets.bytes(target, 0, split.next(target, 0)));
        }
        return packets;
    }

    private List<byte[]> received() {
        flush();
        return written.stream().flatMap(write -> receive(write).stream()).toList();
    }

    private static byte[] data(int index, int sequence, int flags, byte[] options, int length) {
        return Packets.tcpPacket(1000 + index, Packets.DF, sequence, flags, options,
                Packets.random(new Random(index), length));
    }

    private static byte[] data(int index) {
        return data(index, index * 100, Packets.ACK, NONE, 100);
    }

    @Test
    void consecutiveSegmentsBecomeOneWrite() {
        var packets = List.of(data(0), data(1), data(2), data(3));
        packets.forEach(this::offer);
        assertThat(received()).containsExactlyElementsOf(packets);
        assertThat(written).hasSize(1);
    }

    @Test
    void theLastSegmentMayBeShortAndPush() {
        var packets = List.of(data(0), data(1, 100, Packets.ACK | Packets.PSH, NONE, 40),
                data(2, 140, Packets.ACK, NONE, 40), data(3, 180, Packets.ACK, NONE, 41));
        packets.forEach(this::offer);
        assertThat(received()).containsExactlyElementsOf(packets);
        assertThat(written).hasSize(3);
    }

    @Test
    void aTrainIsNeverLongerThanAPacketCanBe() {
        byte[] options = new byte[12];
        for (int i = 0; i < 60; i++) {
            offer(data(i, i * 1344, Packets.ACK, options, 1344));
        }
        assertThat(received()).hasSize(60).allMatch(Packets::wellFormed);
        assertThat(written).hasSize(2);
        assertThat(written.getFirst().length).isBetween(65_535 - 1344, 65_545);
    }

    @Test
    void segmentsThatDifferAreNotJoined() {
        byte[] stamp = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
        byte[] laterStamp = {1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 2};
        offer(data(0, 0, Packets.ACK, stamp, 100));
        offer(data(1, 100, Packets.ACK, laterStamp, 100));
        assertThat(written).as("other options").hasSize(1);
        offer(data(2, 201, Packets.ACK, laterStamp, 100));
        assertThat(written).as("a gap").hasSize(2);
        offer(data(3, 301, Packets.ACK | Packets.ECE, laterStamp, 100));
        assertThat(written).as("other flags").hasSize(3);
        offer(data(4, 401, Packets.ACK | Packets.ECE, NONE, 100));
        assertThat(written).as("another header length").hasSize(4);
        byte[] otherAck = Packets.ip(Packets.SERVER, Packets.CLIENT, 6, 5, Packets.DF, NONE, Packets.tcp(Packets.SERVER,
                Packets.CLIENT, 0x01BB_C001, 501, 100, Packets.ACK | Packets.ECE, NONE, new byte[100]));
        offer(otherAck);
        assertThat(written).as("another acknowledgment").hasSize(5);
        assertThat(received()).hasSize(6);
        assertThat(written).hasSize(6);
    }

    @Test
    void withoutDontFragmentTheIdentificationsMustBeConsecutive() {
        offer(Packets.tcpPacket(7, 0, 0, Packets.ACK, NONE, new byte[100]));
        offer(Packets.tcpPacket(8, 0, 100, Packets.ACK, NONE, new byte[100]));
        assertThat(written).isEmpty();
        offer(Packets.tcpPacket(10, 0, 200, Packets.ACK, NONE, new byte[100]));
        assertThat(written).hasSize(1);
        assertThat(received()).hasSize(3);
    }

    @Test
    void whatCannotJoinComesAfterItsFlowAndBeforeNoOther() {
        offer(data(0));
        byte[] fin = data(1, 100, Packets.ACK | Packets.FIN, NONE, 100);
        offer(fin);
        byte[] pureAck = data(2, 200, Packets.ACK, NONE, 0);
        offer(pureAck);
        assertThat(received()).containsExactly(data(0), fin, pureAck);
    }

    @Test
    void otherProtocolsAndFragmentsGoAlone() {
        var packets = List.of(Packets.udpPacket(1, 0, new byte[100]),
                Packets.tcpPacket(1, Packets.MF, 0, Packets.ACK, NONE, new byte[100]),
                Packets.ip(1, 2, 6, 1, 5, NONE, new byte[100]), Packets.ip(1, 2, 6, 1, 0, NONE, new byte[19]),
                Packets.ip(Packets.SERVER, Packets.CLIENT, 6, 1, 0, new byte[4], Packets.payload(data(3))));
        packets.forEach(this::offer);
        assertThat(written).hasSize(5);
        assertThat(received()).containsExactlyElementsOf(packets);
    }

    @Test
    void damagedPacketsAreNotMadeSound() {
        offer(data(0));
        byte[] damaged = data(1);
        damaged[100] ^= 1;
        offer(damaged);
        byte[] damagedHeader = data(2);
        damagedHeader[8]++;
        offer(damagedHeader);
        assertThat(received()).containsExactly(data(0), damaged, damagedHeader);
    }

    @Test
    void bytesBehindThePacketAreNotTakenAlong() {
        offer(Packets.concat(data(0), new byte[6]));
        offer(data(1));
        assertThat(received()).containsExactly(data(0), data(1));
    }

    /** The packet in hexadecimal, without the identification that a packet never fragmented has for nothing. */
    private static String text(byte[] packet) {
        byte[] comparable = packet.clone();
        if ((packet[6] & 0x40) != 0) {
            Arrays.fill(comparable, 4, 6, (byte) 0);
            Arrays.fill(comparable, 10, 12, (byte) 0);
        }
        return HexFormat.of().formatHex(comparable);
    }

    @Property
    void everyFlowComesOutAsItWentIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int flows) {
        var random = new Random(seed);
        written.clear();
        int[] sequences = random.ints(flows).toArray();
        int[] ids = new int[flows];
        var offered = new ArrayList<List<byte[]>>();
        for (int flow = 0; flow < flows; flow++) {
            offered.add(new ArrayList<>());
        }
        for (int i = 0; i < 100; i++) {
            int flow = random.nextInt(flows);
            int length = random.nextInt(8) == 0 ? random.nextInt(120) : 100;
            int flags = switch (random.nextInt(12)) {
                case 0 -> Packets.ACK | Packets.PSH;
                case 1 -> random.nextInt(256);
                default -> Packets.ACK;
            };
            byte[] options = new byte[random.nextInt(10) == 0 ? 4 : 0];
            byte[] segment = Packets.tcp(flow, Packets.CLIENT, 5, sequences[flow], 1, flags, options,
                    Packets.random(random, length));
            byte[] packet = Packets.ip(flow, Packets.CLIENT, 6, ids[flow]++, random.nextInt(20) == 0 ? Packets.DF : 0,
                    NONE, segment);
            sequences[flow] += random.nextInt(15) == 0 ? random.nextInt() : length;
            ids[flow] += random.nextInt(20) == 0 ? 5 : 0;
            if (random.nextInt(20) == 0) {
                packet[random.nextInt(packet.length - 25) + 25] ^= 4;
            }
            offered.get(flow).add(packet);
            offer(packet);
            if (random.nextInt(20) == 0) {
                flush();
            }
        }
        var received = received();
        for (int flow = 0; flow < flows; flow++) {
            int source = flow;
            var ofFlow = received.stream().filter(packet -> packet[15] == source).map(SegmentTrainsTest::text).toList();
            assertThat(ofFlow).hasSameSizeAs(offered.get(flow));
            for (int i = 0; i < ofFlow.size(); i++) {
                assertThat(ofFlow.get(i)).isEqualTo(text(offered.get(flow).get(i)));
            }
        }
    }
}
