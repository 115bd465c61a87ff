package io.pptpoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Time is a number here: what takes minutes is worked out at once. */
class WriteBudgetTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void tenThousandChangesAtOnceAreFortyWritesASecond() {
        List<Long> writes = writesOfAQueue(10_000, 0);

        assertThat(mostInAnySecond(writes)).isLessThanOrEqualTo(44);
        assertThat(writes.getLast()).isBetween(249 * SECOND, 250 * SECOND);
    }

    @Test
    void aThousandLoginsAMinuteNeverExceedFiftyWritesASecondAndAreShownWithinASecond() {
        var budget = new WriteBudget(40, 4);
        var random = new Random(7);
        var writes = new ArrayList<Long>();
        var delays = new ArrayList<Long>();
        // Ten minutes: whoever logs in was somebody who had logged out, so that both are a change of status.
        long loginOrLogout = TimeUnit.MINUTES.toNanos(1) / 2000;
        long free = 0;
        for (long change = 0; change < TimeUnit.MINUTES.toNanos(10); change += random.nextLong(2 * loginOrLogout)) {
            long asked = Math.max(change, free);
            free = asked + budget.reserve(asked);
            writes.add(free);
            delays.add(free - change);
        }

        assertThat(writes).hasSizeGreaterThan(18_000);
        assertThat(mostInAnySecond(writes)).isLessThanOrEqualTo(50);
        assertThat(delays.stream().mapToLong(it -> it).max().orElseThrow()).isLessThan(SECOND);
    }

    @Property(tries = 200)
    void inNoSecondAreThereMoreThanTheRateAndTheBurst(@ForAll @IntRange(min = 1, max = 200) int perSecond,
            @ForAll @IntRange(min = 1, max = 50) int burst, @ForAll Random random) {
        var budget = new WriteBudget(perSecond, burst);
        var writes = new ArrayList<Long>();
        long now = random.nextLong(1L << 40);
        for (int i = 0; i < 500; i++) {
            now += random.nextBoolean() ? 0 : random.nextLong(SECOND / perSecond * 3);
            now += budget.reserve(now);
            writes.add(now);
        }

        assertThat(mostInAnySecond(writes)).isLessThanOrEqualTo(perSecond + burst);
    }

    private static List<Long> writesOfAQueue(int changes, long start) {
        var budget = new WriteBudget(40, 4);
        var writes = new ArrayList<Long>();
        long now = start;
        for (int i = 0; i < changes; i++) {
            now += budget.reserve(now);
            writes.add(now);
        }
        return writes;
    }

    private static int mostInAnySecond(List<Long> writes) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < writes.size(); last++) {
            while (writes.get(last) - writes.get(first) >= SECOND) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
