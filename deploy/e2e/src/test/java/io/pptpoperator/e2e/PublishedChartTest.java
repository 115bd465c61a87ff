package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Artifact Hub shows of the chart. That it is what deploy/generate makes, InstallationIT looks at. */
final class PublishedChartTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> KINDS_OF_CHANGES = Set.of("added", "changed", "deprecated", "removed", "fixed",
            "security");

    private static JsonNode chart() throws IOException {
        return YAML.readTree(Repository.path("deploy/helm/pptp-operator/Chart.yaml").toFile());
    }

    /** An annotation whose text is YAML itself. */
    private static JsonNode annotation(String name) throws IOException {
        return YAML.readTree(chart().path("annotations").path("artifacthub.io/" + name).asText());
    }

    private static List<String> each(JsonNode list, String field) {
        var values = new ArrayList<String>();
        list.forEach(it -> values.add(it.path(field).asText()));
        return values;
    }

    @Test
    void theImagesAreThoseOfThisVersion() throws IOException {
        String version = chart().path("appVersion").asText();

        assertThat(each(annotation("images"), "image")).containsExactly("pptp-operator.io/pptp-operator:" + version,
                "pptp-operator.io/pptp-dataplane:" + version);
        assertThat(chart().path("annotations").path("artifacthub.io/prerelease").asText())
                .isEqualTo(Boolean.toString(version.contains("-")));
    }

    /** What it says is what the CRDs' rules are tried on: -Dkubernetes.release takes these. */
    @Test
    void itTakesTheReleasesOfKubernetesThatWereTried() throws IOException {
        assertThat(chart().path("kubeVersion").asText()).isEqualTo(">=" + kubernetes("oldest/") + "-0");
        String page = Files.readString(Repository.path("docs/installation.md"));
        assertThat(page).contains(kubernetes("oldest/"), kubernetes(""), kubernetes("newest/"));
    }

    private static String kubernetes(String release) throws IOException {
        try (Stream<String> lines = Files.lines(Repository.path(".ci/kubernetes/" + release + "go.mod"))) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith("k8s.io/kubernetes v"))
                    .map(line -> line.split("[ v]+", -1)[1])
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void everyResourceIsListedWithAnExample() throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.list(Repository.path("crds"))) {
            files = all.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml"))
                    .map(file -> file.replace(".yaml", ""))
                    .sorted()
                    .toList();
        }

        assertThat(each(annotation("crds"), "name")).isEqualTo(files);
        assertThat(each(annotation("crds"), "description")).allMatch(text -> text.length() > 20);
        assertThat(each(annotation("crdsExamples"), "kind"))
                .containsExactlyInAnyOrderElementsOf(each(annotation("crds"), "kind"));
    }

    @Test
    void theChangelogsSectionsBecomeListsOfChanges() throws IOException {
        Outcome unreleased = Command.run(List.of(Repository.text("deploy/changes"), "Unreleased"));
        Outcome unknown = Command.run(List.of(Repository.text("deploy/changes"), "99.0.0"));

        assertThat(unreleased.succeeded()).as(unreleased.output()).isTrue();
        long bullets = Files.readString(Repository.path("docs/CHANGELOG.md")).split("\n## ", -1)[1].lines()
                .filter(line -> line.startsWith("- "))
                .count();
        assertThat(YAML.readTree(unreleased.output())).hasSize((int) bullets)
                .allSatisfy(change -> assertThat(change.path("kind").asText()).isIn(KINDS_OF_CHANGES))
                .allSatisfy(
                        change -> assertThat(change.path("description").asText()).doesNotContain("](").isNotBlank());
        assertThat(unknown.succeeded()).isFalse();
        assertThat(unknown.output()).contains("docs/CHANGELOG.md has no version 99.0.0");
    }
}
