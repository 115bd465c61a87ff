package io.pptpoperator.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.Condition.Status;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.docs.StatesPage;
import io.pptpoperator.kubectl.docs.StatesPage.Row;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.monitoring.Promql;
import io.pptpoperator.operator.monitoring.ShippedQueries;
import io.pptpoperator.operator.status.Conditions;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the tables in docs/troubleshooting.md: the state is brought about against a real API server, and then
 * everything says what the row has.
 */
class StatesIT {

    /** Guards against waiting for ever. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVER = "office";
    private static final String USER = "alice";
    private static final String POD = "office-pptp-0";
    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-101]";

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String namespace = cluster.newNamespace("states");
    private final FakeNodes nodes = new FakeNodes(client, namespace, 1);
    private final Map<String, Runnable> servers = new LinkedHashMap<>();
    private final Map<String, Runnable> users = new LinkedHashMap<>();
    private OperatorProcess operator;

    StatesIT() {
        servers.put("it serves", () -> server(SMALLEST));
        servers.put("the spec is impossible", () -> server(SMALLEST + ", exclude: [10.8.0.0/24]"));
        servers.put("an object's name is taken", () -> {
            client.resource(new ServiceBuilder().withNewMetadata()
                    .withName("office-pptp")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withClusterIP("None")
                    .endSpec()
                    .build()).create();
            server(SMALLEST);
        });
        servers.put("the API server refuses an object", this::refuseWorkloads);
        servers.put("Pod Security refuses its pods", () -> {
            label("pod-security.kubernetes.io/enforce=baseline");
            server(SMALLEST);
        });
        servers.put("no node takes a pod", () -> {
            apply("PptpServer", "first", "localIP: 10.9.0.1, pools: [10.9.0.2-9]");
            await(() -> assertThat(cluster.kubectl("get", "pptps", "first", "-n", namespace)).contains("Serving"));
            server(SMALLEST);
        });
        servers.put("one of its pods has no node", () -> {
            server(SMALLEST);
            awaitServing();
            server(SMALLEST + ", replicas: 2");
        });
        servers.put("no node matches",
                () -> server(SMALLEST + ", workload: DaemonSet, pod: {nodeSelector: {no: where}}"));
        servers.put("it shall have no pods", () -> server(SMALLEST + ", replicas: 0"));
        servers.put("another program has its port", () -> die(1, "Error",
                "listen: cannot listen on TCP 0.0.0.0:1723 (another program has the port) [bind: EADDRINUSE]"));
        servers.put("it has too little memory", () -> die(137, "OOMKilled", ""));
        servers.put("its image cannot be pulled", this::failToPull);
        servers.put("its new image cannot be pulled", () -> {
            nodes.failToPull("registry.example/pptp-dataplane:tpyo");
            server(SMALLEST);
            awaitServing();
            server(SMALLEST + ", image: 'registry.example/pptp-dataplane:tpyo'");
        });
        servers.put("its node lacks /dev/net/tun", () -> {
            nodes.loseTun();
            server(SMALLEST);
        });
        servers.put("its nodes have IPv6 addresses only", this::leaveIpv6Only);
        servers.put("its pools are too small", () -> server("localIP: 10.8.0.1, pools: [10.8.0.2], replicas: 2"));
        servers.put("all its addresses are in use", () -> {
            server("localIP: 10.8.0.1, pools: [10.8.0.2]");
            user("enabled: true");
            await(() -> assertThat(nodes.dataPlane(POD).orElseThrow().user(USER)).isPresent());
            nodes.dataPlane(POD).orElseThrow().login(USER, "198.51.100.1", Instant.now());
        });
        servers.put("users are left out", () -> {
            server(SMALLEST);
            user("password: {secretKeyRef: {name: nowhere, key: password}}");
        });
        servers.put("it is being deleted", () -> {
            server(SMALLEST);
            awaitServing();
            client.resources(PptpServer.class).inNamespace(namespace).withName(SERVER).edit(it -> {
                it.getMetadata().setFinalizers(List.of("example.com/held"));
                return it;
            });
            client.resources(PptpServer.class).inNamespace(namespace).withName(SERVER).delete();
        });
        servers.put("it was changed while no operator runs", () -> {
            server(SMALLEST);
            awaitServing();
            operator.close();
            server(SMALLEST + ", dns: [9.9.9.9]");
        });

        users.put("it can log in", () -> user("enabled: true"));
        users.put("it is disabled", () -> user("enabled: false"));
        users.put("its time is over", () -> user("validUntil: '2026-01-01T00:00:00Z'"));
        users.put("no server takes it", () -> {
            server(SMALLEST + ", users: {selector: {matchLabels: {no: body}}}");
            user("enabled: true");
        });
        users.put("its Secret is missing", () -> user("password: {secretKeyRef: {name: nowhere, key: password}}"));
        users.put("its username is another one's", () -> {
            apply("VpnUser", "aaron", "username: shared");
            await(() -> assertThat(cluster.kubectl("get", "vpnu", "aaron", "-n", namespace)).contains("Disconnected"));
            user("username: shared");
        });
        users.put("it was disabled while no operator runs", () -> {
            user("enabled: true");
            await(() -> assertThat(cluster.kubectl("get", "vpnu", USER, "-n", namespace)).contains("Disconnected"));
            operator.close();
            user("enabled: false");
        });
    }

    @BeforeEach
    void start() {
        ShippedRbac.bindIn(client, namespace);
        operator = new OperatorProcess(cluster.configOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, true);
    }

    @AfterEach
    void stop() {
        operator.close();
        cluster.kubectl("patch", "pptps", SERVER, "-n", namespace, "--type", "merge", "-p",
                "{\"metadata\":{\"finalizers\":null}}");
        cluster.kubectl("delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", namespace);
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    static List<Row> ofServers() {
        return StatesPage.rows("PptpServer");
    }

    static List<Row> ofUsers() {
        return StatesPage.rows("VpnUser");
    }

    @Test
    void everyRowCanBeBroughtAbout() {
        assertThat(ofServers()).extracting(Row::state).containsExactlyElementsOf(servers.keySet());
        assertThat(ofUsers()).extracting(Row::state).containsExactlyElementsOf(users.keySet());
    }

    @ParameterizedTest
    @MethodSource("ofServers")
    void aServersStateIsSaidAlike(Row row) {
        servers.get(row.state()).run();

        await(() -> assertThat(cluster.kubectl("get", "pptps", SERVER, "-n", namespace))
                .containsPattern("\n" + SERVER + " +" + String.join(" +", row.get()) + "\\b"));
        await(() -> assertThat(condition(row.condition()).status())
                .isEqualTo(row.condition().equals("Ready") ? Status.True : Status.False));
        events(SERVER, row);
        await(() -> assertThat(doctor()).contains(row.doctor()));
        if (row.metric().isEmpty()) {
            assertThat(row.alerts()).containsExactly("PptpOperatorDown");
            return;
        }
        await(() -> assertThat(
                operator.gauge("pptp_operator_server_ready", "server", SERVER, "reason", row.get().getLast()))
                .hasValue(Double.parseDouble(row.metric())));
        await(() -> assertThat(row.alerts().contains("PptpServerNotReady"))
                .isEqualTo(fires("PptpServerNotReady", "pptp_operator_server_ready")));
        await(() -> assertThat(row.alerts().contains("PptpServerUnavailable"))
                .isEqualTo(fires("PptpServerUnavailable", "pptp_operator_server_available")));
        assertThat(ShippedQueries.all()).extracting(ShippedQueries.Query::where).containsAll(row.alerts());
    }

    /** Whether an alert about a metric of the server would fire, after its time. */
    private boolean fires(String alert, String metric) {
        return operator.gauge(metric, "server", SERVER).orElseThrow() == 0 && exempt(alert).stream()
                .noneMatch(it -> operator.gauge(metric, "server", SERVER, "reason", it).isPresent());
    }

    /** Reasons for which the alert does not fire. */
    private static List<String> exempt(String alert) {
        String expression = ShippedQueries.all()
                .stream()
                .filter(it -> it.where().equals(alert))
                .findFirst()
                .orElseThrow()
                .expression();
        return Promql.parse(expression)
                .selectors()
                .getFirst()
                .matches()
                .stream()
                .filter(it -> it.label().equals("reason"))
                .flatMap(it -> List.of(it.value().split("\\|")).stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ofUsers")
    void aUsersStateIsSaidAlike(Row row) {
        server(SMALLEST);
        awaitServing();
        users.get(row.state()).run();

        await(() -> assertThat(cluster.kubectl("get", "vpnu", USER, "-n", namespace))
                .containsPattern("\n" + USER + " +" + String.join(" +", row.get()) + "\\b"));
        await(() -> assertThat(Conditions.find(
                client.resources(VpnUser.class).inNamespace(namespace).withName(USER).get().getStatus().conditions(),
                "Ready").orElseThrow().reason()).isEqualTo(row.condition()));
        events(USER, row);
        await(() -> assertThat(doctor("--user", USER)).contains(row.doctor()));
        if (row.metric().isEmpty()) {
            assertThat(row.alerts()).containsExactly("PptpOperatorDown");
        } else {
            await(() -> assertThat(operator.gauge("pptp_operator_users", "state", row.metric()).orElseThrow())
                    .isPositive());
        }
    }

    private void events(String name, Row row) {
        if (row.event().isEmpty()) {
            return;
        }
        await(() -> assertThat(eventsOf(name)).extracting(Event::getReason).contains(row.event()));
        if (row.event().equals("Ready") || row.event().equals("Accepted")) {
            assertThat(eventsOf(name)).as("a normal first start is nothing to warn of")
                    .extracting(Event::getType)
                    .containsOnly("Normal");
        }
    }

    private List<Event> eventsOf(String name) {
        return client.events().v1().events().inNamespace(namespace).withField("regarding.name", name).list().getItems();
    }

    private String doctor(String... options) {
        var out = new StringWriter();
        var arguments = new ArrayList<>(
                List.of("doctor", "--no-dial", "--kubeconfig", cluster.kubeconfig().toString(), "-n", namespace));
        arguments.addAll(List.of(options));
        Main.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(new String[0]));
        return out.toString();
    }

    private Condition condition(String type) {
        return Conditions.find(client.resources(PptpServer.class)
                .inNamespace(namespace)
                .withName(SERVER)
                .get()
                .getStatus()
                .conditions(), type).orElseThrow();
    }

    private void awaitServing() {
        await(() -> assertThat(condition("Ready").reason()).isEqualTo("Serving"));
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(assertion);
    }

    private void server(String spec) {
        apply("PptpServer", SERVER, spec);
    }

    private void user(String spec) {
        apply("VpnUser", USER, spec);
    }

    private void apply(String kind, String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec)).fieldManager("test").forceConflicts().serverSideApply();
    }

    private void label(String label) {
        assertThat(cluster.kubectl("label", "--overwrite", "namespace", namespace, label)).contains("labeled");
    }

    /** A policy of the cluster's that allows no StatefulSet in the namespace. */
    private void refuseWorkloads() {
        client.load(new ByteArrayInputStream("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  matchConstraints:
                    resourceRules:
                      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [statefulsets]}
                  validations: [{expression: "false", message: no workloads here}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  validationActions: [Deny]
                  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                """.formatted(namespace).getBytes(StandardCharsets.UTF_8))).serverSideApply();
        // It is in force a moment later.
        StatefulSet any = client.apps().statefulSets().load(new ByteArrayInputStream("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: any, namespace: %s}
                spec:
                  serviceName: any
                  selector: {matchLabels: {app: any}}
                  template:
                    metadata: {labels: {app: any}}
                    spec: {containers: [{name: any, image: any}]}
                """.formatted(namespace).getBytes(StandardCharsets.UTF_8))).item();
        await(() -> assertThatThrownBy(() -> client.resource(any).dryRun(true).create())
                .hasMessageContaining("no workloads here"));
        server(SMALLEST);
    }

    private void die(int status, String reason, String message) {
        server(SMALLEST);
        awaitServing();
        changePod(pod -> pod.editStatus()
                .withContainerStatuses(new ContainerStatusBuilder().withName("pptp")
                        .withReady(false)
                        .withImage("pptp")
                        .withImageID("pptp")
                        .withRestartCount(3)
                        .withNewState()
                        .withNewWaiting()
                        .withReason("CrashLoopBackOff")
                        .withMessage("back-off 40s restarting failed container=pptp")
                        .endWaiting()
                        .endState()
                        .withNewLastState()
                        .withNewTerminated()
                        .withExitCode(status)
                        .withReason(reason)
                        .withMessage(message)
                        .endTerminated()
                        .endLastState()
                        .build())
                .endStatus());
    }

    private void failToPull() {
        server(SMALLEST);
        awaitServing();
        changePod(pod -> pod.editStatus()
                .withContainerStatuses(new ContainerStatusBuilder().withName("pptp")
                        .withReady(false)
                        .withImage("pptp")
                        .withImageID("")
                        .withRestartCount(0)
                        .withNewState()
                        .withNewWaiting()
                        .withReason("ImagePullBackOff")
                        .withMessage("Back-off pulling image \"registry.example/pptp-dataplane:tpyo\"")
                        .endWaiting()
                        .endState()
                        .build())
                .endStatus());
    }

    private void changePod(UnaryOperator<PodBuilder> change) {
        // Others write to it as well.
        await(() -> client.pods()
                .inNamespace(namespace)
                .withName(POD)
                .editStatus(pod -> change.apply(notReady(pod)).build()));
    }

    private static PodBuilder notReady(Pod pod) {
        var changed = new PodBuilder(pod);
        pod.getStatus().getConditions().stream().filter(it -> it.getType().equals("Ready")).forEach(it -> {
            it.setStatus("False");
        });
        return changed.editStatus().withConditions(pod.getStatus().getConditions()).endStatus();
    }

    private void leaveIpv6Only() {
        server(SMALLEST);
        awaitServing();
        await(() -> client.pods()
                .inNamespace(namespace)
                .withName(POD)
                .editStatus(pod -> new PodBuilder(pod).editStatus()
                        .withHostIP("fd00::5")
                        .withHostIPs(new HostIP("fd00::5"))
                        .endStatus()
                        .build()));
        client.nodes()
                .withName(namespace + "-node-1")
                .editStatus(node -> new NodeBuilder(node).editStatus()
                        .withAddresses()
                        .addNewAddress("fd00::5", "InternalIP")
                        .endStatus()
                        .build());
    }
}
