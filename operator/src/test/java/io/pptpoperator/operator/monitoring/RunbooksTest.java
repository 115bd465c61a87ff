package io.pptpoperator.operator.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever is woken by an alert is led to what to do. */
class RunbooksTest {

    private static final Path PAGE = Repository.root().resolve("docs/troubleshooting.md");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    static List<JsonNode> alerts() {
        return ShippedQueries.alerts();
    }

    /** As the sites that show Markdown make them. */
    private static List<String> anchors() throws IOException {
        return HEADING.matcher(Files.readString(PAGE))
                .results()
                .map(it -> it.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertLeadsToAHeadingThatIsThere(JsonNode alert) throws IOException {
        String url = alert.path("annotations").path("runbook_url").asText();
        assertThat(url).as("runbook_url of " + alert.path("alert"))
                .startsWith("https://pptp-operator.io/docs/" + PAGE.getFileName() + "#");
        assertThat(anchors()).contains(url.substring(url.indexOf('#') + 1));
    }

    @Test
    void theChartCanLeadToAnotherPage() throws IOException {
        Path chart = Repository.root().resolve("deploy/helm/pptp-operator");
        assertThat(alerts()).hasSizeGreaterThan(7);
        assertThat(Files.readString(chart.resolve("values.yaml")))
                .contains("runbooks: https://pptp-operator.io/docs/troubleshooting.md\n");
        assertThat(Files.readString(chart.resolve("templates/monitoring.yaml")))
                .contains("$page := \"https://pptp-operator.io/docs/troubleshooting.md\"");
    }
}
