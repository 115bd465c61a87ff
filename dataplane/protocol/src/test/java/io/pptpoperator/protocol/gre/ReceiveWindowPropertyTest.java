package io.pptpoperator.protocol.gre;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.gre.ReceiveWindow.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ReceiveWindowPropertyTest {

    /** A window and what came out of it, each packet with the losses told before it. */
    private static final class Run {
        final ReorderSlab slab;
        final ReceiveWindow window;
        final List<String> out = new ArrayList<>();

        Run(int slots, int size, int delay) {
            slab = new ReorderSlab(slots, 16);
            window = new ReceiveWindow(slab, size, delay);
        }

        Verdict offer(int sequence, long now) {
            var packet = ByteBuffer.allocateDirect(8).putInt(4, sequence);
            var verdict = window.offer(sequence, packet, 4, 4, now);
            if (verdict == Verdict.DELIVER) {
                out.add(sequence + "-" + window.lostBefore());
            }
            drain();
            return verdict;
        }

        void drain() {
            while (window.nextHeld()) {
                out.add(window.heldBuffer().getInt(window.heldOffset()) + "-" + window.lostBefore());
            }
        }

        void expire(long now) {
            window.expire(now);
            drain();
        }
    }

    /** The same rules, written for the reader: a sorted map, numbers that never wrap. */
    private static final class Model {
        final int size;
        final int delay;
        final TreeMap<Long, Long> held = new TreeMap<>();
        final Set<Long> seen = new HashSet<>();
        final List<String> out = new ArrayList<>();
        long expected = -1;
        long waitedUpTo;

        Model(int size, int delay) {
            this.size = size;
            this.delay = delay;
        }

        void deliver(long sequence) {
            out.add((int) sequence + "-" + (sequence - expected));
            expected = sequence + 1;
            waitedUpTo = Math.max(waitedUpTo, expected);
        }

        void offer(long sequence, long now) {
            if (expected < 0) {
                expected = sequence;
                waitedUpTo = sequence;
            }
            if (!seen.add(sequence) || sequence < expected) {
                return;
            }
            if (held.isEmpty() && sequence - waitedUpTo > size) {
                deliver(sequence);
                return;
            }
            held.put(sequence, now);
            waitedUpTo = Math.max(waitedUpTo, sequence - size);
            drain();
        }

        void expire(long now) {
            held.forEach((sequence, arrival) -> {
                if (now - arrival >= delay) {
                    waitedUpTo = Math.max(waitedUpTo, sequence);
                }
            });
            drain();
        }

        void drain() {
            while (!held.isEmpty() && held.firstKey() <= waitedUpTo) {
                deliver(held.pollFirstEntry().getKey());
            }
        }
    }

    @Property
    void anyPermutationWithinTheWindowComesOutInOrderExactlyOnce(@ForAll int first,
            @ForAll @IntRange(min = 1, max = 40) int size, @ForAll long seed) {
        var random = new Random(seed);
        var pending = new ArrayList<Integer>();
        var run = new Run(size + 2, size, 50);
        run.offer(first, 0);
        int next = 1;
        int oldest = 1;
        while (oldest <= 200) {
            while (next <= 200 && next - oldest <= size) {
                pending.add(next++);
            }
            int sequence = pending.remove(/* index */ random.nextInt(pending.size()));
            assertThat(run.offer(first + sequence, 0)).isIn(Verdict.DELIVER, Verdict.HELD);
            oldest = pending.stream().mapToInt(Integer::intValue).min().orElse(next);
        }
        var inOrder = new ArrayList<String>();
        for (int i = 0; i <= 200; i++) {
            inOrder.add(first + i + "-0");
        }
        assertThat(run.out).isEqualTo(inOrder);
        assertThat(run.slab.used()).isZero();
    }

    @Property
    void lossDuplicationReorderingAndTimeActAsInTheModel(@ForAll @LongRange(min = 0, max = 0xFFFF_FFFFL) long first,
            @ForAll @IntRange(max = 12) int size, @ForAll @IntRange(max = 30) int delay, @ForAll long seed) {
        var random = new Random(seed);
        var run = new Run(size + 2, size, delay);
        var model = new Model(size, delay);
        long newest = first;
        long now = 0;
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(4);
            if (run.window.deadline() <= now) {
                run.expire(now);
                model.expire(now);
            }
            long sequence = switch (random.nextInt(10)) {
                case 0 -> newest += 2 + random.nextInt(3);
                case 1 -> random.nextInt(20) == 0 ? newest += random.nextInt(500) : ++newest;
                case 2, 3, 4 -> Math.max(first, newest - random.nextInt(20));
                default -> ++newest;
            };
            run.offer((int) sequence, now);
            model.offer(sequence, now);
            assertThat(run.out).isEqualTo(model.out);
            assertThat(run.window.highest()).isEqualTo((int) newest);
            assertThat(run.slab.used()).isEqualTo(model.held.size());
            assertThat(run.window.deadline() == Long.MAX_VALUE).isEqualTo(model.held.isEmpty());
            assertThat(run.window.deadline()).isGreaterThan(now - 1);
        }
    }

    @Property
    void whateverHappensWhatIsDeliveredAscendsAndIsAccountedFor(@ForAll int first, @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int slots) {
        var random = new Random(seed);
        var run = new Run(slots, 8, 10);
        run.offer(first, 0);
        for (int i = 0; i < 200; i++) {
            run.offer(first + random.nextInt(64), i);
            run.expire(i);
        }
        run.expire(1000);
        int previous = first - 1;
        long skipped = 0;
        for (String packet : run.out) {
            int dash = packet.lastIndexOf('-');
            int sequence = Integer.parseInt(packet.substring(0, dash));
            int lost = Integer.parseInt(packet.substring(dash + 1));
            assertThat(sequence - previous - 1).isEqualTo(lost).isNotNegative();
            skipped += lost;
            previous = sequence;
        }
        assertThat(run.window.lost()).isEqualTo(skipped);
        assertThat(run.window.oversize()).isZero();
        assertThat(run.slab.used()).isZero();
    }

    @Property
    void noSequenceOfNumbersTakesMoreThanTheWindowsShareOfTheSlab(@ForAll @IntRange(max = 20) int size,
            @ForAll @IntRange(min = 2, max = 30) int slots, @ForAll long seed) {
        var random = new Random(seed);
        var run = new Run(slots, size, 10);
        int near = random.nextInt();
        for (int i = 0; i < 300; i++) {
            switch (random.nextInt(20)) {
                case 0 -> near = random.nextInt();
                case 1 -> near += Integer.MAX_VALUE - random.nextInt(3);
                default -> near += random.nextInt(8) - 2;
            }
            run.offer(near, i);
            assertThat(run.slab.used()).isLessThanOrEqualTo(Math.min(size, slots - 1));
            run.expire(i);
            assertThat(run.window.deadline()).isGreaterThan(i);
        }
        run.expire(1000);
        assertThat(run.slab.used()).isZero();
        assertThat(run.window.oversize()).isZero();
    }
}
