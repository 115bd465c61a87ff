package io.pptpoperator.dataplane.mppe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MppeTest {
    private final MppeWorkspace workspace = new MppeWorkspace();

    /** An IPv4 packet behind its PPP protocol field, two bytes further on than the MPPE header at 0. */
    static byte[] ipv4(Random random, int length) {
        byte[] data = new byte[2 + length];
        random.nextBytes(data);
        data[0] = 0;
        data[1] = 0x21;
        data[2] = 0x45;
        data[4] = (byte) (length >> 8);
        data[5] = (byte) length;
        return data;
    }

    @Property(tries = 200)
    void statelessPacketsAreWhatTheReferenceSays(@ForAll long seed, @ForAll MppeStrength strength,
            @ForAll @IntRange(min = 20, max = 1500) int length) throws Exception {
        Random random = new Random(seed);
        byte[] startKey = new byte[strength.keyLength()];
        random.nextBytes(startKey);
        var reference = new ReferenceKeys(strength, startKey);
        MppeMode mode = new MppeMode(strength, false);
        var encryptor = new MppeEncryptor(mode, startKey);
        var decryptor = new MppeDecryptor(mode, startKey);
        ByteBuffer buffer = ByteBuffer.allocateDirect(2000);
        for (int count = 0; count < 20; count++) {
            byte[] plain = ipv4(random, length);
            reference.advance();
            Cipher cipher = reference.cipher();
            byte[] expected = cipher.doFinal(plain);
            buffer.put(9, plain);
            encryptor.encrypt(buffer, 7, plain.length + 2, workspace);
            byte[] actual = new byte[plain.length];
            buffer.get(9, actual);
            assertThat(buffer.getShort(7) & 0xffff).isEqualTo(0x9000 | count);
            assertThat(actual).isEqualTo(expected);
            if (random.nextInt(4) != 0) {
                assertThat(decryptor.decrypt(buffer, 7, plain.length + 2, 10 + count, workspace))
                        .isEqualTo(MppeVerdict.OK);
                buffer.get(9, actual);
                assertThat(Arrays.equals(actual, plain)).isTrue();
            }
        }
    }
}
