package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RealTimePriorityTest {
    private static final long MILLISECOND = 1_000_000;

    private long now = 5_000 * MILLISECOND;
    private final RealTimePriority priority = new RealTimePriority(now);

    /**
     * Lets the worker be awake for so many of the next hundred milliseconds, in turns; returns how often it had it.
     */
    private int live(int awake) {
        int granted = 0;
        for (int i = 0; i < 100; i++) {
            now += awake * MILLISECOND / 100;
            priority.awake(now);
            now += (100 - awake) * MILLISECOND / 100;
            priority.asleep(now);
            granted += priority.isGranted() ? 1 : 0;
        }
        return granted;
    }

    @Test
    void aWorkerThatSleepsHalfOfTheTimeAlwaysHasIt() {
        for (int i = 0; i < 100; i++) {
            assertThat(live(50)).isEqualTo(100);
        }
    }

    @Test
    void aWorkerThatHardlySleepsCompetesAsOthersDo() {
        live(95);
        for (int i = 0; i < 100; i++) {
            assertThat(live(95)).isZero();
        }
    }

    @Test
    void aFloodTakesItsRealTimePriorityWithinMillisecondsAndRestGivesItBack() {
        now += 19 * MILLISECOND;
        priority.awake(now);
        assertThat(priority.isGranted()).isTrue();
        now += 2 * MILLISECOND;
        priority.awake(now);
        assertThat(priority.isGranted()).isFalse();
        now += 13 * MILLISECOND;
        priority.asleep(now);
        assertThat(priority.isGranted()).isFalse();
        now += MILLISECOND;
        priority.asleep(now);
        assertThat(priority.isGranted()).isTrue();
    }
}
