package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RealTimePriorityTest {
    private static final long MILLISECOND = 1_000_000;

    private long now = 5_000 * MILLISECOND;
    private long used = 77 * MILLISECOND;
    private final RealTimePriority priority = new RealTimePriority(now, used);

    /** Lets the worker have so many percent of the CPU for a time; returns for how many milliseconds it had it. */
    private int live(int percent, int milliseconds) {
        int granted = 0;
        for (int i = 0; i < milliseconds; i += 10) {
            now += 10 * MILLISECOND;
            used += 10 * MILLISECOND * percent / 100;
            granted += priority.look(now, used) ? 10 : 0;
        }
        return granted;
    }

    @Test
    void aWorkerThatLeavesSomeOfTheCpuAlwaysHasIt() {
        assertThat(live(95, 10_000)).isEqualTo(10_000);
        assertThat(live(20, 10_000)).isEqualTo(10_000);
    }

    @Test
    void aWorkerThatOthersKeepFromRunningHasTakenNothingFromThem() {
        assertThat(live(0, 10_000)).isEqualTo(10_000);
    }

    @Test
    void aWorkerThatUsesUpACpuStepsBackForAFifthOfTheTime() {
        assertThat(live(100, 190)).isEqualTo(190);
        assertThat(live(100, 50)).as("after 200 ms, for 50").isZero();
        assertThat(live(100, 200)).isEqualTo(200);
        assertThat(live(100, 10_000)).isBetween(7_500, 8_500);
    }

    @Test
    void aMomentOfRestIsEnough() {
        live(100, 200);
        assertThat(live(10, 40)).isZero();
        assertThat(live(10, 1_000)).isEqualTo(1_000);
    }

    @Test
    void theTimeIsLookedAtOnceInAWhile() {
        assertThat(priority.isDue(now + 9 * MILLISECOND)).isFalse();
        assertThat(priority.isDue(now + 10 * MILLISECOND)).isTrue();
        priority.look(now + 10 * MILLISECOND, used);
        assertThat(priority.isDue(now + 19 * MILLISECOND)).isFalse();
    }
}
