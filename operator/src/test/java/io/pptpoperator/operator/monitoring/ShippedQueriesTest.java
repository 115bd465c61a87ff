package io.pptpoperator.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.monitoring.ShippedQueries.Query;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Alerts and dashboard ask for what the data plane's registry has, down to labels and their values. Those about the
 * operator are asked of the running program, by OperateIT.
 */
class ShippedQueriesTest {

    private static final Series EXPORTED = Series.parse(DataPlaneExport.text());

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

    /** Other programs export the same: without the job, a panel shows them as ours. */
    @ParameterizedTest
    @MethodSource("queries")
    void whatEveryProgramExportsIsAskedOfOursAlone(Query query) {
        assertThat(Promql.parse(query.expression()).selectors()).filteredOn(it -> !it.metric().startsWith("pptp_"))
                .allSatisfy(
                        it -> assertThat(it.matches()).anySatisfy(match -> assertThat(match.label()).isEqualTo("job")));
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
