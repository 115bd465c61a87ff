package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Chart, examples, dashboard and alerts, on a cluster that has the operator. */
@OnTheCluster
final class InstalledPartsIT {

    private final Cluster cluster;
    private final Node node;

    InstalledPartsIT(Lab lab) {
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @Test
    void helmInstallsUpgradesAndRemovesAnOperatorOfOneNamespace() {
        node.helm("install", "second", Repository.text("deploy/helm/pptp-operator"), "--namespace", "second",
                "--create-namespace", "--set", "watch=own,crds.install=false", "--wait", "--timeout", "4m");
        node.helm("upgrade", "second", Repository.text("deploy/helm/pptp-operator"), "--namespace", "second",
                "--reuse-values", "--set", "replicas=2", "--wait", "--timeout", "4m");
        node.kubectl("rollout", "status", "--namespace", "second", "deployment/second", "--timeout", "4m");
        assertThat(cluster.field("second", "deployment/second", ".status.readyReplicas"))
                .as("with the rights that the chart gives")
                .isEqualTo("2");

        node.helm("uninstall", "second", "--namespace", "second", "--wait");
        assertThat(node.kubectl("get", "deployments,services,roles,rolebindings,clusterroles,clusterrolebindings",
                "--all-namespaces", "--selector", "app.kubernetes.io/instance=second", "--output", "name")).isEmpty();
        assertThat(node.kubectl("get", "crds", "--output", "name")).contains("vpnusers.pptp-operator.io");
    }

    @Test
    void everyExampleIsAcceptedAsItIs() throws IOException {
        node.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: vpn}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: branches}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: office}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: remote-access}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: radius}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: plans}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: argocd}
                """);
        List<Path> files;
        try (Stream<Path> all = Files.walk(Repository.path("deploy/examples"))) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().contains("/gitops/"))
                    .sorted()
                    .toList();
        }

        assertThat(files).hasSizeGreaterThan(5).allSatisfy(file -> {
            Outcome outcome = node.tryKubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server",
                    "--filename", file.toString());
            assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        });
        assertThat(node.kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--kustomize",
                Repository.text("deploy/examples/gitops/production")))
                .contains("pptpserver.pptp-operator.io/office", "vpnuser.pptp-operator.io/bob");
    }

    @Test
    void theDashboardAndTheAlertsAskForMetricsThatExist() throws IOException {
        cluster.serve();
        cluster.user("alice", "secret-a");
        var asked = new TreeSet<String>();
        for (String file : List.of("alerts/operator.yaml", "alerts/servers.yaml", "dashboard.json")) {
            var names = Pattern.compile("\\b(pptp_[a-z_]+|process_[a-z_]+)\\b(?!\"?:|-)")
                    .matcher(Files.readString(Repository.path("deploy/helm/pptp-operator/files/" + file)));
            names.results().map(name -> name.group(1)).forEach(asked::add);
        }
        assertThat(asked).hasSizeGreaterThan(10);
        Path certificate = clientCertificate();
        // Some are there for servers with RADIUS only.
        node.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: radius, namespace: vpn, labels: {pptp-operator.io/radius: "true"}}
                stringData: {secret: shared}
                """);
        cluster.patch("pptps/office", """
                {"spec": {"users": {"source": "ResourcesThenRadius"}, "radius": {"servers":
                    [{"host": "192.0.2.9", "secret": {"secretKeyRef": {"name": "radius", "key": "secret"}}}]}}}""");

        // Some come with the first of what they count.
        Await.until("there are all of " + asked, Cluster.PATIENCE, () -> {
            String metrics = node
                    .tryKubectl("get", "--raw",
                            "/api/v1/namespaces/pptp-system/services/pptp-operator-metrics:http/proxy/metrics")
                    .output() + node.on("sh", "-c", """
                            curl -sS --max-time 10 --insecure --cert %1$s/tls.crt --key %1$s/tls.key \\
                                https://127.0.0.1:9723/metrics""".formatted(certificate));
            return asked.stream().allMatch(name -> Pattern.compile("(?m)^" + name + "[{ ]").matcher(metrics).find());
        });
        cluster.patch("pptps/office", """
                {"spec": {"users": {"source": "Resources"}, "radius": null}}""");
    }

    /** A folder with the certificate that people show to data planes. */
    private Path clientCertificate() throws IOException {
        Path folder = Files.createTempDirectory(node.logs(), "certificate-");
        for (String file : List.of("tls.crt", "tls.key")) {
            String encoded = node.kubectl("get", "secret", "pptp-operator-admin-client", "--namespace", "pptp-system",
                    "--output", "jsonpath={.data." + file.replace(".", "\\.") + "}");
            Files.write(folder.resolve(file), Base64.getDecoder().decode(encoded));
        }
        return folder;
    }
}
