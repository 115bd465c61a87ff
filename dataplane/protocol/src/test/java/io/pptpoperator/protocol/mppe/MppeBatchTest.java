package io.pptpoperator.protocol.mppe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MppeBatchTest {
    private static final int SLOT = 2_600;

    /** One session's two ends. */
    private static final class Session {
        final ReferenceSender reference;
        final MppeEncryptor encryptor;
        final MppeDecryptor decryptor;

        Session(Random random) {
            int[] strengths = {40, 56, 128};
            var parameters = new MppeParameters(strengths[random.nextInt(3)], random.nextInt(5) != 0);
            byte[] key = TestPackets.key(random, parameters);
            reference = new ReferenceSender(parameters, key, false);
            encryptor = new MppeEncryptor(parameters, key);
            decryptor = new MppeDecryptor(parameters, key);
        }
    }

    @Test
    void rubbishIsHeldAgainstTheKeysInABatchAsWell() {
        Random random = new Random(3);
        var parameters = new MppeParameters(128, true);
        var decryptor = new MppeDecryptor(parameters, TestPackets.key(random, parameters));
        var batch = new MppeBatch(20);
        ByteBuffer buffer = ByteBuffer.allocateDirect(20 * SLOT);
        for (int k = 0; k < 20; k++) {
            buffer.putShort(k * SLOT, (short) (0x9000 | k)).putInt(k * SLOT + 2, random.nextInt());
            batch.decrypt(decryptor, buffer, k * SLOT, 60, k);
        }
        assertThat(decryptor.isHopeless()).as("before the last ones are completed").isTrue();
        batch.finish();
        assertThat(batch.verdict(19)).isEqualTo(MppeVerdict.BOGUS);
    }

    @Property(tries = 150)
    void batchDoesWhatOnePacketAfterTheOtherDoes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int packets) {
        Random random = new Random(seed);
        List<Session> sessions = List.of(new Session(random), new Session(random), new Session(random));
        var batch = new MppeBatch(packets);
        ByteBuffer buffer = ByteBuffer.allocateDirect(packets * SLOT);
        for (int round = 0; round < 4; round++) {
            List<Session> owners = new ArrayList<>();
            List<byte[]> data = new ArrayList<>();
            for (int k = 0; k < packets; k++) {
                owners.add(sessions.get(random.nextInt(3)));
                data.add(TestPackets.ipv4(random, 20 + random.nextInt(random.nextInt(8) == 0 ? 2_500 : 200)));
            }
            batch.clear();
            for (int k = 0; k < packets; k++) {
                buffer.put(k * SLOT + 2, data.get(k));
                batch.encrypt(owners.get(k).encryptor, buffer, k * SLOT, data.get(k).length + 2);
            }
            batch.finish();
            assertThat(batch.size()).isEqualTo(packets);
            for (int k = 0; k < packets; k++) {
                assertThat(TestPackets.bytes(buffer, k * SLOT, data.get(k).length + 2))
                        .isEqualTo(owners.get(k).reference.encrypt(data.get(k)));
            }
            boolean[] forged = new boolean[packets];
            batch.clear();
            for (int k = 0; k < packets; k++) {
                if (random.nextInt(10) == 0 && owners.get(k).decryptor.isStateless()) {
                    forged[k] = true;
                    buffer.put(k * SLOT + 2, (byte) ~buffer.get(k * SLOT + 2));
                }
                batch.decrypt(owners.get(k).decryptor, buffer, k * SLOT, data.get(k).length + 2, round * packets + k);
            }
            batch.finish();
            for (int k = 0; k < packets; k++) {
                assertThat(batch.verdict(k)).isEqualTo(forged[k] ? MppeVerdict.BOGUS : MppeVerdict.OK);
                if (!forged[k]) {
                    assertThat(TestPackets.bytes(buffer, k * SLOT + 2, data.get(k).length)).isEqualTo(data.get(k));
                }
            }
        }
    }

    @Test
    void longGapInsideABatchIsBridged() {
        Random random = new Random(3);
        var parameters = new MppeParameters(128, true);
        byte[] key = TestPackets.key(random, parameters);
        var sender = new ReferenceSender(parameters, key, false);
        var decryptor = new MppeDecryptor(parameters, key);
        var batch = new MppeBatch(4);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4 * SLOT);
        for (int k = 0; k < 4; k++) {
            byte[] packet = sender.encrypt(TestPackets.ipv4(random, 100));
            buffer.put(k * SLOT, packet);
            batch.decrypt(decryptor, buffer, k * SLOT, packet.length, k < 2 ? k : k + 5_000);
            for (int lost = 0; k == 1 && lost < 5_000; lost++) {
                sender.encrypt(new byte[1]);
            }
        }
        batch.finish();
        for (int k = 0; k < 4; k++) {
            assertThat(batch.verdict(k)).isEqualTo(MppeVerdict.OK);
        }
    }

    @Test
    void nothingIsAllocatedPerPacket() {
        Random random = new Random(1);
        byte[] key = TestPackets.key(random, new MppeParameters(128, true));
        var batch = new MppeBatch(16);
        byte[] data = TestPackets.ipv4(random, 1_400);
        ByteBuffer buffer = ByteBuffer.allocateDirect(16 * SLOT);
        var stateless = new MppeParameters(128, true);
        var stateful = new MppeParameters(128, false);
        var encryptors = List.of(new MppeEncryptor(stateless, key), new MppeEncryptor(stateful, key));
        var decryptors = List.of(new MppeDecryptor(stateless, key), new MppeDecryptor(stateful, key));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int round = 0; round < 200; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int mode = 0; mode < 2; mode++) {
                batch.clear();
                for (int k = 0; k < 16; k++) {
                    buffer.put(k * SLOT + 2, data);
                    batch.encrypt(encryptors.get(mode), buffer, k * SLOT, data.length + 2);
                }
                batch.finish();
                batch.clear();
                for (int k = 0; k < 16; k++) {
                    batch.decrypt(decryptors.get(mode), buffer, k * SLOT, data.length + 2, round * 16 + k);
                }
                batch.finish();
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(batch.verdict(15)).isEqualTo(MppeVerdict.OK);
        assertThat(allocated).isZero();
    }
}
