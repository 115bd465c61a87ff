package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthPacketTest {

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Property
    void challengesAndResponsesRoundTrip(@ForAll @IntRange(max = 255) int identifier,
            @ForAll @Size(min = 1, max = 255) byte[] value, @ForAll @Size(max = 256) byte[] name) {
        assertThat(ChapPacket.decode(new ChapPacket.Challenge(identifier, value, name).encode()))
                .usingRecursiveComparison()
                .isEqualTo(new ChapPacket.Challenge(identifier, value, name));
        assertThat(ChapPacket.decode(new ChapPacket.Response(identifier, value, name).encode()))
                .usingRecursiveComparison()
                .isEqualTo(new ChapPacket.Response(identifier, value, name));
    }

    @Property
    void papRequestsRoundTrip(@ForAll @IntRange(max = 255) int identifier, @ForAll @Size(max = 255) byte[] name,
            @ForAll @Size(max = 255) byte[] password) {
        assertThat(PapPacket.decode(new PapPacket.Request(identifier, name, password).encode()))
                .usingRecursiveComparison()
                .isEqualTo(new PapPacket.Request(identifier, name, password));
    }

    @Test
    void verdictsRoundTrip() {
        assertThat(ChapPacket.decode(new ChapPacket.Success(7, "välkommen").encode()))
                .isEqualTo(new ChapPacket.Success(7, "välkommen"));
        assertThat(ChapPacket.decode(new ChapPacket.Failure(255, "").encode()))
                .isEqualTo(new ChapPacket.Failure(255, ""));
        assertThat(PapPacket.decode(new PapPacket.Ack(7, "välkommen").encode()))
                .isEqualTo(new PapPacket.Ack(7, "välkommen"));
        assertThat(PapPacket.decode(hex("03 07 0004"))).isEqualTo(new PapPacket.Nak(7, ""));
    }

    @Test
    void bytesAreThoseOfTheRfcs() {
        assertThat(new ChapPacket.Response(0x2a, hex("0102"), "ab".getBytes(UTF_8)).encode())
                .isEqualTo(hex("02 2a 0009 02 0102 6162"));
        assertThat(new PapPacket.Request(1, "ab".getBytes(UTF_8), "c".getBytes(UTF_8)).encode())
                .isEqualTo(hex("01 01 0009 02 6162 01 63"));
    }

    @Test
    void paddingIsLeftOut() {
        assertThat(ChapPacket.decode(hex("03 01 0006 4f4b 0000"))).isEqualTo(new ChapPacket.Success(1, "OK"));
    }

    @ParameterizedTest
    @CsvSource({"0101, a packet of 2 bytes has no room for its header of 4",
            "03010003, Length is 3 in a packet of 4 bytes", "03010009 4f, Length is 9 in a packet of 5 bytes",
            "01010004, Value of 0 bytes does not fit into the 0 that are left",
            "01010007 05 0102, Value of 5 bytes does not fit into the 2 that are left",
            "01010006 00 61, 'Value is empty, but has at least one byte'", "05010004, CHAP code 5 is none of 1 to 4",
            "00010004, CHAP code 0 is none of 1 to 4"})
    void brokenChapPacketIsToldInWords(String packet, String message) {
        assertThatThrownBy(() -> ChapPacket.decode(hex(packet))).isInstanceOf(AuthPacketException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"04010004, PAP code 4 is none of 1 to 3",
            "01010007 03 6162, Peer-ID of 3 bytes does not fit into the 2 that are left",
            "01010007 02 6162, Password of 0 bytes does not fit into the 0 that are left",
            "02010005 01, Message of 1 bytes does not fit into the 0 that are left"})
    void brokenPapPacketIsToldInWords(String packet, String message) {
        assertThatThrownBy(() -> PapPacket.decode(hex(packet))).isInstanceOf(AuthPacketException.class)
                .hasMessage(message);
    }

    @Property(tries = 1_000)
    void decodersThrowNothingElse(@ForAll byte[] packet, @ForAll @IntRange(max = 6) int code, @ForAll boolean header) {
        if (header && packet.length >= 4) {
            packet[0] = (byte) code;
            packet[2] = 0;
            packet[3] = (byte) packet.length;
        }
        assertOnlyTheDeclaredException(() -> ChapPacket.decode(packet));
        assertOnlyTheDeclaredException(() -> PapPacket.decode(packet));
    }

    @Property(tries = 500)
    void mutatedPacketsThrowNothingElse(@ForAll @Size(min = 1, max = 60) byte[] value,
            @ForAll @Size(max = 40) byte[] name, @ForAll @IntRange(max = 200) int place, @ForAll byte replacement,
            @ForAll @IntRange(max = 20) int cut) {
        for (byte[] packet : new byte[][]{new ChapPacket.Response(1, value, name).encode(),
                new PapPacket.Request(1, name, value).encode()}) {
            packet[place % packet.length] = replacement;
            byte[] shortened = Arrays.copyOf(packet, Math.max(packet.length - cut, 0));
            assertOnlyTheDeclaredException(() -> ChapPacket.decode(shortened));
            assertOnlyTheDeclaredException(() -> PapPacket.decode(shortened));
        }
    }

    private static void assertOnlyTheDeclaredException(Runnable decoder) {
        assertThatCode(() -> {
            try {
                decoder.run();
            } catch (AuthPacketException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }).doesNotThrowAnyException();
    }

    @Property
    void failureMessagesAreParsedWhateverTheySay(@ForAll String text) {
        assertThatCode(() -> MsChapFailure.parse(text)).doesNotThrowAnyException();
        assertThatCode(() -> MsChapFailure.parse("E=691 R=1 C=" + text)).doesNotThrowAnyException();
    }

    @Test
    void failureMessageRoundTrips() {
        var failure = new MsChapFailure(648, true, hex("00112233445566778899aabbccddeeff"), "Password expired");
        assertThat(failure.encode()).isEqualTo("E=648 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Password expired");
        assertThat(MsChapFailure.parse(failure.encode()))
                .hasValueSatisfying(parsed -> assertThat(parsed).usingRecursiveComparison().isEqualTo(failure));
    }

    @Test
    void credentialsShowNoSecret() {
        assertThat(new Credentials.Password("secret")).asString().doesNotContain("secret");
        assertThat(new Credentials.NtHash(new byte[16])).asString().isEqualTo("NtHash[hidden]");
        assertThat(new LoginQuestion("anna", new LoginEvidence.Pap("secret".getBytes(UTF_8)), false)).asString()
                .contains("anna")
                .doesNotContain("secret");
        assertThat(new PapPacket.Request(1, new byte[0], "secret".getBytes(UTF_8))).asString().doesNotContain("secret");
    }
}
