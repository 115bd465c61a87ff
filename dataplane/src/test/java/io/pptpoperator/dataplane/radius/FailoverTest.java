package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final BitSet NOBODY = new BitSet();

    private final Failover failover = new Failover(List.of(0, 1, 1), 30_000);

    private static BitSet asked(int... servers) {
        var asked = new BitSet();
        for (int server : servers) {
            asked.set(server);
        }
        return asked;
    }

    @Test
    void theFirstIsAskedAsLongAsItAnswers() {
        assertThat(failover.choose(NOBODY, 7, 0)).isZero();
        failover.heard(0, 100);
        assertThat(failover.silent(0, 50, 3050)).as("it answered others since: this datagram got lost").isFalse();
        assertThat(failover.choose(asked(0), 7, 3050)).isZero();
    }

    @Test
    void aSilentOneIsPassedByUntilItsTimeIsOver() {
        assertThat(failover.silent(0, 0, 3_000)).isTrue();
        assertThat(failover.silent(0, 0, 3_001)).as("no news").isFalse();
        assertThat(failover.choose(NOBODY, 0, 3_002)).isEqualTo(1);
        assertThat(failover.choose(NOBODY, 0, 33_000)).isEqualTo(1);
        assertThat(failover.choose(NOBODY, 0, 33_001)).isZero();
    }

    @Test
    void anAnswerBringsItBackAtOnce() {
        failover.silent(0, 0, 3_000);
        failover.heard(0, 3_500);

        assertThat(failover.choose(NOBODY, 0, 3_501)).isZero();
    }

    @Test
    void equalOnesShareWhatIsAsked() {
        failover.silent(0, 0, 0);

        assertThat(failover.choose(NOBODY, 1, 1)).isEqualTo(1);
        assertThat(failover.choose(NOBODY, 2, 1)).isEqualTo(2);
        assertThat(failover.choose(NOBODY, -1, 1)).isEqualTo(2);
        assertThat(failover.choose(asked(1), 1, 1)).isEqualTo(2);
    }

    @Test
    void whenAllAreSilentEachHasItsTurn() {
        for (int server = 0; server < 3; server++) {
            failover.silent(server, 0, 10);
        }

        assertThat(failover.choose(NOBODY, 1, 11)).isZero();
        assertThat(failover.choose(asked(0), 1, 11)).isEqualTo(1);
        assertThat(failover.choose(asked(0, 1), 1, 11)).isEqualTo(2);
    }
}
