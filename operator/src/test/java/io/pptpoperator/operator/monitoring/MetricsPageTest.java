package io.pptpoperator.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has what a data plane exports, and nothing else. What the operator exports, OperateIT compares. */
class MetricsPageTest {

    private static final Set<String> COMMON = Set.of("server");

    @Test
    void whatADataPlaneCountsIsOnThePage() {
        assertThat(MetricsPage.exported(DataPlaneExport.text(), it -> it.startsWith("pptp_"), COMMON))
                .isEqualTo(MetricsPage.section("Data plane"));
    }

    @Test
    void whatItsJavaMachineCountsIsOnThePage() {
        Set<String> listed = new TreeSet<>(MetricsPage.section("The Java machine of both"));

        Set<String> exported = MetricsPage.exported(DataPlaneExport.text(), it -> !it.startsWith("pptp_"), COMMON);

        assertThat(listed).containsAll(exported);
        // Pauses are counted from the first collection on.
        listed.removeAll(exported);
        assertThat(listed).allSatisfy(it -> assertThat(it).matches("jvm_gc_.*"));
    }
}
