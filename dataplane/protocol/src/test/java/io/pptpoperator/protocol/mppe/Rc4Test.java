package io.pptpoperator.protocol.mppe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class Rc4Test {

    private static byte[] referenceStream(byte[] key, int length) {
        return ReferenceKeys.cipher(key).update(new byte[Math.max(length, 1)]);
    }

    private static byte[] key(Random random, int length) {
        byte[] key = new byte[length];
        random.nextBytes(key);
        return key;
    }

    @Property(tries = 300)
    void oneStreamIsThatOfTheJdk(@ForAll long seed, @ForAll @IntRange(max = 700) int first,
            @ForAll @IntRange(max = 700) int second, @ForAll boolean shortKey) {
        byte[] key = key(new Random(seed), shortKey ? 8 : 16);
        byte[] expected = Arrays.copyOf(referenceStream(key, first + second), first + second);
        var rc4 = new Rc4();
        rc4.init(key, key.length);
        ByteBuffer buffer = ByteBuffer.allocateDirect(3 + first + second);
        rc4.crypt(buffer, 3, first);
        rc4.crypt(buffer, 3 + first, second);
        assertThat(TestPackets.bytes(buffer, 3, first + second)).isEqualTo(expected);

        rc4.init(key, key.length);
        byte[] data = new byte[first];
        rc4.crypt(data, first);
        assertThat(data).isEqualTo(Arrays.copyOf(expected, first));
    }

    @Property(tries = 300)
    void threeStreamsAreThoseOfTheJdk(@ForAll long seed, @ForAll @IntRange(max = 1500) int length,
            @ForAll @Size(3) boolean[] pairWithFirst) {
        Random random = new Random(seed);
        Rc4[] streams = {new Rc4(), new Rc4(), new Rc4()};
        byte[][] keys = {key(random, 16), key(random, 16), key(random, 16)};
        for (int k = 0; k < 3; k++) {
            if (pairWithFirst[k]) {
                Rc4.initPair(streams[k], keys[k], new Rc4(), key(random, 16), 16);
            } else {
                Rc4.initPair(new Rc4(), key(random, 16), streams[k], keys[k], 16);
            }
        }
        byte[][] actual = new byte[3][2000];
        Rc4.firstBytes(streams[0], actual[0], streams[1], actual[1], streams[2], actual[2], length);
        for (int k = 0; k < 3; k++) {
            byte[] expected = referenceStream(keys[k], length + 16);
            assertThat(Arrays.copyOf(actual[k], length)).isEqualTo(Arrays.copyOf(expected, length));
            byte[] rest = new byte[16];
            streams[k].crypt(rest, 16);
            assertThat(rest).isEqualTo(Arrays.copyOfRange(expected, length, length + 16));
        }
    }
}
