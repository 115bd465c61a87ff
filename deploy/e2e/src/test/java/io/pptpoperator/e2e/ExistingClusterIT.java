package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Command;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * An installation on a cluster that is there already, dialled from this machine. The cluster must not have the
 * operator, and must be able to pull {@code $PPTP_E2E_REGISTRY/pptp-operator} and {@code
 * $PPTP_E2E_REGISTRY/pptp-dataplane} with this version as tag. Both variables must be set: nobody's cluster shall be
 * changed by chance.
 */
@EnabledIfEnvironmentVariable(named = "KUBECONFIG", matches = ".+", disabledReason = "it names no existing cluster")
@EnabledIfEnvironmentVariable(named = "PPTP_E2E_REGISTRY", matches = ".+",
        disabledReason = "it does not say where an existing cluster finds the images")
final class ExistingClusterIT {

    private static final String NAMESPACE = "pptp-e2e";
    private static final String SYSTEM = "pptp-e2e-system";
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofMinutes(2);
    /** What {@code probe} ends with when the login is refused. */
    private static final int AUTHENTICATION = 17;
    private static final String RESOURCES = """
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: office, namespace: pptp-e2e}
            spec: {localIP: 192.168.77.1, pools: [192.168.77.100-200]}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: passwords, namespace: pptp-e2e, labels: {pptp-operator.io/password: "true"}}
            stringData: {alice: secret-a}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: alice, namespace: pptp-e2e}
            spec: {enabled: true, password: {secretKeyRef: {name: passwords, key: alice}}}
            """;

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws IOException {
        Files.writeString(folder.resolve("password"), "secret-a\n");
        String registry = System.getenv("PPTP_E2E_REGISTRY");
        must(List.of(Helm.program(), "install", "pptp-e2e", Repository.text("deploy/helm/pptp-operator"), "--namespace",
                SYSTEM, "--create-namespace", "--set",
                "watch=" + NAMESPACE + ",crds.keep=false,dataPlane.namespaces={" + NAMESPACE + "},image.repository="
                        + registry + "/pptp-operator,dataPlane.image.repository=" + registry + "/pptp-dataplane",
                "--wait", "--timeout", "3m"));
        Path file = Files.writeString(folder.resolve("resources.yaml"), RESOURCES);
        must(List.of("kubectl", "apply", "--server-side", "--filename", file.toString()));
        must(List.of("kubectl", "wait", "--namespace", NAMESPACE, "pptps/office", "vpnu/alice", "--for",
                "condition=Ready", "--timeout", "2m"));
    }

    private static String must(List<String> command) {
        Outcome outcome = Command.run(command, PATIENCE);
        assertThat(outcome.succeeded()).as("%s: %s", String.join(" ", command), outcome.output()).isTrue();
        return outcome.output();
    }

    @AfterAll
    static void remove() {
        var failures = new ArrayList<String>();
        for (List<String> command : List.of(
                List.of("kubectl", "delete", "--namespace", NAMESPACE, "pptps,vpnu", "--all", "--ignore-not-found",
                        "--timeout", "90s"),
                List.of(Helm.program(), "uninstall", "pptp-e2e", "--namespace", SYSTEM, "--wait"),
                List.of("kubectl", "delete", "namespace", NAMESPACE, SYSTEM, "--ignore-not-found"))) {
            Outcome outcome = Command.run(command, PATIENCE);
            if (!outcome.succeeded()) {
                failures.add(outcome.output());
            }
        }
        assertThat(failures).isEmpty();
    }

    /** Dials as alice, through all phases of a connection up to pings through the tunnel. */
    private static Outcome probe() {
        String address = must(List.of("kubectl", "get", "--namespace", NAMESPACE, "pptps/office", "--output",
                "jsonpath={.status.address}"));
        return Command.run(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                Repository.text("dataplane/target/pptp-dataplane.jar"), "probe", address, "--user", "alice",
                "--password-file", folder.resolve("password").toString()), SOON);
    }

    private static String user(String field) {
        return must(List.of("kubectl", "get", "--namespace", NAMESPACE, "vpnu/alice", "--output",
                "jsonpath={" + field + "}"));
    }

    @Test
    void aClientConnectsWhileItsUserIsEnabled() {
        Outcome connection = probe();
        assertThat(connection.succeeded()).as(connection.output()).isTrue();
        assertThat(connection.output()).contains("pings answered");
        Await.until("the login shows in the user's status", SOON, () -> !user(".status.lastLogin").isEmpty());

        must(List.of("kubectl", "patch", "--namespace", NAMESPACE, "vpnu/alice", "--type", "merge", "--patch",
                "{\"spec\":{\"enabled\":false}}"));
        Await.until("the user is disabled", SOON, () -> user(".status.state").equals("Disabled"));
        Await.until("the login is refused", SOON, () -> probe().status() == AUTHENTICATION);
    }
}
