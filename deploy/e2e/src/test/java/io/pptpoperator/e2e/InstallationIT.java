package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart, as Helm renders it, and what is generated from it. Needs no cluster. */
final class InstallationIT {

    private static final String CHART = Repository.text("deploy/helm/pptp-operator");

    private final String helm = Helm.program();

    private Outcome template(String... arguments) {
        var command = new ArrayList<>(
                List.of(helm, "template", "vpn", CHART, "--namespace", "own", "--kube-version", "1.34.0"));
        command.addAll(List.of(arguments));
        return Command.run(command);
    }

    @Test
    void everythingGeneratedInDeployIsUpToDate(@TempDir Path folder) throws IOException {
        Outcome outcome = Command.run(List.of(Repository.text("deploy/generate"), folder.toString()));

        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        assertThat(contents(folder)).as("deploy/generate brings it up to date")
                .isEqualTo(contents(Repository.path("deploy")).stream()
                        .filter(file -> file.startsWith("helm/") || file.startsWith("install.yaml")
                                || file.startsWith("crds.yaml"))
                        .collect(Collectors.toList()));
    }

    /** Every file with its text, in order. */
    private static List<String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            var contents = new ArrayList<String>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                if (name.startsWith("helm/") || name.equals("install.yaml") || name.equals("crds.yaml")) {
                    contents.add(name + "\n" + Files.readString(file));
                }
            }
            return contents;
        }
    }

    @Test
    void deletingTheOperatorsFileDeletesNoServersAndNoUsers() throws IOException {
        assertThat(Files.readString(Repository.path("deploy/install.yaml"))).contains("kind: Deployment")
                .doesNotContain("kind: CustomResourceDefinition");
        assertThat(
                Files.readString(Repository.path("deploy/crds.yaml")).lines().filter(line -> line.startsWith("kind: ")))
                .hasSize(3)
                .containsOnly("kind: CustomResourceDefinition");
    }

    @Test
    void theChartHasNoFaults() {
        Outcome outcome = Command.run(List.of(helm, "lint", "--strict", CHART));

        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"all, ClusterRoleBinding:3 RoleBinding:1", "own, ClusterRoleBinding:1 RoleBinding:2",
            "'north,south', ClusterRoleBinding:2 RoleBinding:3"})
    void rightsReachNoFurtherThanTheWatchedNamespaces(String watch, String bindings) {
        List<String> kinds = template("--set-literal", "watch=" + watch).output()
                .lines()
                .filter(line -> line.startsWith("kind: "))
                .map(line -> line.substring("kind: ".length()))
                .toList();

        assertThat("ClusterRoleBinding:" + kinds.stream().filter("ClusterRoleBinding"::equals).count() + " RoleBinding:"
                + kinds.stream().filter("RoleBinding"::equals).count()).isEqualTo(bindings);
    }

    @Test
    void namespacesAreSeenOnlyWhereTheirLabelsMatter() {
        String rule = "resources:\\s+- namespaces\\s+verbs:\\s+- get\\s+- list\\s+- watch";
        assertThat(template("--set", "watch=own").output()).doesNotContainPattern("- namespaces\\s");
        assertThat(template("--set", "rbac.namespaces=false").output()).doesNotContainPattern("- namespaces\\s");
        assertThat(template().output()).containsPattern(rule);
        assertThat(template("--set-literal", "watch=north,south").output())
                .containsPattern("resourceNames:\\s+- north\\s+- south\\s+resources:\\s+- namespaces\\s+verbs:");
    }

    @Test
    void theMetricsAreReachedByThoseWhoAreNamed() {
        String all = "kind: NetworkPolicy[^#]*policyTypes: \\[Ingress]\\s+ingress:";
        assertThat(template().output()).containsPattern(all + " \\[]");
        assertThat(template("--set", "monitoring.namespaces={monitoring}").output()).containsPattern(
                all + "\\s+- ports:\\s+- \\{port: http, protocol: TCP}\\s+from:\\s+- namespaceSelector:\\s+matchLabels:"
                        + "\\s+kubernetes.io/metadata.name: monitoring\\s");
        assertThat(template("--set", "networkPolicy.from[0].ipBlock.cidr=10.0.0.0/8").output())
                .containsPattern(all + "[^#]*from:\\s+- ipBlock:\\s+cidr: 10.0.0.0/8\\s");
        assertThat(template("--set", "networkPolicy.enabled=false").output()).doesNotContain("kind: NetworkPolicy");
    }

    private Outcome templateWithPrometheus(String... arguments) {
        var all = new ArrayList<>(List.of("--api-versions", "monitoring.coreos.com/v1/ServiceMonitor", "--api-versions",
                "monitoring.coreos.com/v1/PodMonitor", "--api-versions", "monitoring.coreos.com/v1/PrometheusRule"));
        all.addAll(List.of(arguments));
        return template(all.toArray(String[]::new));
    }

    @Test
    void objectsForThePrometheusOperatorAreMadeOnlyWhereItsCrdsAre() {
        String without = template().output();
        String with = templateWithPrometheus().output();

        assertThat(without).doesNotContain("monitoring.coreos.com");
        assertThat(with).contains("kind: ServiceMonitor", "kind: PodMonitor", "kind: PrometheusRule");
    }

    @Test
    void anOperatorThatIsNotScrapedIsNotMissed() {
        assertThat(templateWithPrometheus().output()).contains("alert: PptpOperatorDown",
                "alert: PptpServerUnreachable");
        assertThat(templateWithPrometheus("--set", "monitoring.operator=false").output())
                .contains("alert: PptpServerUnreachable")
                .doesNotContain("PptpOperatorDown", "PptpOperatorFailing");
    }

    @Test
    void theOperatorIsToldWhereServersAreScrapedFrom() {
        assertThat(template().output()).doesNotContain("PPTP_OPERATOR_SCRAPERS");
        assertThat(template("--set", "monitoring.namespaces={monitoring,metrics}").output())
                .containsPattern("name: PPTP_OPERATOR_SCRAPERS\\s+value: monitoring,metrics");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            watch=all                                | vpn
            watch=own                                | own
            watch=north\\,south                      | north
            watch=all,dataPlane.namespaces={x}       | x
            watch=north\\,south,dataPlane.namespaces={x,south} | south
            """)
    void theNotesMakeServersWhereTheyAreLookedAfter(String values, String namespace, @TempDir Path folder)
            throws IOException {
        Path chart = folder.resolve("chart");
        try (Stream<Path> files = Files.walk(Path.of(CHART))) {
            for (Path file : files.toList()) {
                Files.copy(file, chart.resolve(Path.of(CHART).relativize(file)));
            }
        }
        // Helm shows notes only to whoever installs.
        Files.writeString(chart.resolve("templates/probe.yaml"),
                "notes: {{ include (print $.Template.BasePath \"/NOTES.txt\") . | quote }}\n");

        Outcome outcome = Command.run(List.of(helm, "template", "vpn", chart.toString(), "--namespace", "own",
                "--kube-version", "1.34.0", "--show-only", "templates/probe.yaml", "--set", values));

        assertThat(outcome.output()).contains("kubectl create namespace " + namespace + "\\n");
    }

    @Test
    void crdsComeWithEveryUpgradeAndOutliveTheRelease() {
        assertThat(template().output()).contains("name: pptpservers.pptp-operator.io",
                "name: vpnusers.pptp-operator.io", "helm.sh/resource-policy: keep");
        assertThat(template("--set", "crds.install=false").output()).doesNotContain("kind: CustomResourceDefinition");
    }

    @ParameterizedTest
    @CsvSource({"watch=All namespaces, /watch", "replicas=-1, /replicas", "log.level=chatty, /log/level",
            "imagePulPolicy=Always, imagePulPolicy", "image.digest=sha256:123, /image/digest"})
    void wrongValuesAreRefusedByName(String value, String named) {
        Outcome outcome = template("--set", value);

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.output()).contains(named);
    }
}
