package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Requests and their answers. */
class RoundTripsTest {

    @Test
    void theMedianIsTakenOverWhatWasAnswered() {
        var trips = new RoundTrips();
        for (int i = 0; i < 4; i++) {
            assertThat(trips.sent(1_000_000L * i)).isEqualTo(i);
        }
        trips.answered(0, 5_000_000);
        trips.answered(1, 2_000_000);
        trips.answered(3, 6_000_000);
        assertThat(trips.allAnswered()).isFalse();
        assertThat(trips.answers()).isEqualTo(new Fact.Answers(4, 3, 3_000));
    }

    @Test
    void duplicatesAndStrangersCountForNothing() {
        var trips = new RoundTrips();
        trips.sent(0);
        trips.answered(0, 1_000_000);
        trips.answered(0, 9_000_000);
        trips.answered(5, 9_000_000);
        assertThat(trips.answers()).isEqualTo(new Fact.Answers(1, 1, 1_000));
    }

    @Test
    void withoutAnswersThereIsNoMedian() {
        assertThat(new RoundTrips().answers()).isEqualTo(new Fact.Answers(0, 0, 0));
    }
}
