package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProgram;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.monitoring.MetricsPage;
import io.pptpoperator.operator.monitoring.Series;
import io.pptpoperator.operator.monitoring.ShippedQueries;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program as a pod runs it: a process with a service account's token and the shipped roles. */
class OperateIT {

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String namespace = cluster.newNamespace("operate");
    private final FakeNodes nodes = new FakeNodes(client, namespace, 1);
    private OperatorProgram operator;

    @BeforeEach
    void start() throws IOException {
        ShippedRbac.bindIn(client, namespace);
        operator = new OperatorProgram(cluster, namespace, "operator-0");
    }

    @AfterEach
    void stop() throws IOException {
        operator.close();
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void itServesTellsHowItIsAndStopsInOrder() throws IOException, InterruptedException {
        operator.awaitReady();
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: %s}
                spec: {localIP: 10.8.0.1, pools: [10.8.0.2-101]}
                """.formatted(namespace)).create();
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: alice-of-accounting, namespace: %s}
                """.formatted(namespace)).create();
        awaitAssertion(
                () -> assertThat(cluster.kubectl("get", "pptps,vpnu", "-n", namespace)).containsPattern("office +True")
                        .containsPattern("alice-of-accounting +True"));

        assertThat(operator.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(operator.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(operator.metric("pptp_operator_leader")).isEqualTo(1);
        assertThat(operator.metric("pptp_operator_resources{kind=\"VpnUser\"}")).isEqualTo(1);
        awaitAssertion(() -> assertThat(
                operator.metric("pptp_operator_reconcile_seconds_count{controller=\"pptpserver\",result=\"success\"}"))
                .isPositive());
        awaitAssertion(
                () -> assertThat(operator.metric("pptp_operator_status_writes_total{kind=\"VpnUser\"}")).isPositive());
        awaitAssertion(
                () -> assertThat(operator.metric("pptp_operator_events_total{reason=\"Accepted\",type=\"Normal\"}"))
                        .isEqualTo(1));
        awaitAssertion(() -> assertThat(operator.metric("pptp_operator_oldest_unapplied_change_seconds")).isZero());
        awaitAssertion(
                () -> assertThat(operator.metric("pptp_operator_reconcile_queue{kind=\"PptpServer\"}")).isZero());
        Series exported = Series.parse(operator.get("/metrics").body());
        assertThat(ShippedQueries.all()).allSatisfy(query -> assertThat(
                ShippedQueries.mistakes(query, exported, metric -> metric.startsWith("pptp_operator_"), false))
                .as(query.expression())
                .isEmpty());
        assertThat(operator.get("/metrics").body()).doesNotContain("alice");
        assertThat(operator.metric(
                "pptp_operator_server_ready{namespace=\"" + namespace + "\",reason=\"Serving\",server=\"office\"}"))
                .isEqualTo(1);
        assertThat(operator.metric("pptp_operator_users{state=\"Disconnected\"}")).isEqualTo(1);
        theMetricsPageIsComplete(operator.get("/metrics").body());

        assertThat(operator.terminate()).as("SIGTERM, after which Java ends with 128 + 15").isEqualTo(143);
        assertThat(operator.log().lines().map(OperateIT::json)).anySatisfy(line -> {
            assertThat(line.path("message").asText()).isEqualTo("Configuration rendered");
            assertThat(line.path("kind").asText()).isEqualTo("PptpServer");
            assertThat(line.path("namespace").asText()).isEqualTo(namespace);
            assertThat(line.path("name").asText()).isEqualTo("office");
        });
        assertThat(operator.log()).contains("Stopping")
                .doesNotContain("\"level\":\"error\"")
                .doesNotContain("unstable version");
        assertThat(client.leases()
                .inNamespace(namespace)
                .withName("pptp-operator")
                .get()
                .getSpec()
                .getLeaseDurationSeconds()).as("the next one need not wait").isEqualTo(1);
    }

    private static void theMetricsPageIsComplete(String scrape) {
        assertThat(MetricsPage.exported(scrape, it -> it.startsWith("pptp_"), Set.of()))
                .isEqualTo(MetricsPage.section("Operator"));
        assertThat(MetricsPage.section("The Java machine of both"))
                .containsAll(MetricsPage.exported(scrape, it -> !it.startsWith("pptp_"), Set.of()));
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private static void awaitAssertion(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().untilAsserted(assertion);
    }
}
