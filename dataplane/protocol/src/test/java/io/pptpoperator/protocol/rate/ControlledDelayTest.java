package io.pptpoperator.protocol.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControlledDelayTest {
    private static final long MILLI = 1_000_000;
    private static final int MUCH = 100_000;

    private final ControlledDelay delay = new ControlledDelay();
    private long now = 1;

    /** Drops within so many milliseconds, of a packet a millisecond. */
    private int drops(int millis, long waited, int behind) {
        int drops = 0;
        for (int i = 0; i < millis; i++) {
            now += MILLI;
            while (delay.drops(waited, behind, ControlledDelay.TARGET, now)) {
                drops++;
            }
        }
        return drops;
    }

    @Test
    void aBurstLosesNothing() {
        assertThat(drops(99, 80 * MILLI, MUCH)).isZero();
        assertThat(drops(1, 2 * MILLI, MUCH)).isZero();
        assertThat(drops(99, 80 * MILLI, MUCH)).isZero();
    }

    @Test
    void aShortQueueLosesNothingHoweverLongItWaits() {
        assertThat(drops(5_000, 80 * MILLI, 1_514)).isZero();
    }

    /** RFC 8289 section 3.3: the nth drop follows after the interval by the root of n. */
    @Test
    void aStandingQueueLosesMoreAndMore() {
        assertThat(drops(101, 80 * MILLI, MUCH)).isOne();
        assertThat(drops(99, 80 * MILLI, MUCH)).isZero();
        assertThat(drops(2, 80 * MILLI, MUCH)).isOne();
        assertThat(drops(71, 80 * MILLI, MUCH)).isOne();
        int first = drops(1_000, 80 * MILLI, MUCH);
        int second = drops(1_000, 80 * MILLI, MUCH);
        assertThat(second).isGreaterThan(first).isGreaterThan(30);
    }

    @Test
    void itStopsWithTheQueueAndGoesOnWhereItWasWhenThatComesBack() {
        int before = drops(2_000, 80 * MILLI, MUCH);
        assertThat(drops(50, MILLI, MUCH)).isZero();
        int after = drops(2_000, 80 * MILLI, MUCH);
        assertThat(after).isGreaterThan(before);
    }
}
