package io.pptpoperator.protocol.gre;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.gre.ReceiveWindow.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveWindowTest {
    private static final int DELAY = 50;

    private final ReorderSlab slab = new ReorderSlab(16, 8);
    private final ReceiveWindow window = new ReceiveWindow(slab, 8, DELAY);
    private final List<Integer> delivered = new ArrayList<>();

    private Verdict offer(int sequence, long now) {
        return offer(window, sequence, now);
    }

    private Verdict offer(ReceiveWindow window, int sequence, long now) {
        var packet = ByteBuffer.allocateDirect(5).putInt(1, sequence);
        var verdict = window.offer(sequence, packet, 1, 4, now);
        if (verdict == Verdict.DELIVER) {
            delivered.add(sequence);
        }
        drain(window);
        return verdict;
    }

    private void drain(ReceiveWindow window) {
        while (window.nextHeld()) {
            assertThat(window.heldLength()).isEqualTo(4);
            assertThat(window.heldBuffer().getInt(window.heldOffset())).isEqualTo(window.heldSequence());
            delivered.add(window.heldSequence());
        }
    }

    @Test
    void theFirstPacketSetsTheBaseline() {
        assertThat(offer(70_000, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(70_001, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(69_999, 0)).isEqualTo(Verdict.LATE);
        assertThat(window.lostBefore()).isZero();
        assertThat(window.highest()).isEqualTo(70_001);
    }

    @Test
    void holdsWhatIsEarlyUntilTheGapIsFilled() {
        offer(0, 0);
        assertThat(offer(2, 0)).isEqualTo(Verdict.HELD);
        assertThat(offer(4, 0)).isEqualTo(Verdict.HELD);
        assertThat(offer(3, 0)).isEqualTo(Verdict.HELD);
        assertThat(window.highest()).isEqualTo(4);
        assertThat(delivered).containsExactly(0);
        assertThat(offer(1, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(delivered).containsExactly(0, 1, 2, 3, 4);
        assertThat(window.lost()).isZero();
        assertThat(window.reordered()).isEqualTo(3);
        assertThat(window.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(slab.used()).isZero();
    }

    @Test
    void givesAGapUpWhenAPacketHasWaitedLongEnough() {
        offer(0, 0);
        offer(2, 100);
        offer(5, 120);
        assertThat(window.deadline()).isEqualTo(150);
        window.expire(149);
        drain(window);
        assertThat(delivered).containsExactly(0);
        window.expire(150);
        drain(window);
        assertThat(delivered).containsExactly(0, 2);
        assertThat(window.lostBefore()).isEqualTo(1);
        assertThat(window.deadline()).isEqualTo(170);
        window.expire(170);
        drain(window);
        assertThat(delivered).containsExactly(0, 2, 5);
        assertThat(window.lostBefore()).isEqualTo(2);
        assertThat(window.lost()).isEqualTo(3);
        assertThat(offer(1, 171)).isEqualTo(Verdict.LATE);
    }

    @Test
    void aPacketTooFarAheadOfAMissingOneGivesItUp() {
        offer(0, 0);
        IntStream.rangeClosed(2, 9).forEach(i -> assertThat(offer(i, 0)).isEqualTo(Verdict.HELD));
        assertThat(delivered).containsExactly(0);
        offer(10, 0);
        assertThat(delivered).containsExactly(0, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void aPacketBehindAGivenUpGapIsStillDeliveredWhenNothingLaterWas() {
        offer(0, 0);
        offer(5, 0);
        offer(12, 0);
        assertThat(delivered).containsExactly(0);
        assertThat(offer(2, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.lostBefore()).isEqualTo(1);
        assertThat(offer(4, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(delivered).containsExactly(0, 2, 4, 5);
    }

    @Test
    void goesOnAtOnceAfterALoss() {
        offer(0, 0);
        assertThat(offer(1_025, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.lostBefore()).isEqualTo(1_024);
        assertThat(window.highest()).isEqualTo(1_025);
        assertThat(slab.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_026, 5_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void goesOnAfterALongLossOnceARunOfNumbersHasCome(int next) {
        offer(0, 0);
        for (int i = 0; i < 31; i++) {
            assertThat(offer(next + i, 0)).isIn(Verdict.FAR_AHEAD, Verdict.LATE);
            assertThat(window.highest()).isZero();
        }
        assertThat(offer(next + 31, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(next + 32, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.restarts()).isEqualTo(1);
    }

    @Test
    void aForgedPacketFarAheadMovesNothing() {
        offer(0, 0);
        for (int i = 1; i < 1_000; i++) {
            assertThat(offer(1 << 30, 0)).isEqualTo(Verdict.FAR_AHEAD);
            assertThat(offer((1 << 30) + 1, 0)).isEqualTo(Verdict.FAR_AHEAD);
            assertThat(offer(i, 0)).isEqualTo(Verdict.DELIVER);
        }
        assertThat(window.farAhead()).isEqualTo(2 * 999);
        assertThat(window.restarts()).isZero();
    }

    @Test
    void aForgedRunFarAheadIsUndoneByTheNextTwoPackets() {
        IntStream.range(0, 5).forEach(i -> offer(i, 0));
        IntStream.range(0, 40).forEach(i -> offer((1 << 30) + i, 0));
        assertThat(window.highest()).isEqualTo((1 << 30) + 39);
        assertThat(offer(5, 0)).isEqualTo(Verdict.LATE);
        assertThat(offer(6, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(7, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.highest()).isEqualTo(7);
    }

    @Test
    void aForgedPacketThatLooksLikeALossCostsAFewPackets() {
        IntStream.range(0, 5).forEach(i -> offer(i, 0));
        assertThat(offer(1_000, 0)).isEqualTo(Verdict.DELIVER);
        IntStream.range(5, 12).forEach(i -> assertThat(offer(i, 0)).isEqualTo(Verdict.LATE));
        assertThat(offer(12, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(13, 0)).isEqualTo(Verdict.DELIVER);
    }

    @Test
    void aPeerThatIsKnownToCountAnewIsUnderstoodAtOnce() {
        IntStream.range(0, 5).forEach(i -> offer(1_000_000 + i, 0));
        offer(1_000_007, 0);
        window.restart();
        assertThat(slab.used()).isZero();
        assertThat(offer(0, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(1, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.lostBefore()).isZero();
    }

    @Test
    void countsOnAcrossTheEndOfThirtyTwoBits() {
        offer(-2, 0);
        offer(0, 0);
        offer(1, 0);
        offer(-1, 0);
        assertThat(delivered).containsExactly(-2, -1, 0, 1);
        assertThat(window.highest()).isEqualTo(1);
    }

    @Test
    void tellsDuplicatesFromLatePackets() {
        offer(0, 0);
        offer(3, 0);
        assertThat(offer(3, 0)).isEqualTo(Verdict.DUPLICATE);
        window.expire(DELAY);
        drain(window);
        assertThat(offer(0, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(offer(1, 0)).isEqualTo(Verdict.LATE);
        assertThat(offer(3, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(window.duplicates()).isEqualTo(3);
        assertThat(window.late()).isEqualTo(1);
    }

    @Test
    void withoutReorderingAGapIsSkippedAtOnce() {
        var plain = new ReceiveWindow(slab, 0, 0);
        assertThat(offer(plain, 7, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(offer(plain, 9, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(plain.lostBefore()).isEqualTo(1);
        assertThat(offer(plain, 8, 0)).isEqualTo(Verdict.LATE);
        assertThat(offer(plain, 9, 0)).isEqualTo(Verdict.DUPLICATE);
        assertThat(plain.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aFullSlabEndsTheWaitInsteadOfLosingPackets() {
        var small = new ReorderSlab(3, 8);
        var first = new ReceiveWindow(small, 8, DELAY);
        var second = new ReceiveWindow(small, 8, DELAY);
        offer(first, 0, 0);
        offer(first, 2, 0);
        offer(first, 4, 0);
        assertThat(small.used()).isEqualTo(2);
        offer(first, 6, 0);
        assertThat(delivered).containsExactly(0, 2);
        assertThat(small.used()).isEqualTo(2);
        offer(second, 100, 0);
        assertThat(offer(second, 102, 0)).isEqualTo(Verdict.DELIVER);
        first.close();
        assertThat(small.used()).isZero();
        assertThat(offer(second, 104, 0)).isEqualTo(Verdict.HELD);
    }

    @Test
    void anEarlyPacketThatFitsNoSlotIsDroppedOnlyWhenOthersWait() {
        var big = ByteBuffer.allocateDirect(9);
        offer(0, 0);
        assertThat(window.offer(2, big, 0, 9, 0)).isEqualTo(Verdict.DELIVER);
        offer(4, 0);
        assertThat(window.offer(5, big, 0, 9, 0)).isEqualTo(Verdict.OVERSIZE);
        assertThat(window.oversize()).isEqualTo(1);
        assertThat(window.offer(3, big, 0, 9, 0)).isEqualTo(Verdict.DELIVER);
    }

    @Test
    void aPeerThatCountsAnewIsUnderstoodAfterARunOfItsNumbers() {
        offer(1_000_000, 0);
        IntStream.range(0, 31).forEach(i -> assertThat(offer(i, 0)).isEqualTo(Verdict.LATE));
        assertThat(offer(31, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.lostBefore()).isZero();
        assertThat(offer(32, 0)).isEqualTo(Verdict.DELIVER);
        assertThat(window.restarts()).isEqualTo(1);
        assertThat(window.highest()).isEqualTo(32);
    }

    @Test
    void replayedPacketsDoNotMoveASessionThatIsAlive() {
        offer(1_000_000, 0);
        for (int i = 0; i < 100; i++) {
            assertThat(offer(i, 0)).isEqualTo(Verdict.LATE);
            if (i % 20 == 0) {
                assertThat(offer(1_000_001 + i / 20, 0)).isEqualTo(Verdict.DELIVER);
            }
        }
        assertThat(window.restarts()).isZero();
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> new ReceiveWindow(slab, -1, 0)).hasMessageContaining("-1 packets");
        assertThatThrownBy(() -> new ReceiveWindow(slab, 1, -5)).hasMessageContaining("-5 ms");
        assertThatThrownBy(() -> new ReceiveWindow(slab, 5000, 5)).hasMessageContaining("5000 packets");
        assertThatThrownBy(() -> new ReorderSlab(1, 5)).hasMessageContaining("1 slots");
    }
}
