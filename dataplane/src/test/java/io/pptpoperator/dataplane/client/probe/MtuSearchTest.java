package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The search for a path's MTU. */
class MtuSearchTest {

    private static int tries(MtuSearch search, int pathMtu) {
        int tries = 0;
        for (OptionalInt size = search.next(); size.isPresent(); size = search.next()) {
            search.tried(size.getAsInt(), size.getAsInt() <= pathMtu);
            tries++;
        }
        return tries;
    }

    @Test
    void aCleanPathTakesOneTry() {
        var search = new MtuSearch(576, 1444);
        assertThat(tries(search, 1500)).isEqualTo(1);
        assertThat(search.result()).isEqualTo(1444);
    }

    @Test
    void aBlockedPathTakesTwo() {
        var search = new MtuSearch(576, 1444);
        assertThat(tries(search, 0)).isEqualTo(2);
        assertThat(search.result()).isZero();
    }

    @Test
    void aSmallInterfaceLeavesOneSize() {
        var search = new MtuSearch(576, 500);
        assertThat(tries(search, 400)).isEqualTo(1);
        assertThat(search.result()).isZero();
    }

    @Property
    void theResultPassesAndIsCloseToTheTruth(@ForAll @IntRange(min = 576, max = 1600) int pathMtu) {
        var search = new MtuSearch(576, 1444);
        assertThat(tries(search, pathMtu)).isLessThanOrEqualTo(10);
        int truth = Math.min(pathMtu, 1444);
        assertThat(search.result()).isLessThanOrEqualTo(truth).isGreaterThan(truth - 9);
    }
}
