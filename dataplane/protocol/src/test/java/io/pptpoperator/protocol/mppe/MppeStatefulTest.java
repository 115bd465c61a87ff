package io.pptpoperator.protocol.mppe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MppeStatefulTest {
    private static final MppeParameters STATEFUL_128 = new MppeParameters(128, false);

    private final MppeWorkspace workspace = new MppeWorkspace();

    private MppeVerdict receive(MppeDecryptor decryptor, byte[] packet, int sequence) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
        return decryptor.decrypt(buffer, 0, packet.length, sequence, workspace);
    }

    @Property(tries = 50)
    void encryptsAsTheReferenceDoes(@ForAll long seed, @ForAll MppeStrength strength) {
        Random random = new Random(seed);
        var parameters = new MppeParameters(strength.bits(), false);
        byte[] key = TestPackets.key(random, parameters);
        var reference = new ReferenceSender(parameters, key, false);
        var encryptor = new MppeEncryptor(parameters, key);
        for (int k = 0; k < 600; k++) {
            if (random.nextInt(50) == 0) {
                reference.skipToFlagPacket();
                encryptor.reset();
                encryptor.reset();
            }
            byte[] data = TestPackets.ipv4(random, 20 + random.nextInt(60));
            ByteBuffer buffer = TestPackets.buffer(data, 3);
            encryptor.encrypt(buffer, 3, data.length + 2, workspace);
            assertThat(TestPackets.bytes(buffer, 3, data.length + 2)).isEqualTo(reference.encrypt(data));
        }
    }

    /** What is encrypted is all zeros, so that what comes out is the stream. */
    @Property(tries = 50)
    void noStreamIsUsedTwiceHoweverOftenThePeerAsksForAReset(@ForAll long seed, @ForAll MppeStrength strength,
            @ForAll @IntRange(min = 1, max = 60) int packetsPerReset) {
        Random random = new Random(seed);
        var parameters = new MppeParameters(strength.bits(), false);
        var encryptor = new MppeEncryptor(parameters, TestPackets.key(random, parameters));
        Set<ByteBuffer> streams = new HashSet<>();
        for (int k = 0; k < 1_000; k++) {
            if (random.nextInt(packetsPerReset) == 0) {
                encryptor.reset();
            }
            ByteBuffer buffer = TestPackets.buffer(new byte[32], 0);
            encryptor.encrypt(buffer, 0, 34, workspace);
            assertThat(streams.add(ByteBuffer.wrap(TestPackets.bytes(buffer, 2, 32)))).isTrue();
        }
    }

    /** Receivers as the RFC and as Linux have them; each asks for a reset when it has lost something. */
    @Property(tries = 100)
    void receiversOfEitherKindFollowAReset(@ForAll long seed, @ForAll boolean linux) {
        Random random = new Random(seed);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var encryptor = new MppeEncryptor(STATEFUL_128, key);
        var receiver = new ReferenceReceiver(STATEFUL_128, key, linux);
        int understood = 0;
        for (int k = 0; k < 3_000; k++) {
            byte[] data = TestPackets.ipv4(random, 20 + random.nextInt(20));
            ByteBuffer buffer = TestPackets.buffer(data, 0);
            encryptor.encrypt(buffer, 0, data.length + 2, workspace);
            boolean unasked = random.nextInt(200) == 0;
            if (unasked) {
                encryptor.reset();
            }
            if (random.nextInt(40) == 0) {
                continue;
            }
            byte[] plain = receiver.decrypt(TestPackets.bytes(buffer, 0, data.length + 2));
            if (plain == null) {
                encryptor.reset();
            } else {
                assertThat(plain).isEqualTo(data);
                understood++;
            }
        }
        assertThat(understood).isGreaterThan(2_500);
    }

    /** Every loss is answered with a Reset-Request that takes some packets to act, and may itself be lost. */
    @Property(tries = 100)
    void streamRecoversFromLossesWithPeersOfEitherKind(@ForAll long seed, @ForAll boolean linux) {
        Random random = new Random(seed);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var sender = new ReferenceSender(STATEFUL_128, key, linux);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        boolean waiting = false;
        int decrypted = 0;
        for (int sequence = 0; sequence < 3_000; sequence++) {
            byte[] data = TestPackets.ipv4(random, 20 + random.nextInt(20));
            byte[] packet = sender.encrypt(data);
            if (random.nextInt(40) == 0) {
                continue;
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
            MppeVerdict verdict = decryptor.decrypt(buffer, 0, packet.length, sequence, workspace);
            switch (verdict) {
                case OK -> {
                    assertThat(TestPackets.bytes(buffer, 2, data.length)).isEqualTo(data);
                    waiting = false;
                    decrypted++;
                }
                case NEEDS_RESET -> {
                    assertThat(waiting).isFalse();
                    waiting = true;
                }
                default -> assertThat(verdict).isEqualTo(MppeVerdict.DISCARDED);
            }
            if (waiting && random.nextInt(3) == 0) {
                sender.reset();
            }
        }
        assertThat(decrypted).isGreaterThan(2_000);
    }

    @Property(tries = 100)
    void bothDirectionsSpeakTheSame(@ForAll long seed, @ForAll @IntRange(max = 700) int lost) {
        Random random = new Random(seed);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var encryptor = new MppeEncryptor(STATEFUL_128, key);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        for (int sequence = 0; sequence < 300 + lost; sequence++) {
            if (sequence == 150 + lost) {
                encryptor.reset();
            }
            byte[] data = TestPackets.ipv4(random, 30);
            ByteBuffer buffer = TestPackets.buffer(data, 0);
            encryptor.encrypt(buffer, 0, data.length + 2, workspace);
            if (sequence >= 100 && sequence < 100 + lost) {
                continue;
            }
            MppeVerdict verdict = decryptor.decrypt(buffer, 0, data.length + 2, sequence, workspace);
            if (sequence < 100 || sequence >= 150 + lost) {
                assertThat(verdict).isEqualTo(MppeVerdict.OK);
                assertThat(TestPackets.bytes(buffer, 2, data.length)).isEqualTo(data);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4_095, 4_096, 9_000})
    void longGapIsBridgedByTheNextFlagPacket(int lost) {
        Random random = new Random(2);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var sender = new ReferenceSender(STATEFUL_128, key, false);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        assertThat(receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), 0)).isEqualTo(MppeVerdict.OK);
        for (int k = 0; k < lost; k++) {
            sender.encrypt(new byte[1]);
        }
        int recovered = 0;
        for (int sequence = lost + 1; sequence <= lost + 256; sequence++) {
            MppeVerdict verdict = receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), sequence);
            recovered += verdict == MppeVerdict.OK ? 1 : 0;
        }
        assertThat(recovered).isPositive();
    }

    @Test
    void latePacketIsNoLoss() {
        Random random = new Random(3);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var sender = new ReferenceSender(STATEFUL_128, key, false);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        byte[] first = sender.encrypt(TestPackets.ipv4(random, 30));
        assertThat(receive(decryptor, first, 1)).isEqualTo(MppeVerdict.OK);
        assertThat(receive(decryptor, first, 1)).isEqualTo(MppeVerdict.LATE);
        assertThat(receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), 2)).isEqualTo(MppeVerdict.OK);
    }

    @Test
    void flagPacketWithoutItsBitIsBogus() {
        Random random = new Random(4);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var sender = new ReferenceSender(STATEFUL_128, key, false);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        for (int sequence = 0; sequence < 255; sequence++) {
            receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), sequence);
        }
        byte[] flagPacket = sender.encrypt(TestPackets.ipv4(random, 30));
        byte[] broken = flagPacket.clone();
        broken[0] &= 0x7f;
        assertThat(receive(decryptor, broken, 255)).isEqualTo(MppeVerdict.BOGUS);
        assertThat(receive(decryptor, flagPacket, 255)).isEqualTo(MppeVerdict.OK);
    }

    @Property(tries = 300)
    void forgedPacketsNeverPassAndTheStreamRecovers(@ForAll byte[] forged,
            @ForAll @IntRange(max = 70_000) int sequence) {
        Random random = new Random(5);
        byte[] key = TestPackets.key(random, STATEFUL_128);
        var sender = new ReferenceSender(STATEFUL_128, key, false);
        var decryptor = new MppeDecryptor(STATEFUL_128, key);
        assertThat(receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), 0)).isEqualTo(MppeVerdict.OK);
        if (receive(decryptor, forged, sequence) == MppeVerdict.NEEDS_RESET) {
            sender.reset();
        }
        assertThat(receive(decryptor, sender.encrypt(TestPackets.ipv4(random, 30)), 1)).isEqualTo(MppeVerdict.OK);
    }
}
