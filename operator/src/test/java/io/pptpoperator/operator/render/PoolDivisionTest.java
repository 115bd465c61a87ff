package io.pptpoperator.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.address.AddressPool;
import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.operator.render.PoolDivision.Observation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PoolDivisionTest {

    private static final AddressPool POOLS = AddressPool.parse("10.8.0.1-100");

    @Test
    void aSingleMemberGetsEverythingAtOnce() {
        var division = PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING_RUNS);

        assertThat(division.shareOf("pod-0")).isEqualTo(POOLS);
        assertThat(division.isSettled(POOLS)).isTrue();
    }

    @Test
    void sharesAreEqualButForTheRemainder() {
        var division = PoolDivision.NONE.next(POOLS, members(3), Observation.NOTHING_RUNS);

        assertThat(division.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.34");
        assertThat(division.shareOf("pod-1")).hasToString("10.8.0.35-10.8.0.67");
        assertThat(division.shareOf("pod-2")).hasToString("10.8.0.68-10.8.0.100");
    }

    @Test
    void anAddressMovesOnlyAfterItsOldOwnerConfirmedTheLoss() {
        var alone = PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING_RUNS);

        var shrunk = alone.next(POOLS, members(2),
                new Observation(Set.of("pod-0"), Set.of("pod-0"), Map.of()));
        assertThat(shrunk.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.50");
        assertThat(shrunk.shareOf("pod-1").isEmpty()).isTrue();
        assertThat(shrunk.isSettled(POOLS)).isFalse();

        var waiting = shrunk.next(POOLS, members(2), new Observation(Set.of("pod-0"), Set.of(), Map.of()));
        assertThat(waiting.shareOf("pod-1").isEmpty()).isTrue();

        var moved = waiting.next(POOLS, members(2),
                new Observation(Set.of("pod-0"), Set.of("pod-0"), Map.of()));
        assertThat(moved.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.100");
        assertThat(moved.isSettled(POOLS)).isTrue();
    }

    @Test
    void anAddressWithASessionStaysWithItsOldOwnerUntilTheSessionIsOver() {
        Map<String, List<Ipv4Address>> session = Map.of("pod-0", List.of(Ipv4Address.parse("10.8.0.70")));
        Set<String> pod = Set.of("pod-0");
        var division = PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING_RUNS)
                .next(POOLS, members(2), new Observation(pod, pod, session))
                .next(POOLS, members(2), new Observation(pod, pod, session));
        assertThat(division.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.69,10.8.0.71-10.8.0.100");

        var after = division.next(POOLS, members(2), new Observation(pod, pod, Map.of()));
        assertThat(after.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.100");
    }

    @Test
    void aMemberThatIsNotWantedAnyMoreLendsItsAddressesUntilItsPodIsGone() {
        var two = PoolDivision.NONE.next(POOLS, members(2), Observation.NOTHING_RUNS);
        Set<String> pods = Set.of("pod-0", "pod-1");

        var draining = two.next(POOLS, members(1), new Observation(pods, pods, Map.of()));
        assertThat(draining.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.50");
        assertThat(draining.shareOf("pod-1").isEmpty()).isTrue();

        var gone = draining.next(POOLS, members(1),
                new Observation(Set.of("pod-0"), Set.of("pod-0"), Map.of()));
        assertThat(gone.shareOf("pod-0")).isEqualTo(POOLS);
        assertThat(gone.members()).containsOnlyKeys("pod-0");
    }

    @Test
    void moreMembersThanAddressesLeaveSomeWithoutAShare() {
        var division = PoolDivision.NONE.next(AddressPool.parse("10.8.0.1-2"), members(3),
                Observation.NOTHING_RUNS);

        assertThat(division.shareOf("pod-1").size()).isEqualTo(1);
        assertThat(division.shareOf("pod-2").isEmpty()).isTrue();
    }

    @Test
    void anUnreadableTextIsNobodysDivision() {
        assertThat(PoolDivision.parse("pod-0 10.8.0.1")).isEqualTo(PoolDivision.NONE);
        assertThat(PoolDivision.parse("pod-0 some addresses")).isEqualTo(PoolDivision.NONE);
        assertThat(PoolDivision.parse("")).isEqualTo(PoolDivision.NONE);
    }

    @Property(tries = 300)
    void noAddressIsEverLentTwiceAndEverythingSettles(@ForAll long seed) {
        var random = new Random(seed);
        var division = PoolDivision.NONE;
        AddressPool pools = POOLS;
        int count = 1;
        for (int step = 0; step < 30; step++) {
            if (random.nextInt(4) == 0) {
                count = 1 + random.nextInt(5);
            }
            if (random.nextInt(8) == 0) {
                pools = AddressPool
                        .parse("10.8.0." + (1 + random.nextInt(50)) + "-" + (60 + random.nextInt(190)));
            }
            division = division.next(pools, members(count), randomly(random, division));
            assertNothingIsLentTwice(division);
            assertThat(PoolDivision.parse(division.toText())).isEqualTo(division);
        }
        for (int step = 0; step < 3; step++) {
            Set<String> wanted = members(count);
            division = division.next(pools, members(count), new Observation(wanted, wanted, Map.of()));
            assertNothingIsLentTwice(division);
        }
        assertThat(division.isSettled(pools)).isTrue();
        assertThat(division.members().values().stream().mapToLong(part -> part.share().size()).sum())
                .isEqualTo(pools.size());
    }

    private static Observation randomly(Random random, PoolDivision division) {
        var running = new HashSet<String>();
        var confirmed = new HashSet<String>();
        var inUse = new HashMap<String, List<Ipv4Address>>();
        division.members().forEach((name, part) -> {
            if (random.nextBoolean()) {
                running.add(name);
                if (random.nextBoolean()) {
                    confirmed.add(name);
                }
                if (!part.share().isEmpty()) {
                    inUse.put(name, List.of(part.share().at(random.nextLong(part.share().size()))));
                }
            }
        });
        return new Observation(running, confirmed, inUse);
    }

    private static void assertNothingIsLentTwice(PoolDivision division) {
        AddressPool lent = AddressPool.EMPTY;
        for (Map.Entry<String, PoolDivision.Part> member : division.members().entrySet()) {
            assertThat(member.getValue().lent().overlaps(lent)).as("%s of %s", member.getKey(), division)
                    .isFalse();
            lent = lent.plus(member.getValue().lent());
        }
    }

    private static SortedSet<String> members(int count) {
        var names = new TreeSet<String>();
        IntStream.range(0, count).forEach(i -> names.add("pod-" + i));
        return names;
    }
}
