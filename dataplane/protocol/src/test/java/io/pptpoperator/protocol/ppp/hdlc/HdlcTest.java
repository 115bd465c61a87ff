package io.pptpoperator.protocol.ppp.hdlc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HdlcTest {

    private static final int MAX_FRAME = 100;

    private final List<byte[]> frames = new ArrayList<>();
    private final HdlcDecoder decoder = new HdlcDecoder(MAX_FRAME, 0);

    @Test
    void fcsIsTheCrcOfX25() {
        // The check value that every catalogue of CRCs gives for CRC-16/X-25 over "123456789".
        assertThat(~fcs("123456789".getBytes(StandardCharsets.US_ASCII)) & 0xffff).isEqualTo(0x906e);
    }

    @Property
    void fcsOverAFrameAndItsOwnFcsIsTheGoodOne(@ForAll @Size(max = 50) byte[] frame) {
        int fcs = ~fcs(frame);
        int whole = Fcs16.update(Fcs16.update(~fcs, (byte) fcs), (byte) (fcs >>> 8));
        assertThat(whole).isEqualTo(Fcs16.GOOD);
    }

    /** The examples of RFC 1662 section 4.2, and XON, which the default map escapes and an empty one does not. */
    @ParameterizedTest
    @CsvSource({"7e, 00000000, 7d5e", "7d, 00000000, 7d5d", "03, ffffffff, 7d23", "03, 00000000, 03",
            "11, ffffffff, 7d31", "11, 00000000, 11", "91, ffffffff, 91", "20, ffffffff, 20"})
    void escapesAsTheRfcShows(String octet, String accm, String escaped) {
        byte[] line = HdlcEncoder.encode(hex(octet), (int) Long.parseLong(accm, 16));
        assertThat(HexFormat.of().formatHex(line)).startsWith("7e" + escaped);
    }

    @Test
    void framesAConfigureRequestLikeASerialPppd() {
        // pppd's first packet on a serial line: LCP Configure-Request with ACCM 0, magic, PFC and ACFC.
        byte[] request = hex("ff03c02101010014020600000000050669db23e407020802");
        byte[] line = HdlcEncoder.encode(request, HdlcEncoder.DEFAULT_ACCM);
        assertThat(HexFormat.of().formatHex(line))
                .startsWith("7eff7d23c0217d217d217d207d347d227d267d207d207d207d207d257d2669db23e47d277d227d287d22")
                .endsWith("7e");
        decode(line);
        assertThat(frames).containsExactly(request);
    }

    @Property
    void anyFrameSurvivesAnyLineInAnyPieces(@ForAll @NotEmpty @Size(max = MAX_FRAME) byte[] frame, @ForAll int accm,
            @ForAll @IntRange(min = 1, max = 7) int piece) {
        byte[] line = HdlcEncoder.encode(frame, accm);
        HdlcDecoder any = new HdlcDecoder(MAX_FRAME, accm);
        List<byte[]> got = new ArrayList<>();
        for (int i = 0; i < line.length; i += piece) {
            any.decode(line, i, Math.min(piece, line.length - i), got::add);
        }
        assertThat(got).hasSize(1).first().isEqualTo(frame);
        assertThat(any.dropped()).isZero();
    }

    @Property
    void anyBytesAreTakenWithoutComplaint(@ForAll @Size(max = 400) byte[] line, @ForAll int accm) {
        HdlcDecoder any = new HdlcDecoder(16, accm);
        List<byte[]> got = new ArrayList<>();
        any.decode(line, 0, line.length, got::add);
        assertThat(got).allMatch(frame -> frame.length <= 16);
    }

    @Property
    void oneFlippedBitIsNoticed(@ForAll @NotEmpty @Size(max = 30) byte[] frame,
            @ForAll @IntRange(max = 10_000) int at) {
        byte[] line = HdlcEncoder.encode(frame, HdlcEncoder.DEFAULT_ACCM);
        int bit = at % ((line.length - 2) * 8);
        line[1 + bit / 8] ^= (byte) (1 << bit % 8);
        HdlcDecoder any = new HdlcDecoder(MAX_FRAME, 0);
        List<byte[]> got = new ArrayList<>();
        any.decode(line, 0, line.length, got::add);
        assertThat(got).noneMatch(other -> other.length > frame.length);
        assertThat(got.size() + any.dropped()).isLessThanOrEqualTo(2);
        assertThat(got.stream().noneMatch(other -> Arrays.equals(other, frame))).isTrue();
    }

    @Test
    void framesMayShareAFlagAndStandBehindEmptyOnes() {
        byte[] first = HdlcEncoder.encode(hex("c0210901"), 0);
        byte[] second = HdlcEncoder.encode(hex("c0210902"), 0);
        byte[] line = new byte[first.length + second.length + 1];
        line[0] = 0x7e;
        System.arraycopy(first, 0, line, 1, first.length);
        System.arraycopy(second, 1, line, first.length + 1, second.length - 1);
        line[line.length - 1] = 0x7e;
        decode(line);
        assertThat(frames).containsExactly(hex("c0210901"), hex("c0210902"));
        assertThat(decoder.dropped()).isZero();
    }

    @Test
    void abortedDamagedShortAndLongFramesAreDroppedAndCounted() {
        decode(hex("7ec0217d7e"));
        decode(hex("7ec02101027e"));
        decode(hex("7e01027e"));
        decode(HdlcEncoder.encode(new byte[MAX_FRAME + 1], 0));
        assertThat(frames).isEmpty();
        assertThat(decoder.dropped()).isEqualTo(4);
        decode(HdlcEncoder.encode(hex("21aabb"), 0));
        assertThat(frames).containsExactly(hex("21aabb"));
    }

    @Test
    void controlCharactersThatTheLineInsertsAreRemoved() {
        byte[] line = HdlcEncoder.encode(hex("c0211111"), HdlcEncoder.DEFAULT_ACCM);
        byte[] noisy = new byte[line.length + 1];
        System.arraycopy(line, 0, noisy, 0, 3);
        noisy[3] = 0x13;
        System.arraycopy(line, 3, noisy, 4, line.length - 3);
        HdlcDecoder serial = new HdlcDecoder(MAX_FRAME, HdlcEncoder.DEFAULT_ACCM);
        serial.decode(noisy, 0, noisy.length, frames::add);
        assertThat(frames).containsExactly(hex("c0211111"));
    }

    private void decode(byte[] line) {
        decoder.decode(line, 0, line.length, frames::add);
    }

    private static int fcs(byte[] frame) {
        int fcs = Fcs16.INITIAL;
        for (byte octet : frame) {
            fcs = Fcs16.update(fcs, octet);
        }
        return fcs;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
