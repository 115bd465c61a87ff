package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentSplitTest {
    private static final byte[] NONE = new byte[0];

    private final SegmentSplit split = new SegmentSplit();
    private final ByteBuffer target = ByteBuffer.allocateDirect(70_000);

    private List<byte[]> split(byte[] packet, int mtu, int type, int size, boolean needsChecksum) {
        byte[] given = packet.clone();
        if (needsChecksum) {
            leaveChecksumToTheDevice(given);
        }
        var buffer = Packets.direct(given, 5);
        int count = split.begin(buffer, 5, mtu, type, size, needsChecksum);
        var pieces = new ArrayList<byte[]>();
        for (int length = split.next(target, 3); length != 0; length = split.next(target, 3)) {
            pieces.add(Packets.bytes(target, 3, length));
        }
        assertThat(pieces).hasSize(count);
        assertThat(Packets.bytes(buffer, 5, packet.length)).isEqualTo(given);
        return pieces;
    }

    private IpFault refusal(byte[] packet, int mtu, int type, int size, boolean needsChecksum) {
        return IpFault.of(split.begin(Packets.direct(packet, 5), 5, mtu, type, size, needsChecksum));
    }

    /** Puts the pseudo header's sum where the checksum is, as the kernel does. */
    private static void leaveChecksumToTheDevice(byte[] packet) {
        var buffer = ByteBuffer.wrap(packet);
        int header = Packets.headerLength(packet);
        int protocol = packet[9];
        int sum = InternetChecksum.pseudoHeader(buffer.getInt(12), buffer.getInt(16), protocol, packet.length - header);
        buffer.putShort(header + (protocol == 6 ? 16 : 6), (short) sum);
    }

    /** What the pieces of a TCP train must be, built one by one. */
    private static List<byte[]> expectedTcp(int id, int sequence, int flags, byte[] options, byte[] payload, int size) {
        var pieces = new ArrayList<byte[]>();
        for (int at = 0; at < Math.max(payload.length, 1); at += size) {
            int end = Math.min(at + size, payload.length);
            int dropped = (end == payload.length ? 0 : Packets.FIN | Packets.PSH) | (at == 0 ? 0 : Packets.CWR);
            pieces.add(Packets.tcpPacket(id + pieces.size(), Packets.DF, sequence + at, flags & ~dropped, options,
                    Arrays.copyOfRange(payload, at, end)));
        }
        return pieces;
    }

    @Property
    void aTcpTrainBecomesThePacketsItStandsFor(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1500) int gsoSize,
            @ForAll @IntRange(min = 90, max = 1500) int mtu, @ForAll @IntRange(max = 10) int optionWords,
            @ForAll @IntRange(max = 20_000) int length, @ForAll int sequence) {
        var random = new Random(seed);
        byte[] options = Packets.random(random, 4 * optionWords);
        byte[] payload = Packets.random(random, length);
        int flags = Packets.ACK | random.nextInt(256) & (Packets.FIN | Packets.PSH | Packets.ECE | Packets.CWR);
        int id = random.nextInt(0x10000);
        byte[] train = Packets.tcpPacket(id, Packets.DF, sequence, flags, options, payload);
        int size = Math.min(gsoSize, mtu - 40 - options.length);
        var pieces = split(train, mtu, VirtioNetHeader.GSO_TCPV4, gsoSize, true);
        var expected = expectedTcp(id, sequence, flags, options, payload, size);
        assertThat(pieces.size()).isEqualTo(expected.size());
        for (int i = 0; i < pieces.size(); i++) {
            assertThat(Arrays.equals(pieces.get(i), expected.get(i))).as("packet %d of %d", i + 1, pieces.size())
                    .isTrue();
        }
    }

    @Test
    void theLongestTrainIsCut() {
        byte[] payload = Packets.random(new Random(1), 65_535 - 40);
        byte[] train = Packets.tcpPacket(1, Packets.DF, -1000, Packets.ACK, NONE, payload);
        var pieces = split(train, 1396, VirtioNetHeader.GSO_TCPV4, 1448, true);
        assertThat(pieces).hasSize(49).allMatch(Packets::wellFormed);
        assertThat(Packets.concat(pieces.stream().map(p -> Arrays.copyOfRange(p, 40, p.length)).toArray(byte[][]::new)))
                .isEqualTo(payload);
    }

    @Property
    void aUdpTrainBecomesItsDatagrams(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1500) int gsoSize,
            @ForAll @IntRange(max = 10_000) int length) {
        byte[] payload = Packets.random(new Random(seed), length);
        byte[] train = Packets.udpPacket(0xFFFE, 0, payload);
        var pieces = split(train, 576, VirtioNetHeader.GSO_UDP_L4, gsoSize, true);
        for (int i = 0; i < pieces.size(); i++) {
            byte[] datagram = Arrays.copyOfRange(payload, i * gsoSize, Math.min((i + 1) * gsoSize, length));
            assertThat(pieces.get(i)).isEqualTo(Packets.udpPacket(0xFFFE + i, 0, datagram));
        }
        assertThat(pieces).hasSize(Math.max(1, (length + gsoSize - 1) / gsoSize));
    }

    @Test
    void whatFitsIsCopied() {
        byte[] packet = Packets.ip(1, 2, 99, 5, Packets.MF, new byte[4], new byte[30]);
        assertThat(split(packet, 54, VirtioNetHeader.GSO_NONE, 0, false)).containsExactly(packet);
        byte[] empty = Packets.ip(1, 2, 99, 5, 0, NONE, NONE);
        assertThat(split(empty, 54, VirtioNetHeader.GSO_NONE, 0, false)).containsExactly(empty);
    }

    @Test
    void aSinglePacketGetsTheChecksumTheKernelLeft() {
        byte[] udp = Packets.udpPacket(5, 0, Packets.random(new Random(2), 33));
        assertThat(split(udp, 1400, VirtioNetHeader.GSO_NONE, 0, true)).containsExactly(udp);
        byte[] syn = Packets.tcpPacket(5, Packets.DF, 9, Packets.SYN | Packets.CWR, new byte[]{2, 4, 5, 0}, NONE);
        assertThat(split(syn, 1400, VirtioNetHeader.GSO_NONE, 0, true)).containsExactly(syn);
    }

    @Test
    void aSingleTcpPacketThatIsTooLongIsCut() {
        byte[] payload = Packets.random(new Random(3), 1460);
        byte[] packet = Packets.tcpPacket(0xFFFF, Packets.DF, 7, Packets.ACK | Packets.PSH, NONE, payload);
        var expected = expectedTcp(0xFFFF, 7, Packets.ACK | Packets.PSH, NONE, payload, 1356);
        assertThat(split(packet, 1396, VirtioNetHeader.GSO_NONE, 0, false)).containsExactlyElementsOf(expected);
        assertThat(split(packet, 1396, VirtioNetHeader.GSO_NONE, 0, true)).containsExactlyElementsOf(expected);
    }

    @Test
    void whatCannotBeCutIsLeftToFragmentation() {
        byte[] data = new byte[1460];
        int none = VirtioNetHeader.GSO_NONE;
        byte[] mayFragment = Packets.tcpPacket(1, 0, 7, Packets.ACK, NONE, data);
        assertThat(refusal(mayFragment, 1396, none, 0, false)).isEqualTo(IpFault.NOT_SEGMENTABLE);
        byte[] fragment = Packets.tcpPacket(1, Packets.DF | Packets.MF, 7, Packets.ACK, NONE, data);
        assertThat(refusal(fragment, 1396, none, 0, false)).isEqualTo(IpFault.NOT_SEGMENTABLE);
        byte[] urgent = Packets.tcpPacket(1, Packets.DF, 7, Packets.ACK | Packets.URG, NONE, data);
        assertThat(refusal(urgent, 1396, none, 0, false)).isEqualTo(IpFault.NOT_SEGMENTABLE);
        byte[] fastOpen = Packets.tcpPacket(1, Packets.DF, 7, Packets.SYN, NONE, data);
        assertThat(refusal(fastOpen, 1396, none, 0, false)).isEqualTo(IpFault.NOT_SEGMENTABLE);
        assertThat(refusal(Packets.udpPacket(1, Packets.DF, data), 1396, none, 0, false))
                .isEqualTo(IpFault.NOT_SEGMENTABLE);
    }

    @Test
    void aDamagedPacketIsNotCutIntoSoundOnes() {
        byte[] packet = Packets.tcpPacket(1, Packets.DF, 7, Packets.ACK, NONE, new byte[1460]);
        packet[1000] = 1;
        assertThat(refusal(packet, 1396, VirtioNetHeader.GSO_NONE, 0, false)).isEqualTo(IpFault.TRANSPORT_CHECKSUM);
    }

    @Test
    void refusesTrainsThatMakeNoSense() {
        byte[] tcp = Packets.tcpPacket(1, Packets.DF, 7, Packets.ACK, NONE, new byte[100]);
        byte[] udp = Packets.udpPacket(1, 0, new byte[100]);
        assertThat(refusal(tcp, 1396, VirtioNetHeader.GSO_TCPV4, 0, true)).isEqualTo(IpFault.OFFLOAD);
        assertThat(refusal(udp, 1396, VirtioNetHeader.GSO_UDP_L4, 0, true)).isEqualTo(IpFault.OFFLOAD);
        assertThat(refusal(tcp, 1396, 4, 100, true)).isEqualTo(IpFault.OFFLOAD);
        assertThat(refusal(udp, 1396, VirtioNetHeader.GSO_TCPV4, 9, true)).isEqualTo(IpFault.TRANSPORT_HEADER);
        assertThat(refusal(tcp, 1396, VirtioNetHeader.GSO_UDP_L4, 9, true)).isEqualTo(IpFault.TRANSPORT_HEADER);
        assertThat(refusal(tcp, 40, VirtioNetHeader.GSO_TCPV4, 9, true)).isEqualTo(IpFault.MTU);
        tcp[32] = 0x40;
        assertThat(refusal(tcp, 1396, VirtioNetHeader.GSO_TCPV4, 9, true)).isEqualTo(IpFault.TRANSPORT_HEADER);
        assertThat(refusal(tcp, 60, VirtioNetHeader.GSO_NONE, 0, false)).isEqualTo(IpFault.TRANSPORT_HEADER);
        byte[] tiny = Packets.ip(1, 2, 6, 1, 0, NONE, new byte[19]);
        assertThat(refusal(tiny, 1396, VirtioNetHeader.GSO_NONE, 0, true)).isEqualTo(IpFault.TRANSPORT_HEADER);
    }
}
