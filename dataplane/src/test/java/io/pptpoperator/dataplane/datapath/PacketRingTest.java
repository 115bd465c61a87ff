package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PacketRingTest {
    private static final int LARGEST = 65_546;

    private final PacketRing ring = new PacketRing();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(LARGEST + 3);

    /** A packet whose every byte follows from its number and its length. */
    private boolean offer(int number, int length) {
        for (int i = 0; i < length; i++) {
            packet.put(3 + i, (byte) (number * 31 + i));
        }
        return ring.offer(packet, 3, length);
    }

    private void assertNext(int number, int length) {
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.packetLength()).isEqualTo(length);
        int wrong = 0;
        for (int i = 0; i < length; i++) {
            wrong += ring.memory().get(ring.packetOffset() + i) == (byte) (number * 31 + i) ? 0 : 1;
        }
        assertThat(wrong).as("wrong bytes in packet %s", number).isZero();
        ring.release();
    }

    @Test
    void whatGoesInComesOutInOrder() {
        assertThat(ring.isEmpty()).isTrue();
        assertThat(offer(1, 1)).isTrue();
        assertThat(offer(2, LARGEST)).isTrue();
        assertThat(offer(3, 1500)).isTrue();
        assertNext(1, 1);
        assertNext(2, LARGEST);
        assertNext(3, 1500);
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void aFullRingTakesNoMoreUntilOneIsTakenOut() {
        int taken = 0;
        while (offer(taken, 1500)) {
            taken++;
        }
        assertThat(taken).isBetween(600, 700);
        assertNext(0, 1500);
        assertThat(offer(taken, 1500)).isTrue();
        assertThat(offer(taken + 1, 1500)).isFalse();
        for (int i = 1; i <= taken; i++) {
            assertNext(i, 1500);
        }
        assertThat(ring.isEmpty()).isTrue();
    }

    @Property(tries = 10)
    void anyMixtureOfLengthsGoesRoundTheMemoryAnyNumberOfTimes(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int depth) {
        Random random = new Random(seed);
        Deque<int[]> inside = new ArrayDeque<>();
        for (int number = 0; number < 400; number++) {
            int length = random.nextInt(4) == 0 ? random.nextInt(1, LARGEST) : random.nextInt(1, 1600);
            if (offer(number, length)) {
                inside.add(new int[]{number, length});
            }
            while (inside.size() > depth) {
                int[] oldest = inside.remove();
                assertNext(oldest[0], oldest[1]);
            }
        }
        while (!inside.isEmpty()) {
            int[] oldest = inside.remove();
            assertNext(oldest[0], oldest[1]);
        }
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void oneThreadMayPutInWhileAnotherTakesOut() {
        int packets = 100_000;
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> {
            Random lengths = new Random(7);
            for (int number = 0; number < packets; number++) {
                int length = lengths.nextInt(1, 300);
                while (!offer(number, length)) {
                    Thread.onSpinWait();
                }
            }
        });
        Random lengths = new Random(7);
        for (int number = 0; number < packets; number++) {
            while (ring.isEmpty()) {
                assertThat(producer.isCompletedExceptionally()).isFalse();
                Thread.onSpinWait();
            }
            assertNext(number, lengths.nextInt(1, 300));
        }
        producer.join();
        assertThat(ring.isEmpty()).isTrue();
    }
}
