package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.operator.cluster.FakeDataPlane;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.status.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/**
 * A namespace of the test cluster with fake nodes and an operator; what tests against a real API server have in common.
 */
abstract class ClusterTest {

    /** Guards against waiting for ever. On an idle machine a change reaches pods and statuses within seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(90);
    static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-101]";

    final TestCluster cluster = TestCluster.shared();
    final KubernetesClient client = cluster.client();
    final String namespace = cluster.newNamespace("test");
    final FakeNodes nodes = new FakeNodes(client, namespace, 4);
    OperatorProcess operator;

    /** Starts the operator with the rights that an installation gives it, and no others. */
    void startOperator() {
        ShippedRbac.bindIn(client, namespace);
        operator = newOperator(false);
    }

    OperatorProcess newOperator(boolean leaderElection) {
        return new OperatorProcess(cluster.configOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, leaderElection);
    }

    @AfterEach
    void stop() {
        if (operator != null) {
            operator.close();
        }
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    void await(Callable<Boolean> condition) {
        awaitAssertion(() -> assertThat(condition.call()).isTrue());
    }

    /** Waits until an assertion holds; when it never does, says what the namespace looks like. */
    void awaitAssertion(ThrowingRunnable assertion) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .untilAsserted(assertion);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + cluster.kubectl("get",
                    "pptps,vpnu,vpnp,statefulsets,daemonsets,pods,secrets,events", "-n", namespace, "-o", "wide"), e);
        }
    }

    void applyServer(String name, String spec) {
        apply("PptpServer", name, "", spec);
    }

    void applyUser(String name, String spec) {
        apply("VpnUser", name, "", spec);
    }

    void apply(String kind, String name, String labels, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s, labels: {%s}}
                spec: {%s}
                """.formatted(kind, name, namespace, labels, spec))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    void applySecret(String name, Map<String, String> texts) {
        client.resource(new SecretBuilder().withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels(PasswordMark.LABEL, PasswordMark.VALUE)
                .endMetadata()
                .withStringData(texts)
                .build()).fieldManager("test").forceConflicts().serverSideApply();
    }

    PptpServer server(String name) {
        return client.resources(PptpServer.class).inNamespace(namespace).withName(name).get();
    }

    VpnUser user(String name) {
        return client.resources(VpnUser.class).inNamespace(namespace).withName(name).get();
    }

    void deleteServer(String name) {
        client.resources(PptpServer.class).inNamespace(namespace).withName(name).delete();
    }

    void deleteUser(String name) {
        client.resources(VpnUser.class).inNamespace(namespace).withName(name).delete();
    }

    Optional<Condition> condition(String server, String type) {
        return Optional.ofNullable(server(server).getStatus()).flatMap(it -> Conditions.find(it.conditions(), type));
    }

    void awaitReady(String server) {
        await(() -> condition(server, "Ready").orElseThrow().status() == Condition.Status.True
                && server(server).getStatus()
                        .observedGeneration()
                        .equals(server(server).getMetadata().getGeneration()));
    }

    void awaitState(String user, State state) {
        await(() -> user(user).getStatus().state() == state);
    }

    void awaitUserReason(String user, String reason) {
        awaitAssertion(
                () -> assertThat(Conditions.find(user(user).getStatus().conditions(), "Ready").orElseThrow().reason())
                        .isEqualTo(reason));
    }

    FakeDataPlane dataPlane(String pod) {
        return nodes.dataPlane(pod).orElseThrow();
    }

    boolean knows(String pod, String username) {
        return dataPlane(pod).user(username).isPresent();
    }

    List<Pod> pods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", "pptp-server")
                .list()
                .getItems();
    }
}
