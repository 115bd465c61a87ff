package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a packet size counts as one that passes. */
class SizeTriesTest {

    private final SizeTries tries = new SizeTries(0);

    @Test
    void anAnswerToAnyTryCountsHoweverLate() {
        int first = tries.next();
        int second = tries.next();
        assertThat(second).isNotEqualTo(first);
        assertThat(tries.over()).isFalse();
        tries.answered(first);
        assertThat(tries.passed()).isTrue();
        assertThat(tries.over()).isTrue();
    }

    @Test
    void afterThreeTriesWithoutAnAnswerTheSizeDoesNotPass() {
        for (int i = 0; i < 3; i++) {
            assertThat(tries.over()).isFalse();
            tries.next();
        }
        assertThat(tries.over()).isTrue();
        assertThat(tries.passed()).isFalse();
    }

    @Test
    void anAnswerAboutAnotherSizeIsNone() {
        int before = tries.next();
        tries.restart();
        tries.next();
        tries.answered(before);
        tries.answered(SizeTries.NUMBERS_OF_OTHERS);
        assertThat(tries.passed()).isFalse();
    }

    @Test
    void eachTryIsWaitedForLongerThanTheOneBeforeWithinBounds() {
        tries.next();
        assertThat(tries.patience()).isEqualTo(100);
        tries.next();
        assertThat(tries.patience()).isEqualTo(200);
        tries.next();
        assertThat(tries.patience()).isEqualTo(400);
        var slow = new SizeTries(700);
        slow.next();
        assertThat(slow.patience()).isEqualTo(700);
        slow.next();
        assertThat(slow.patience()).isEqualTo(1_000);
    }
}
