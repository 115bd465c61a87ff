package io.pptpoperator.operator.lending;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.lending.PoolDivision.Observation;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolDivisionTest {

    private static final AddressPool POOLS = AddressPool.parse("10.8.0.1-100");

    @Test
    void aSingleMemberGetsEverythingAtOnce() {
        var division = PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING);

        assertThat(division.shareOf("pod-0")).isEqualTo(POOLS);
        assertThat(division.isSettled(POOLS)).isTrue();
    }

    @Test
    void sharesAreEqualButForTheRemainder() {
        var division = PoolDivision.NONE.next(POOLS, members(3), Observation.NOTHING);

        assertThat(division.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.34");
        assertThat(division.shareOf("pod-1")).hasToString("10.8.0.35-10.8.0.67");
        assertThat(division.shareOf("pod-2")).hasToString("10.8.0.68-10.8.0.100");
    }

    @Test
    void anAddressMovesOnlyAfterItsOldOwnerConfirmedTheLoss() {
        var shrunk = alone().next(POOLS, members(2), confirmed("pod-0"));
        assertThat(shrunk.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.50");
        assertThat(shrunk.shareOf("pod-1").isEmpty()).isTrue();
        assertThat(shrunk.isSettled(POOLS)).isFalse();

        var waiting = shrunk.next(POOLS, members(2), Observation.NOTHING);
        assertThat(waiting.shareOf("pod-1").isEmpty()).isTrue();

        var moved = waiting.next(POOLS, members(2), confirmed("pod-0"));
        assertThat(moved.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.100");
        assertThat(moved.isSettled(POOLS)).isTrue();
    }

    @Test
    void anAddressWithASessionStaysWithItsOldOwnerUntilTheSessionIsOver() {
        var division = withASessionKeptBack();
        assertThat(division.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.69,10.8.0.71-10.8.0.100");

        var after = division.next(POOLS, members(2), confirmed("pod-0"));
        assertThat(after.shareOf("pod-1")).hasToString("10.8.0.51-10.8.0.100");
    }

    @Test
    void anOperatorThatStartsGivesNoAddressAwayThatASessionOfAnotherPodHas() {
        var restored = PoolDivision.parse(withASessionKeptBack().toText());

        var first = restored.next(POOLS, members(2), Observation.NOTHING);
        assertThat(first.shareOf("pod-1")).as("nobody has told of the session yet")
                .hasToString("10.8.0.51-10.8.0.69,10.8.0.71-10.8.0.100");

        var other = first.next(POOLS, members(2), confirmed("pod-1"));
        assertThat(other.shareOf("pod-1")).as("its own pod is silent").isEqualTo(first.shareOf("pod-1"));
    }

    private static PoolDivision withASessionKeptBack() {
        var session = new Observation(Set.of("pod-0"), Set.of("pod-0"), Set.of(),
                Map.of("pod-0", List.of(Ipv4Address.parse("10.8.0.70"))));
        return alone().next(POOLS, members(2), session).next(POOLS, members(2), session);
    }

    @Test
    void aReportFromBeforeTheShareGrewAndShrankAgainConfirmsNothing() {
        var two = PoolDivision.NONE.next(POOLS, members(2), Observation.NOTHING);
        var grown = two.next(POOLS, members(1), gone("pod-1")).next(POOLS, members(1), gone("pod-1"));
        assertThat(grown.shareOf("pod-0")).isEqualTo(POOLS);
        var again = grown.next(POOLS, members(2), Observation.NOTHING);

        assertThat(again.shareOf("pod-0")).isEqualTo(two.shareOf("pod-0"));
        assertThat(again.members().get("pod-0").edition()).isNotEqualTo(two.members().get("pod-0").edition());
    }

    @Test
    void aMemberThatIsNotWantedAnyMoreLendsItsAddressesUntilItsPodIsGone() {
        var two = PoolDivision.NONE.next(POOLS, members(2), Observation.NOTHING);

        var draining = two.next(POOLS, members(1), confirmed("pod-0", "pod-1"));
        assertThat(draining.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.50");
        assertThat(draining.shareOf("pod-1")).as("what its file says while it drains").isEqualTo(two.shareOf("pod-1"));

        var ended = draining.next(POOLS, members(1), confirmed("pod-0"));
        assertThat(ended.shareOf("pod-1").isEmpty()).isTrue();
        assertThat(ended.next(POOLS, members(1), confirmed("pod-0")).shareOf("pod-0"))
                .as("another pod may be about to start with the old file")
                .isEqualTo(two.shareOf("pod-0"));

        var gone = ended.next(POOLS, members(1), gone("pod-1"));
        assertThat(gone.shareOf("pod-0")).isEqualTo(POOLS);
        assertThat(gone.members()).containsOnlyKeys("pod-0");
    }

    @Test
    void podsWhoseMemberWasRenamedByAnotherWorkloadLendUntilTheyAreGone() {
        var replica = PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING);
        var nodes = new TreeSet<>(Set.of("node-a", "node-b"));

        var changed = replica.next(POOLS, nodes, confirmed("pod-0"));
        assertThat(changed.shareOf("node-a").isEmpty() && changed.shareOf("node-b").isEmpty()).isTrue();

        var gone = changed.next(POOLS, nodes, Observation.NOTHING).next(POOLS, nodes, gone("pod-0"));
        assertThat(gone.members()).containsOnlyKeys("node-a", "node-b");
        assertThat(gone.isSettled(POOLS)).isTrue();
    }

    @Test
    void aPodWithoutAddressesForAMomentDoesNotHaveToGo() {
        AddressPool first = AddressPool.parse("10.0.0.0/24");
        AddressPool second = AddressPool.parse("10.0.1.0/24");
        var two = PoolDivision.NONE.next(first.plus(second), members(2), Observation.NOTHING);

        var moving = two.next(second, members(2), confirmed("pod-0", "pod-1"));
        assertThat(moving.shareOf("pod-0")).as("the other pod lends all of the second").isEqualTo(first);
        assertThat(moving.served(List.of("pod-0", "pod-1"), Set.of("pod-0", "pod-1"))).isEqualTo(2);
        assertThat(moving.isSettled(second)).isFalse();

        var settled = moving.next(second, members(2), confirmed("pod-0", "pod-1"));
        assertThat(settled.shareOf("pod-0")).hasToString("10.0.1.128-10.0.1.254");
        assertThat(settled.shareOf("pod-1")).hasToString("10.0.1.1-10.0.1.127");
        assertThat(settled.next(second, members(2), confirmed("pod-0", "pod-1")).isSettled(second)).isTrue();
    }

    @Test
    void onlyPodsThatAreYetToStartWaitForTheirAddresses() {
        List<String> three = List.of("pod-0", "pod-1", "pod-2");
        var shrinking = alone().next(POOLS, members(3), Observation.NOTHING);

        assertThat(shrinking.served(three, Set.of("pod-0"))).isEqualTo(1);
        assertThat(shrinking.served(three, Set.of())).isEqualTo(1);
        assertThat(shrinking.served(three, Set.of("pod-1"))).isEqualTo(2);
        assertThat(shrinking.served(three, Set.of("pod-0", "pod-2"))).isEqualTo(3);
        assertThat(shrinking.served(List.of("pod-0"), Set.of("pod-0", "pod-1"))).as("scaled down").isEqualTo(1);
    }

    @Test
    void whoHasOneOfTooFewAddressesKeepsIt() {
        var three = PoolDivision.NONE.next(AddressPool.parse("10.8.0.1-3"), members(3), Observation.NOTHING);

        var fewer = three.next(AddressPool.parse("10.8.0.3-4"), members(3), confirmed("pod-0", "pod-1", "pod-2"));

        assertThat(fewer.shareOf("pod-2")).hasToString("10.8.0.3");
        assertThat(fewer.shareOf("pod-0")).hasToString("10.8.0.4");
        assertThat(fewer.shareOf("pod-1")).as("nothing better to run with").hasToString("10.8.0.2");
        assertThat(
                three.next(AddressPool.parse("10.8.0.3-4"), members(3), Observation.NOTHING).shareOf("pod-1").isEmpty())
                .as("no pod that needs a file")
                .isTrue();
    }

    @Test
    void whatASessionOfAnotherPodHasIsTakenOutOfTheShare() {
        var two = PoolDivision.NONE.next(POOLS, members(2), Observation.NOTHING);
        Map<String, List<Ipv4Address>> stray = Map.of("pod-1", List.of(Ipv4Address.parse("10.8.0.20")));

        var told = two.next(POOLS, members(2), new Observation(Set.of("pod-0", "pod-1"), Set.of(), Set.of(), stray));
        assertThat(told.shareOf("pod-0")).hasToString("10.8.0.1-10.8.0.19,10.8.0.21-10.8.0.50");

        var both = new Observation(Set.of("pod-0", "pod-1"), Set.of("pod-0", "pod-1"), Set.of(), stray);
        var given = told.next(POOLS, members(2), both).next(POOLS, members(2), both);
        assertThat(given.members().get("pod-0").lent()).isEqualTo(given.shareOf("pod-0"));
        assertThat(given.next(POOLS, members(2), confirmed("pod-0", "pod-1"))
                .next(POOLS, members(2), confirmed("pod-0", "pod-1"))
                .isSettled(POOLS)).isTrue();
    }

    private static PoolDivision alone() {
        return PoolDivision.NONE.next(POOLS, members(1), Observation.NOTHING);
    }

    private static Observation confirmed(String... members) {
        return new Observation(Set.of(members), Set.of(members), Set.of(), Map.of());
    }

    private static Observation gone(String... members) {
        return new Observation(Set.of(), Set.of(), Set.of(members), Map.of());
    }

    @Test
    void moreMembersThanAddressesLeaveSomeWithoutAShare() {
        var division = PoolDivision.NONE.next(AddressPool.parse("10.8.0.1-2"), members(3), Observation.NOTHING);

        assertThat(division.shareOf("pod-1").size()).isEqualTo(1);
        assertThat(division.shareOf("pod-2").isEmpty()).isTrue();
    }

    @Test
    void anUnreadableTextIsNobodysDivision() {
        assertThat(PoolDivision.parse("pod-0 10.8.0.1")).isEqualTo(PoolDivision.NONE);
        assertThat(PoolDivision.parse("pod-0 some addresses")).isEqualTo(PoolDivision.NONE);
        assertThat(PoolDivision.parse("pod-0 10.8.0.1 10.8.0.1 often")).isEqualTo(PoolDivision.NONE);
        assertThat(PoolDivision.parse("")).isEqualTo(PoolDivision.NONE);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var division = withASessionKeptBack();

        assertThat(PoolDivision.parse(division.toText())).isEqualTo(division);
        assertThat(PoolDivision.parse("pod-0 10.8.0.1 10.8.0.1,10.8.0.9\n").members().get("pod-0").lent())
                .as("written before editions")
                .hasToString("10.8.0.1,10.8.0.9");
    }

    private static SortedSet<String> members(int count) {
        var names = new TreeSet<String>();
        IntStream.range(0, count).forEach(i -> names.add("pod-" + i));
        return names;
    }
}
