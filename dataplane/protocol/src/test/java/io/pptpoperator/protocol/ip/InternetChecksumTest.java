package io.pptpoperator.protocol.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {

    @Test
    void sumsTheExampleOfRfc1071() {
        var bytes = Packets.direct(HexFormat.of().parseHex("0001f203f4f5f6f7"), 3);
        assertThat(InternetChecksum.sum(bytes, 3, 8)).isEqualTo(0xDDF2);
        assertThat(InternetChecksum.of(bytes, 3, 8)).isEqualTo(0x220D);
    }

    @Property
    void sumsLikeTheSlowWay(@ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 9) int offset) {
        var buffer = Packets.direct(bytes, offset);
        assertThat(InternetChecksum.sum(buffer, offset, bytes.length) % 0xFFFF).isEqualTo(Packets.sum(bytes) % 0xFFFF);
    }

    @Test
    void sumsALongRunOfOnes() {
        byte[] bytes = new byte[65_535];
        Arrays.fill(bytes, (byte) 0xFF);
        var buffer = Packets.direct(bytes, 0);
        assertThat(InternetChecksum.sum(buffer, 0, 65_534)).isEqualTo(0xFFFF);
        assertThat(InternetChecksum.sum(buffer, 0, 65_535)).isEqualTo(0xFF00);
    }

    @Property
    void addsParts(@ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(max = 30) int half) {
        int cut = Math.min(half * 2, bytes.length);
        var buffer = Packets.direct(bytes, 1);
        int sum = InternetChecksum.add(InternetChecksum.sum(buffer, 1, cut),
                InternetChecksum.sum(buffer, 1 + cut, bytes.length - cut));
        assertThat(sum).isBetween(0, 0xFFFF);
        assertThat(sum % 0xFFFF).isEqualTo(Packets.sum(bytes) % 0xFFFF);
    }

    @Property
    void pseudoHeaderSumsLikeItsBytes(@ForAll int source, @ForAll int destination,
            @ForAll @IntRange(max = 255) int protocol, @ForAll @IntRange(max = 0xFFFF) int length) {
        var bytes = ByteBuffer.allocate(12)
                .putInt(0, source)
                .putInt(4, destination)
                .putShort(8, (short) protocol)
                .putShort(10, (short) length);
        assertThat(InternetChecksum.pseudoHeader(source, destination, protocol, length) % 0xFFFF)
                .isEqualTo(Packets.sum(bytes.array()) % 0xFFFF);
    }

    @Property
    void anUpdatedChecksumFitsTheChangedData(@ForAll @Size(value = 20) byte[] bytes,
            @ForAll @IntRange(min = 1, max = 9) int word, @ForAll short after) {
        var buffer = Packets.direct(bytes, 0).putShort(0, (short) 0);
        int checksum = InternetChecksum.of(buffer, 0, 20);
        int before = buffer.getShort(2 * word);
        buffer.putShort(2 * word, after);
        buffer.putShort(0, (short) InternetChecksum.update(checksum, before, after));
        assertThat(InternetChecksum.sum(buffer, 0, 20) % 0xFFFF).isZero();
    }

    @Test
    void anUpdateNeverTurnsOneZeroIntoTheOther() {
        // RFC 1624 section 3: the data 5555, 3285 with checksum DD2F; 5555 becomes 3285.
        assertThat(InternetChecksum.update(0xDD2F, 0x5555, 0x3285)).isZero();
    }

    @Property
    void completesWhatTheKernelLeft(@ForAll @Size(min = 8, max = 50) byte[] payload) {
        byte[] whole = Packets.udp(Packets.SERVER, Packets.CLIENT, 5, payload);
        var buffer = Packets.direct(whole, 3);
        buffer.putShort(9, (short) InternetChecksum.pseudoHeader(Packets.SERVER, Packets.CLIENT, 17, whole.length));
        InternetChecksum.complete(buffer, 3, whole.length, 6);
        assertThat(Packets.bytes(buffer, 3, whole.length)).isEqualTo(whole);
    }
}
