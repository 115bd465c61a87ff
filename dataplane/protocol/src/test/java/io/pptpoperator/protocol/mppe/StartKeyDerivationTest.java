package io.pptpoperator.protocol.mppe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The sample key derivations of RFC 3079 sections 2.5 and 3.5: user "User", password "clientPass". */
class StartKeyDerivationTest {
    private static final byte[] PASSWORD_HASH_HASH = hex("41c00c584bd2d91c4017a2a12fa59f3f");
    private static final byte[] LM_HASH = hex("76a1529360 96d7830e 23902274 04afd2");
    private static final byte[] CHALLENGE = hex("102db5df085d3041");
    private static final byte[] NT_RESPONSE = hex("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] initialKey(MppeStrength strength, byte[] startKey) {
        return new SessionKeys(new MppeParameters(strength.bits(), true), startKey).initialKey(new MppeWorkspace());
    }

    private static byte[] encrypted(byte[] key) {
        byte[] message = "test message".getBytes(US_ASCII);
        var rc4 = new Rc4();
        rc4.init(key, key.length);
        rc4.crypt(message, message.length);
        return message;
    }

    @Test
    void keysOfMsChapV1() {
        MppeStartKeys keys = StartKeyDerivation.msChapV1(PASSWORD_HASH_HASH, CHALLENGE, LM_HASH);
        assertThat(keys.send128()).isEqualTo(keys.receive128());
        assertThat(keys.sendShort()).isEqualTo(keys.receiveShort());

        byte[] key40 = initialKey(MppeStrength.BITS_40, keys.sendShort());
        assertThat(key40).isEqualTo(hex("d1269e538cec4a08"));
        byte[] key56 = initialKey(MppeStrength.BITS_56, keys.sendShort());
        assertThat(key56).isEqualTo(hex("d10801538cec4a08"));

        // Section 2.5.3 prints this start key in two ways; only with c1 in its eighth place the rest comes out.
        assertThat(keys.send128()).isEqualTo(hex("a8947850cfc0acc1d1789fb62ddcddb0"));
        byte[] key128 = initialKey(MppeStrength.BITS_128, keys.send128());
        assertThat(key128).isEqualTo(hex("59d159bc09f76f1da2a86a28ffec0b1e"));
    }

    @Test
    void keysOfMsChapV2() {
        MppeStartKeys server = StartKeyDerivation.msChapV2(PASSWORD_HASH_HASH, NT_RESPONSE, true);
        assertThat(server.send128()).isEqualTo(hex("8b7cdc149b993a1ba118cb153f56dccb"));
        assertThat(server.receive128()).isEqualTo(hex("d5f0e9521e3ea9589645e86051c82226"));
        assertThat(server.sendShort()).isEqualTo(hex("8b7cdc149b993a1b"));

        byte[] key40 = initialKey(MppeStrength.BITS_40, server.sendShort());
        assertThat(key40).isEqualTo(hex("d1269ec49fa62e3e"));
        assertThat(encrypted(key40)).isEqualTo(hex("929137917e5803d668d75898"));
        byte[] key56 = initialKey(MppeStrength.BITS_56, server.sendShort());
        assertThat(key56).isEqualTo(hex("d15c00c49fa62e3e"));
        byte[] key128 = initialKey(MppeStrength.BITS_128, server.send128());
        assertThat(key128).isEqualTo(hex("405cb2247a7956e6e211007ae27b22d4"));
        assertThat(encrypted(key128)).isEqualTo(hex("81848317df68846272fb5abe"));
    }

    @Test
    void whatOneEndSendsTheOtherReceives() {
        MppeStartKeys server = StartKeyDerivation.msChapV2(PASSWORD_HASH_HASH, NT_RESPONSE, true);
        MppeStartKeys client = StartKeyDerivation.msChapV2(PASSWORD_HASH_HASH, NT_RESPONSE, false);
        assertThat(client.send128()).isEqualTo(server.receive128());
        assertThat(client.receive128()).isEqualTo(server.send128());
        assertThat(client.sendShort()).isEqualTo(server.receiveShort());
        assertThat(client.receiveShort()).isEqualTo(server.sendShort());
    }

    @Test
    void withoutLanManagerHashMsChapV1HasNoShortKeys() {
        MppeStartKeys keys = StartKeyDerivation.msChapV1(PASSWORD_HASH_HASH, CHALLENGE, null);
        assertThat(keys.hasShortKeys()).isFalse();
        assertThatThrownBy(() -> keys.encryptor(new MppeParameters(40, true))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MPPE 40 bits, stateless");
    }

    @Test
    void textShowsNoKey() {
        MppeStartKeys keys = StartKeyDerivation.msChapV1(PASSWORD_HASH_HASH, CHALLENGE, LM_HASH);
        assertThat(keys).hasToString("MppeStartKeys[128, 56 and 40 bits]");
    }
}
