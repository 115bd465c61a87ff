package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.operator.cluster.FakeDataPlane;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.status.Conditions;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PptpServer's life against a real API server, with fake data planes behind it. */
class ServerLifecycleIT {

    private static final Duration SECONDS = Duration.ofSeconds(20);

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String namespace = cluster.newNamespace("lifecycle");
    private FakeNodes nodes;
    private OperatorProcess operator;

    @BeforeEach
    void start() {
        nodes = new FakeNodes(client, namespace, "77.0", 3);
        operator = new OperatorProcess(cluster.config(), namespace, false);
    }

    @AfterEach
    void stop() {
        operator.close();
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void aServerAndAUserBecomeReady() {
        apply("PptpServer", "office", "localIp: 10.8.0.1, pools: [10.8.0.2-254]");
        apply("VpnUser", "alice", "enabled: true");

        awaitReady("office");
        PptpServer server = server("office");
        assertThat(server.getStatus().address()).isEqualTo("203.0.113.1");
        assertThat(server.getStatus().readyReplicas()).isEqualTo(1);
        assertThat(server.getStatus().observedGeneration()).isEqualTo(server.getMetadata().getGeneration());

        Awaitility.await().atMost(SECONDS).until(() -> dataPlane("office-pptp-0").user("alice").isPresent());
        Awaitility.await().atMost(SECONDS)
                .until(() -> user("alice").getStatus() != null
                        && user("alice").getStatus().state() == State.Disconnected);
        assertThat(user("alice").getStatus().passwordSecret()).isEqualTo("alice-vpn");
        assertThat(client.secrets().inNamespace(namespace).withName("alice-vpn").get().getData())
                .containsKeys("username", "password");
    }

    private FakeDataPlane dataPlane(String pod) {
        return nodes.dataPlane(pod).orElseThrow();
    }

    private void awaitReady(String server) {
        Awaitility.await().atMost(SECONDS).until(() -> ready(server(server)).isPresent());
    }

    private static Optional<Condition> ready(PptpServer server) {
        return Optional.ofNullable(server.getStatus())
                .flatMap(it -> Conditions.find(it.conditions(), "Ready"))
                .filter(it -> it.status() == Condition.Status.True);
    }

    private PptpServer server(String name) {
        return client.resources(PptpServer.class).inNamespace(namespace).withName(name).get();
    }

    private VpnUser user(String name) {
        return client.resources(VpnUser.class).inNamespace(namespace).withName(name).get();
    }

    private void apply(String kind, String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec)).fieldManager("test").forceConflicts()
                .serverSideApply();
    }
}
