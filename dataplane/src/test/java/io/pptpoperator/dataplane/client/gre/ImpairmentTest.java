package io.pptpoperator.dataplane.client.gre;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A bad network. */
class ImpairmentTest {

    @Test
    void aPerfectNetworkLosesAndDelaysNothing() {
        var random = new Random(1);
        assertThat(
                IntStream.range(0, 1000).anyMatch(i -> Impairment.NONE.loses(random) || Impairment.NONE.delays(random)))
                .isFalse();
    }

    @Test
    void sharesAreKept() {
        var random = new Random(1);
        var bad = new Impairment(0.1, 0.3, 5);
        assertThat(IntStream.range(0, 10_000).filter(i -> bad.loses(random)).count() / 10_000.0).isCloseTo(0.1,
                within(0.02));
        assertThat(IntStream.range(0, 10_000).filter(i -> bad.delays(random)).count() / 10_000.0).isCloseTo(0.3,
                within(0.02));
    }

    @Test
    void impossibleSharesAreRefused() {
        assertThatThrownBy(() -> new Impairment(1.1, 0, 1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> new Impairment(Double.NaN, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Impairment(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
