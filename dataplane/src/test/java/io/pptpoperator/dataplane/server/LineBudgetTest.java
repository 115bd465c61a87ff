package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A flood fills no disk. */
class LineBudgetTest {

    private final LineBudget budget = new LineBudget(20, 60, 5_000);

    private int written(int wanted, long now) {
        int written = 0;
        for (int i = 0; i < wanted; i++) {
            written += budget.take(now) ? 1 : 0;
        }
        return written;
    }

    @Test
    void onlySoManyLinesAreWrittenAtOnceAndMoreAsTimePasses() {
        assertThat(written(1_000, 5_000)).isEqualTo(20);
        assertThat(written(1_000, 5_999)).isZero();
        assertThat(written(1_000, 6_000)).isEqualTo(1);
        assertThat(written(1_000, 16_000)).isEqualTo(10);
        assertThat(written(1_000, 1_000_000)).isEqualTo(20);
    }

    @Test
    void whatWasLeftOutIsToldOfASecondLaterAndOnce() {
        written(1_000, 5_000);
        assertThat(budget.takeOmitted(5_999)).isZero();
        assertThat(budget.takeOmitted(6_000)).isEqualTo(980);
        assertThat(budget.takeOmitted(9_000)).isZero();
    }

    @Test
    void nothingIsToldWhereAllWasWritten() {
        written(20, 5_000);
        assertThat(budget.hasOmitted()).isFalse();
        assertThat(budget.takeOmitted(9_000)).isZero();
    }
}
