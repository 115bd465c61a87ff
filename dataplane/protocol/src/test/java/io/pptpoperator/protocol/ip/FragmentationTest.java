package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FragmentationTest {
    private static final byte[] NONE = new byte[0];

    private final Fragmentation fragmentation = new Fragmentation(0xFFFF);

    private List<byte[]> fragments(byte[] packet, int mtu, boolean force) {
        var buffer = Packets.direct(packet, 9);
        var target = ByteBuffer.allocateDirect(70_000);
        int count = fragmentation.begin(buffer, 9, mtu, force);
        var fragments = new ArrayList<byte[]>();
        for (int length = fragmentation.next(target, 3); length != 0; length = fragmentation.next(target, 3)) {
            fragments.add(Packets.bytes(target, 3, length));
        }
        assertThat(fragments).hasSize(count);
        return fragments;
    }

    private int refusal(byte[] packet, int mtu, boolean force) {
        return fragmentation.begin(Packets.direct(packet, 9), 9, mtu, force);
    }

    private static int bits(byte[] fragment) {
        return ByteBuffer.wrap(fragment).getShort(6) & 0xFFFF;
    }

    private static int id(byte[] fragment) {
        return ByteBuffer.wrap(fragment).getShort(4) & 0xFFFF;
    }

    /** What a receiver makes of the fragments: payload, and whether the last one says that more follows. */
    private static byte[] reassemble(List<byte[]> fragments, int startUnits) {
        var payload = NONE;
        for (byte[] fragment : fragments) {
            assertThat(Packets.wellFormed(fragment)).isTrue();
            assertThat((bits(fragment) & 0x1FFF) - startUnits).isEqualTo(payload.length / 8);
            assertThat(payload.length % 8).isZero();
            payload = Packets.concat(payload, Packets.payload(fragment));
        }
        return payload;
    }

    @Test
    void whatFitsStaysAsItIs() {
        byte[] packet = Packets.udpPacket(5, Packets.DF, new byte[100]);
        assertThat(fragments(packet, packet.length, false)).containsExactly(packet);
        byte[] empty = Packets.ip(1, 2, 99, 5, 0, NONE, NONE);
        assertThat(fragments(empty, 20, false)).containsExactly(empty);
    }

    @Property
    void fragmentsFitAndJoinToTheOriginal(@ForAll long seed, @ForAll @IntRange(min = 68, max = 1500) int mtu,
            @ForAll @IntRange(max = 4000) int length, @ForAll @IntRange(max = 10) int optionWords,
            @ForAll @IntRange(max = 1000) int startUnits, @ForAll boolean moreFollow) {
        var random = new Random(seed);
        byte[] options = new byte[optionWords * 4];
        for (int i = 0; i < options.length; i++) {
            options[i] = 1;
        }
        byte[] payload = Packets.random(random, length);
        byte[] packet = Packets.ip(Packets.SERVER, Packets.CLIENT, 99, 77, startUnits | (moreFollow ? Packets.MF : 0),
                options, payload);
        var fragments = fragments(packet, mtu, false);
        assertThat(reassemble(fragments, startUnits)).isEqualTo(payload);
        for (int i = 0; i < fragments.size(); i++) {
            byte[] fragment = fragments.get(i);
            boolean last = i == fragments.size() - 1;
            assertThat(fragment.length).isLessThanOrEqualTo(mtu);
            assertThat((bits(fragment) & Packets.MF) != 0).isEqualTo(!last || moreFollow);
            assertThat(bits(fragment) & Packets.DF).isZero();
            assertThat(id(fragment)).isEqualTo(77);
            assertThat(last || fragment.length + 8 > mtu).isTrue();
        }
    }

    @Test
    void onlyOptionsWithTheCopyBitAreRepeated() {
        // Record route (not copied), no operation, a copied option of 3 bytes, another of 5, end of options.
        byte[] options = HexFormat.of().parseHex("070704000000000183030a8805aabbcc00000000");
        var fragments = fragments(Packets.ip(1, 2, 99, 5, 0, options, new byte[100]), 100, false);
        assertThat(fragments).hasSize(2);
        assertThat(HexFormat.of().formatHex(fragments.get(0), 20, 40)).isEqualTo(HexFormat.of().formatHex(options));
        assertThat(HexFormat.of().formatHex(fragments.get(1), 20, 28)).isEqualTo("83030a8805aabbcc");
        assertThat(Packets.headerLength(fragments.get(1))).isEqualTo(28);
        assertThat(reassemble(fragments, 0)).hasSize(100);
    }

    @Test
    void aBrokenListOfOptionsEndsWhereItBreaks() {
        byte[] options = HexFormat.of().parseHex("8304aabb8309aabb");
        var fragments = fragments(Packets.ip(1, 2, 99, 5, 0, options, new byte[100]), 100, false);
        assertThat(HexFormat.of().formatHex(fragments.get(1), 20, 24)).isEqualTo("8304aabb");
        assertThat(Packets.headerLength(fragments.get(1))).isEqualTo(24);
    }

    @Test
    void respectsDontFragmentUnlessForced() {
        byte[] packet = Packets.tcpPacket(0, Packets.DF, 1, Packets.ACK, NONE, new byte[1460]);
        assertThat(IpFault.of(refusal(packet, 1400, false))).isEqualTo(IpFault.DONT_FRAGMENT);
        var fragments = fragments(packet, 1400, true);
        assertThat(fragments).hasSize(2).allSatisfy(fragment -> {
            assertThat(id(fragment)).isEqualTo(0xFFFF);
            assertThat(bits(fragment) & Packets.DF).isZero();
        });
        assertThat(reassemble(fragments, 0)).isEqualTo(Packets.payload(packet));
        assertThat(fragments(packet, 1400, true)).allSatisfy(fragment -> assertThat(id(fragment)).isZero());
        assertThat(fragments(packet, 1400, true)).allSatisfy(fragment -> assertThat(id(fragment)).isEqualTo(1));
    }

    @Test
    void aFragmentThatMustNotBeFragmentedKeepsItsIdentificationWhenForced() {
        byte[] packet = Packets.ip(1, 2, 99, 55, Packets.DF | Packets.MF, NONE, new byte[1480]);
        assertThat(fragments(packet, 1400, true)).hasSize(2)
                .allSatisfy(fragment -> assertThat(id(fragment)).isEqualTo(55));
    }

    @Test
    void refusesWhatCannotBeDone() {
        byte[] packet = Packets.ip(1, 2, 99, 55, 0, new byte[40], new byte[100]);
        assertThat(IpFault.of(refusal(packet, 67, true))).isEqualTo(IpFault.MTU);
        assertThat(refusal(packet, 68, true)).isPositive();
        byte[] beyond = Packets.ip(1, 2, 99, 55, 8190, NONE, new byte[100]);
        assertThat(IpFault.of(refusal(beyond, 68, true))).isEqualTo(IpFault.TOTAL_LENGTH);
    }
}
