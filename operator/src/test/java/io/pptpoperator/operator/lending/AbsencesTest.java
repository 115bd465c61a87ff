package io.pptpoperator.operator.lending;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.lending.PoolDivision.Observation;
import io.pptpoperator.protocol.address.AddressPool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AbsencesTest {

    private static final AddressPool POOLS = AddressPool.parse("10.8.0.1-100");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final PoolDivision division = PoolDivision.NONE.next(POOLS, new TreeSet<>(List.of("node-a", "node-b")),
            Observation.NOTHING);

    @Test
    void aMemberIsGoneOnceNoPodCanReadAnOlderFile() {
        var missed = Absences.NONE.next(division, Set.of("node-a"), NOON);

        assertThat(missed.gone(NOON)).isEmpty();
        assertThat(missed.gone(NOON.plus(Absences.STALE).minusMillis(1))).isEmpty();
        assertThat(missed.gone(NOON.plus(Absences.STALE))).containsExactly("node-b");
    }

    @Test
    void aChangedFileMakesTheWaitBeginAnew() {
        var changed = division.next(POOLS, new TreeSet<>(Set.of("node-a")), Observation.NOTHING);
        Instant later = NOON.plusSeconds(8);

        var missed = Absences.NONE.next(division, Set.of("node-a"), NOON).next(changed, Set.of("node-a"), later);

        assertThat(missed.gone(NOON.plus(Absences.STALE))).isEmpty();
        assertThat(missed.gone(later.plus(Absences.STALE))).containsExactly("node-b");
        assertThat(missed.longerThan(PATIENCE, NOON.plus(PATIENCE))).as("missed all the time")
                .containsExactly("node-b");
    }

    @Test
    void aPodThatIsReplacedIsMissedFromItsNextEndOn() {
        var missed = Absences.NONE.next(division, Set.of("node-a"), NOON)
                .next(division, Set.of("node-a", "node-b"), NOON.plusSeconds(5))
                .next(division, Set.of("node-a"), NOON.plusSeconds(60));

        assertThat(missed.longerThan(PATIENCE, NOON.plus(PATIENCE))).isEmpty();
        assertThat(missed.longerThan(PATIENCE, NOON.plusSeconds(60).plus(PATIENCE))).containsExactly("node-b");
    }
}
