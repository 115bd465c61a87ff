package io.pptpoperator.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.operator.monitoring.Promql.Match;
import io.pptpoperator.operator.monitoring.Promql.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromqlTest {

    @Test
    void aQueryNamesItsSeriesAndTheLabelsItGroupsBy() {
        Promql query = Promql.parse("""
                histogram_quantile(0.95, sum by (le, phase) (rate(a_bucket{x="1", y=~"$z"}[$__rate_interval])))
                  > 4 * sum(b_total) by (server) and on (node) absent(up{job="c"} == 1) unless d offset 5m""");
        assertThat(query.selectors()).containsExactly(
                new Selector("a_bucket", List.of(new Match("x", "=", "1"), new Match("y", "=~", "$z"))),
                new Selector("b_total", List.of()), new Selector("up", List.of(new Match("job", "=", "c"))),
                new Selector("d", List.of()));
        assertThat(query.groupings()).containsExactlyInAnyOrder("le", "phase", "server", "node");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sum(a", "sum(a))", "a{b}", "a{b==\"c\"}", "a{b=\"c\"", "a ? b", "rate(a[5m)]", "{a=\"b\"}"})
    void whatIsNoQueryIsRefused(String text) {
        assertThatThrownBy(() -> Promql.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void anExportIsReadWithItsLabels() {
        assertThat(Series.parse("""
                # HELP a_total Something
                # TYPE a_total counter
                a_total{kind="x",why="a \\"b\\""} 1.0
                a_total{kind="y",why="c"} 2.0E-5
                b NaN
                """).metrics()).isEqualTo(
                Map.of("a_total", Map.of("kind", Set.of("x", "y"), "why", Set.of("a \\\"b\\\"", "c")), "b", Map.of()));
    }
}
