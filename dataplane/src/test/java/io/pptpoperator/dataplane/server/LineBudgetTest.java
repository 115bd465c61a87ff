package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A flood of strangers fills no disk. */
class LineBudgetTest {

    private static int written(LineBudget budget, int wanted) {
        int written = 0;
        for (int i = 0; i < wanted; i++) {
            written += budget.take() ? 1 : 0;
        }
        return written;
    }

    @Test
    void onlySoManyLinesAreWrittenInASecond() {
        LineBudget budget = new LineBudget(5_000);
        assertThat(written(budget, 1_000)).isEqualTo(LineBudget.LINES_PER_SECOND);
        assertThat(budget.omittedBefore(5_999)).isEmpty();
        assertThat(budget.take()).isFalse();
    }

    @Test
    void theNextSecondSaysHowManyWereLeftOutAndBeginsAnew() {
        LineBudget budget = new LineBudget(5_000);
        written(budget, 1_000);
        assertThat(budget.omittedBefore(6_000)).hasValue(1_000 - LineBudget.LINES_PER_SECOND);
        assertThat(written(budget, 1_000)).isEqualTo(LineBudget.LINES_PER_SECOND);
    }

    @Test
    void nothingIsSaidOfASecondInWhichAllWasWritten() {
        LineBudget budget = new LineBudget(5_000);
        written(budget, LineBudget.LINES_PER_SECOND);
        assertThat(budget.omittedBefore(6_000)).isEmpty();
    }
}
