package io.pptpoperator.protocol.ppp.auth.mschap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MsChapTest {

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** RFC 2433 appendix B.2. */
    @Test
    void hashExampleOfMsChapV1() {
        byte[] hash = MsChap.ntPasswordHash("MyPw");
        assertThat(hash).isEqualTo(hex("FC 15 6A F7 ED CD 6C 0E DD E3 33 7D 42 7F 4E AC"));
        assertThat(MsChap.challengeResponse(hex("10 2D B5 DF 08 5D 30 41"), hash))
                .isEqualTo(hex("4E 9D 3C 8F 9C FD 38 5D 5B F4 D3 24 67 91 95 6C A4 C3 51 AB 40 9A 3D 61"));
    }

    /** RFC 2433 appendix B.3, but for the parity bits, which nobody checks. */
    @Test
    void desKeysAreSpreadOverEightBytes() {
        byte[] hash = hex("FC 15 6A F7 ED CD 6C 0E DD E3 33 7D 42 7F 4E AC");
        assertThat(MsChap.withParityBits(hash, 0)).isEqualTo(withoutParity(hex("FD 0B 5B 5E 7F 6E 34 D9")));
        assertThat(MsChap.withParityBits(hash, 7)).isEqualTo(withoutParity(hex("0E 6E 79 67 37 EA 08 FE")));
    }

    private static byte[] withoutParity(byte[] key) {
        for (int k = 0; k < key.length; k++) {
            key[k] &= (byte) 0xfe;
        }
        return key;
    }

    /** RFC 2759 section 9.2. */
    @Test
    void hashExampleOfMsChapV2() {
        byte[] authenticatorChallenge = hex("5B 5D 7C 7D 7B 3F 2F 3E 3C 2C 60 21 32 26 26 28");
        byte[] peerChallenge = hex("21 40 23 24 25 5E 26 2A 28 29 5F 2B 3A 33 7C 7E");
        byte[] challenge = MsChapV2.challengeHash(peerChallenge, authenticatorChallenge, "User".getBytes(US_ASCII));
        assertThat(challenge).isEqualTo(hex("D0 2E 43 86 BC E9 12 26"));
        byte[] hash = MsChap.ntPasswordHash("clientPass");
        assertThat(hash).isEqualTo(hex("44 EB BA 8D 53 12 B8 D6 11 47 44 11 F5 69 89 AE"));
        byte[] response = MsChap.challengeResponse(challenge, hash);
        assertThat(response).isEqualTo(hex("82 30 9E CD 8D 70 8B 5E A0 8F AA 39 81 CD 83 54 42 33 11 4A 3D 85 D6 DF"));
        byte[] hashHash = MsChap.passwordHashHash(hash);
        assertThat(hashHash).isEqualTo(hex("41 C0 0C 58 4B D2 D9 1C 40 17 A2 A1 2F A5 9F 3F"));
        assertThat(MsChapV2.authenticatorResponse(hashHash, response, challenge))
                .isEqualTo("S=407A5589115FD0D6209F510FE9C04566932CDA56");
    }

    /** RFC 3079 section 2.5.1. */
    @Test
    void lanManagerHash() {
        assertThat(MsChap.lmPasswordHash("clientPass")).hasValue(hex("76a15293 6096d783 0e239022 7404afd2"));
        assertThat(MsChap.lmPasswordHash("CLIENTPASS")).hasValue(hex("76a15293 6096d783 0e239022 7404afd2"));
    }

    @Test
    void passwordsWithoutLanManagerHash() {
        assertThat(MsChap.lmPasswordHash("пароль")).isEmpty();
        assertThat(MsChap.lmPasswordHash("fifteen letters")).isEmpty();
        assertThat(MsChap.lmPasswordHash("fourteen char.")).isPresent();
    }

    @Test
    void passwordsAreHashedInUtf16() {
        assertThat(MsChap.ntPasswordHash("пароль"))
                .isEqualTo(Md4.digest(new byte[]{0x3f, 4, 0x30, 4, 0x40, 4, 0x3e, 4, 0x3b, 4, 0x4c, 4}));
    }
}
