package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MssClampTest {

    private static byte[] syn(int flags, String options) {
        return Packets.tcpPacket(7, Packets.DF, 1, flags, HexFormat.of().parseHex(options.replace(" ", "")),
                new byte[0]);
    }

    /** The packet after clamping to {@code mss}; checks that the answer tells whether it has changed. */
    private static byte[] clamp(byte[] packet, int mss) {
        var buffer = Packets.direct(packet, 5);
        boolean changed = MssClamp.clamp(buffer, 5, mss, false);
        byte[] result = Packets.bytes(buffer, 5, packet.length);
        assertThat(changed).isEqualTo(!Arrays.equals(packet, result));
        return result;
    }

    @Test
    void anMtuLeavesRoomForTwoHeaders() {
        assertThat(MssClamp.forMtu(1396)).isEqualTo(1356);
    }

    @ParameterizedTest
    @ValueSource(ints = {Packets.SYN, Packets.SYN | Packets.ACK, Packets.SYN | Packets.ECE | Packets.CWR})
    void lowersTheMssInEveryKindOfSyn(int flags) {
        assertThat(clamp(syn(flags, "020405b4 0101 0402"), 1356)).isEqualTo(syn(flags, "0204054c 0101 0402"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0103 0307 0204 %s 0402 0101", "01 0204 %s 010101",
            "0402 080a 00000001 00000002 0204 %s 0000", "01 01 01 0204 %s 00", "0204 %s 0004 ffff"})
    void findsTheMssWhereverItStands(String options) {
        assertThat(clamp(syn(Packets.SYN, options.formatted("05b4")), 1300))
                .isEqualTo(syn(Packets.SYN, options.formatted("0514")));
    }

    @Test
    void leavesASmallerMssAlone() {
        byte[] packet = syn(Packets.SYN, "02040218");
        assertThat(clamp(packet, 1356)).isEqualTo(packet);
    }

    @Test
    void leavesOtherPacketsAlone() {
        byte[] data = syn(Packets.ACK, "020405b4");
        assertThat(clamp(data, 1000)).isEqualTo(data);
        byte[] laterFragment = Packets.ip(1, 2, 6, 1, 5, new byte[0], Packets.payload(syn(Packets.SYN, "020405b4")));
        assertThat(clamp(laterFragment, 1000)).isEqualTo(laterFragment);
        byte[] udp = Packets.ip(1, 2, 17, 1, 0, new byte[0], Packets.payload(syn(Packets.SYN, "020405b4")));
        assertThat(clamp(udp, 1000)).isEqualTo(udp);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00 0204 05b4 000000", "0200 0204 05b4 0000", "0201 0204 05b4 0000", "0203 0500 0204 05b4",
            "0205 05b400 010101", "01010102", "0300 0204 05b4 0000", "fe09 05b4 0204 05b4"})
    void leavesBrokenOptionListsAlone(String options) {
        byte[] packet = syn(Packets.SYN, options);
        assertThat(clamp(packet, 1000)).isEqualTo(packet);
    }

    @Test
    void withAPartialChecksumOnlyTheOptionChanges() {
        byte[] packet = syn(Packets.SYN, "020405b4");
        var buffer = Packets.direct(packet, 5);
        assertThat(MssClamp.clamp(buffer, 5, 1000, true)).isTrue();
        packet[42] = 0x03;
        packet[43] = (byte) 0xE8;
        assertThat(Packets.bytes(buffer, 5, packet.length)).isEqualTo(packet);
    }

    @Property
    void anyOrderOfOptionsEndsWithALowMssAndARightChecksum(@ForAll long seed,
            @ForAll @IntRange(min = 500, max = 9000) int announced,
            @ForAll @IntRange(min = 500, max = 2000) int limit) {
        var random = new Random(seed);
        var before = new ByteArrayOutputStream();
        for (int i = random.nextInt(4); i > 0; i--) {
            int length = random.nextInt(5);
            before.writeBytes(length == 0 ? new byte[]{1} : new byte[]{(byte) 0xFD, (byte) (length + 1)});
            before.writeBytes(Packets.random(random, Math.max(0, length - 1)));
        }
        var options = new ByteArrayOutputStream();
        options.writeBytes(before.toByteArray());
        options.writeBytes(new byte[]{2, 4, (byte) (announced >> 8), (byte) announced});
        while (options.size() % 4 != 0) {
            options.write(1);
        }
        byte[] packet = Packets.tcpPacket(1, 0, 1, Packets.SYN, options.toByteArray(), new byte[0]);
        byte[] clamped = clamp(packet, limit);
        int place = 40 + before.size() + 2;
        assertThat((clamped[place] & 0xFF) << 8 | clamped[place + 1] & 0xFF).isEqualTo(Math.min(announced, limit));
        assertThat(Packets.wellFormed(clamped)).isTrue();
    }
}
