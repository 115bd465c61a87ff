package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrecedenceTest {
    private static final long MILLISECOND = 1_000_000;

    private long now = 5_000 * MILLISECOND;
    private final Precedence precedence = new Precedence(now);

    /**
     * Lets the worker be awake for so many of the next hundred milliseconds, in turns; returns how often it was first.
     */
    private int live(int awake) {
        int first = 0;
        for (int i = 0; i < 100; i++) {
            now += awake * MILLISECOND / 100;
            precedence.awake(now);
            now += (100 - awake) * MILLISECOND / 100;
            precedence.asleep(now);
            first += precedence.isFirst() ? 1 : 0;
        }
        return first;
    }

    @Test
    void aWorkerThatSleepsHalfOfTheTimeAlwaysGoesFirst() {
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
    void aFloodTakesItsPrecedenceWithinMillisecondsAndRestGivesItBack() {
        now += 19 * MILLISECOND;
        precedence.awake(now);
        assertThat(precedence.isFirst()).isTrue();
        now += 2 * MILLISECOND;
        precedence.awake(now);
        assertThat(precedence.isFirst()).isFalse();
        now += 13 * MILLISECOND;
        precedence.asleep(now);
        assertThat(precedence.isFirst()).isFalse();
        now += MILLISECOND;
        precedence.asleep(now);
        assertThat(precedence.isFirst()).isTrue();
    }
}
