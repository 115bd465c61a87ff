package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.cluster.OperatorProgram;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator that finds no API server waits for it, and is back soon after it is. */
class ApiServerAwayIT {

    private final TestCluster cluster = TestCluster.shared();
    private final String namespace = cluster.newNamespace("away");

    @AfterEach
    void stop() {
        try (KubernetesClient client = cluster.client()) {
            client.namespaces().withName(namespace).delete();
        }
    }

    @Test
    void itWaitsSaysSoInASentenceAndIsBackSoonAfter() throws IOException, InterruptedException {
        try (KubernetesClient client = cluster.client()) {
            ShippedRbac.bindIn(client, namespace);
        }
        Path kubeconfig = cluster.kubeconfigOf(namespace, ShippedRbac.SERVICE_ACCOUNT);
        cluster.killApiServer();
        try (var operator = OperatorProgram.withKubeconfig(kubeconfig, namespace, "operator-0")) {
            awaitAssertion(
                    () -> assertThat(operator.get("/readyz").body()).startsWith("the API server does not answer: "));
            assertThat(operator.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(operator.get("/healthz").statusCode()).as("a new process would not help").isEqualTo(200);
            assertThat(operator.log()).containsOnlyOnce("Waiting for the API server at https://")
                    .doesNotContain("Exception", "[list] for kind");

            cluster.restartApiServer();
            long begun = System.nanoTime();

            operator.awaitReady();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("not after minutes of back-off")
                    .isLessThan(Duration.ofSeconds(60));
            assertThat(operator.log()).contains("The API server answers, after ");
            assertThat(operator.terminate()).isEqualTo(143);
        } finally {
            cluster.restartApiServer();
        }
    }

    @Test
    void itCanBeStoppedWhileItWaits() throws IOException, InterruptedException {
        Path kubeconfig = cluster.kubeconfigOf(namespace, ShippedRbac.SERVICE_ACCOUNT);
        cluster.killApiServer();
        try (var operator = OperatorProgram.withKubeconfig(kubeconfig, namespace, "operator-0")) {
            awaitAssertion(() -> assertThat(operator.get("/readyz").statusCode()).isEqualTo(503));

            assertThat(operator.terminate()).as(operator.log()).isEqualTo(143);
            assertThat(operator.log()).contains("Stopping").doesNotContain("cannot go on");
        } finally {
            cluster.restartApiServer();
        }
    }

    private static void awaitAssertion(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().untilAsserted(assertion);
    }
}
