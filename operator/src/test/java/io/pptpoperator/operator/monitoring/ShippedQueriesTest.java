package io.pptpoperator.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.admin.metrics.MetricSources;
import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.PacketSocketObstacle;
import io.pptpoperator.dataplane.datapath.SendingPath;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.operator.monitoring.ShippedQueries.Query;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Alerts and dashboard ask for what the data plane's registry has, down to labels and their values. Those about the
 * operator are asked of the running program, by OperateIT.
 */
class ShippedQueriesTest {

    private static final Series EXPORTED = export();

    private static Series export() {
        var sources = new MetricSources(() -> 1, () -> 1, () -> 1, () -> 1,
                new MetricSources.Traffic(() -> 1, () -> 1, () -> 1, () -> 1),
                new MetricSources.Sending(each(SendingPath.values(), () -> 1),
                        each(PacketSocketObstacle.Reason.values(), () -> true)),
                each(DropCause.values(), () -> 1), () -> 1, () -> 1, () -> 1,
                each(ServerConfig.Log.Level.values(), () -> 1), List.of(TerminationReason.values()),
                List.of(Refusal.values()));
        try (var metrics = new ServerMetrics("vpn", sources)) {
            return Series.parse(metrics.scrape());
        }
    }

    private static <E extends Enum<E>, S> java.util.Map<E, S> each(E[] values, S supplier) {
        return Arrays.stream(values).collect(Collectors.toMap(Function.identity(), it -> supplier));
    }

    static List<Query> queries() {
        return ShippedQueries.all();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void theDataPlaneExportsWhatIsAskedOfIt(Query query) {
        assertThat(ShippedQueries.mistakes(query, EXPORTED, metric -> !metric.startsWith("pptp_operator_"), true))
                .as(query.expression())
                .isEmpty();
    }

    @Test
    void alertsAndDashboardAskAboutBothPrograms() {
        Set<String> metrics = queries().stream()
                .flatMap(it -> Promql.parse(it.expression()).selectors().stream())
                .map(Promql.Selector::metric)
                .collect(Collectors.toSet());
        assertThat(metrics).hasSizeGreaterThan(12)
                .contains("up", "pptp_sessions", "pptp_operator_reconcile_seconds_count");
    }

    @Test
    void mistakesAreFound() {
        assertThat(mistakes("pptp_session")).containsExactly("no program exports pptp_session");
        assertThat(mistakes("pptp_logins_total{outcome=\"failure\"}"))
                .containsExactly("pptp_logins_total has no label outcome");
        assertThat(mistakes("pptp_logins_total{result=\"failed\"}")).singleElement()
                .asString()
                .contains("is never failed", "failure");
        assertThat(mistakes("sum by (user) (pptp_sessions)"))
                .containsExactly("no series that is asked for has the label user");
        assertThat(mistakes("up{job=\"pptp\"}")).singleElement().asString().contains("pptp-server");
    }

    private static List<String> mistakes(String expression) {
        return ShippedQueries.mistakes(new Query("a test", expression, Set.of()), EXPORTED, metric -> true, true);
    }
}
