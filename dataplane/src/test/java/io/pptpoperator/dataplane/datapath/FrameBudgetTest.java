package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A session's control frames are bounded, and no client's needs come near the bound. */
class FrameBudgetTest {

    private final FrameBudget budget = new FrameBudget();

    private int passed(int count, long now) {
        int passed = 0;
        for (int i = 0; i < count; i++) {
            passed += budget.take(now) ? 1 : 0;
        }
        return passed;
    }

    @Test
    void aStormIsCutDownToSoManyAtOnceAndSoManyASecond() {
        assertThat(passed(100_000, 7_000)).isEqualTo(FrameBudget.AT_ONCE);
        assertThat(passed(100_000, 8_000)).isEqualTo(FrameBudget.PER_SECOND);
        assertThat(passed(100_000, 8_010)).isOne();
        assertThat(passed(100_000, 8_015)).isZero();
        assertThat(passed(100_000, 8_020)).isOne();
    }

    @Test
    void restFillsItUpAgain() {
        passed(100_000, 7_000);
        assertThat(passed(100_000, 7_000_000)).isEqualTo(FrameBudget.AT_ONCE);
    }

    @Test
    void aClientThatAsksForAResetWithEveryPacketIsAnsweredEveryTenMilliseconds() {
        int answered = 0;
        for (long now = 0; now < 60_000; now++) {
            answered += passed(5, now) > 0 ? 1 : 0;
        }
        assertThat(answered).isGreaterThanOrEqualTo(60 * FrameBudget.PER_SECOND - 1);
    }

    @Test
    void aClockThatStandsStillGivesNothing() {
        passed(100_000, 7_000);
        assertThat(passed(10, 6_000)).isZero();
        assertThat(passed(10, 7_000)).isZero();
    }
}
