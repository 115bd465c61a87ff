package io.pptpoperator.operator.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProgram;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several processes of one installation: one writes, and when it cannot, the next one does. */
class LeaderElectionIT {

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String namespace = cluster.newNamespace("election");
    private final FakeNodes nodes = new FakeNodes(client, namespace, 1);

    @BeforeEach
    void bind() {
        ShippedRbac.bindIn(client, namespace);
    }

    @AfterEach
    void stop() {
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void whoeverHoldsTheLeaseWritesAndNobodyElse() throws IOException, InterruptedException {
        try (var first = new OperatorProgram(cluster, namespace, "first")) {
            first.awaitReady();
            await(() -> first.metric("pptp_operator_leader") == 1);
            try (var second = new OperatorProgram(cluster, namespace, "second")) {
                second.awaitReady();
                apply("PptpServer", "office", "localIP: 10.8.0.1, pools: [10.8.0.2-101]");
                addUserAndAwait("one");
                assertThat(second.metric("pptp_operator_leader")).isZero();
                assertThat(second.get("/healthz").statusCode()).isEqualTo(200);

                first.kill();
                addUserAndAwait("two");
                await(() -> second.metric("pptp_operator_leader") == 1);

                try (var third = new OperatorProgram(cluster, namespace, "third")) {
                    third.awaitReady();
                    // Not dead, only away for longer than the Lease lasts: it must not go on where it was.
                    second.signal("STOP");
                    addUserAndAwait("three");
                    second.signal("CONT");
                    assertThat(second.await()).as(second.log()).isEqualTo(1);
                    addUserAndAwait("four");
                    assertThat(third.terminate()).isEqualTo(143);
                }
            }
        }
        assertThat(writers()).containsExactly("first", "second", "third");
    }

    private void addUserAndAwait(String name) {
        apply("VpnUser", name, "enabled: true");
        await(() -> nodes.dataPlane("office-pptp-0").orElseThrow().user(name).isPresent());
        await(() -> cluster.kubectl("get", "vpnu", name, "-n", namespace).matches("(?s).*True +Disconnected.*"));
    }

    private void apply(String kind, String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec)).create();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofMinutes(3)).ignoreExceptions().until(condition);
    }

    private record Write(Instant time, String process) {}

    /** Which processes have written, in turn, as the API server's audit log says. */
    private List<String> writers() throws IOException {
        var json = new ObjectMapper();
        List<Write> writes = Files.readAllLines(cluster.auditLog()).stream().map(line -> {
            try {
                return json.readTree(line);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + line, e);
            }
        })
                .filter(event -> event.path("objectRef").path("namespace").asText().equals(namespace)
                        && event.path("userAgent").asText().startsWith("pptp-operator/"))
                .map(LeaderElectionIT::write)
                .sorted(Comparator.comparing(Write::time))
                .toList();
        return turns(writes.stream().map(Write::process).toList());
    }

    private static Write write(JsonNode event) {
        String process = event.path("userAgent").asText().replaceAll("pptp-operator/|_.*", "");
        return new Write(Instant.parse(event.path("requestReceivedTimestamp").asText()), process);
    }

    private static List<String> turns(List<String> processes) {
        var turns = new ArrayList<String>();
        for (String process : processes) {
            if (turns.isEmpty() || !turns.getLast().equals(process)) {
                turns.add(process);
            }
        }
        return turns;
    }
}
