package io.pptpoperator.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.kubectl.completion.NamesInCluster;
import io.pptpoperator.operator.cluster.FakeDataPlane;
import io.pptpoperator.operator.cluster.FakeNodes;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.cluster.TestCluster;
import io.pptpoperator.operator.pki.PkiStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The plugin against a real API server with an operator; pods and their kubelet are fakes. Most commands run with the
 * rights that docs/kubectl-plugin.md asks for, and no others.
 */
class PluginIT {

    /** Guards against waiting for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String POD = "office-pptp-0";

    private final TestCluster cluster = TestCluster.shared();
    private final KubernetesClient client = cluster.client();
    private final String namespace = cluster.newNamespace("plugin");
    private final FakeNodes nodes = new FakeNodes(client, namespace, 1);
    private FakeKubelet kubelet;
    private OperatorProcess operator;

    private record Result(int status, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        ShippedRbac.bindIn(client, namespace);
        operator = new OperatorProcess(cluster.configOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, true);
        kubelet = new FakeKubelet(client);
        kubelet.serve(namespace + "-node-1");
        for (String role : List.of("system:aggregate-to-view", "system:aggregate-to-edit", "pptp-operator-view",
                "pptp-operator-edit")) {
            bind("editors", "ClusterRole", role);
        }
        bind("viewers", "ClusterRole", "system:aggregate-to-view");
        bind("viewers", "ClusterRole", "pptp-operator-view");
        bind("administrators", "Role", "pptp-operator-sessions");
        apply("PptpServer", "office", "localIP: 10.8.0.1, pools: [10.8.0.2-101]");
        apply("VpnUser", "alice", "enabled: true");
        await(() -> nodes.dataPlane(POD).flatMap(it -> it.user("alice")).isPresent());
        await(() -> alice().getStatus().state() == State.Disconnected);
        await(() -> client.resources(PptpServer.class)
                .inNamespace(namespace)
                .withName("office")
                .get()
                .getStatus()
                .address() != null);
    }

    @AfterEach
    void stop() {
        operator.close();
        kubelet.close();
        nodes.close();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    private void bind(String group, String kind, String role) {
        client.resource(new RoleBindingBuilder().withNewMetadata()
                .withName(group + "-" + role.replace(':', '-'))
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", kind, role)
                .withSubjects(new SubjectBuilder().withApiGroup("rbac.authorization.k8s.io")
                        .withKind("Group")
                        .withName(group)
                        .build())
                .build()).create();
    }

    private void apply(String kind, String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(kind, name, namespace, spec)).fieldManager("test").forceConflicts().serverSideApply();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).ignoreExceptions().until(condition);
    }

    private FakeDataPlane dataPlane() {
        return nodes.dataPlane(POD).orElseThrow();
    }

    private VpnUser alice() {
        return client.resources(VpnUser.class).inNamespace(namespace).withName("alice").get();
    }

    /** Runs the plugin as somebody in some groups. */
    private Result run(List<String> groups, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString(), "-n", namespace, "--as", "dora"));
        groups.forEach(group -> all.addAll(List.of("--as-group", group)));
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
        return new Result(line.execute(all.toArray(new String[0])), out.toString(), err.toString());
    }

    private Result run(String... arguments) {
        return run(List.of("editors", "administrators"), arguments);
    }

    private SessionView login(String peer, Instant since) {
        SessionView session = dataPlane().login("alice", peer, since);
        await(() -> alice().getStatus().sessions() > 0 && alice().getStatus().session().from().equals(peer));
        return session;
    }

    @Test
    void sessionsComeFromThePodsThroughTheApiServer() {
        SessionView session = login("198.51.100.1", Instant.now().minusSeconds(16_200));
        await(() -> client.secrets().inNamespace(namespace).withName(PkiStore.PEOPLES_SECRET).get() != null);

        Result table = run("sessions");

        assertThat(table.err).isEmpty();
        assertThat(table.out.lines().toList()).satisfiesExactly(
                header -> assertThat(header.split(" +")).containsExactly("USER", "SERVER", "POD", "ADDRESS", "FROM",
                        "SINCE", "UP", "DOWN"),
                row -> assertThat(row).matches(
                        "alice +office +office-pptp-0 +10\\.8\\.0\\.2 +198\\.51\\.100\\.1" + " +4h\\d+m +7 B +0 B"));
        assertThat(run("sessions", "-o", "name").out).isEqualTo(session.id() + "\n");
    }

    @Test
    void whoMayNotAskPodsSeesWhatTheStatusTells() {
        login("198.51.100.1", Instant.now().minusSeconds(16_200));

        Result table = run(List.of("viewers"), "sessions");

        assertThat(table.status).isZero();
        assertThat(table.err).contains("traffic is not known: you may not read Secret pptp-operator-admin-client");
        assertThat(table.out.lines().toList().getLast()).matches(
                "alice +office +office-pptp-0 +10\\.8\\.0\\.2" + " +198\\.51\\.100\\.1 +4h\\d+m +<unknown> +<unknown>");
    }

    @Test
    void ofAPodThatDoesNotAnswerTheStatusTells() {
        login("198.51.100.1", Instant.now().minusSeconds(16_200));
        kubelet.close();

        Result table = run("sessions");

        assertThat(table.status).isZero();
        assertThat(table.err).startsWith("note: pod " + namespace + "/office-pptp-0 does not answer (");
        assertThat(table.out).contains("alice", "198.51.100.1", "<unknown>");
    }

    @Test
    void whoMayNotAskAtAllIsToldWhatIsMissing() {
        Result refused = run(List.of(), "sessions");

        assertThat(refused.status).isEqualTo(3);
        assertThat(refused.err).contains("error: you lack a right").contains("docs/kubectl-plugin.md");
    }

    @Test
    void kickingAUserEndsItsSessionsAndIsRecorded() {
        login("198.51.100.1", Instant.now().minusSeconds(16_200));

        Result kicked = run(List.of("editors"), "kick", "alice", "--timeout", "90");

        assertThat(kicked).isEqualTo(new Result(0, "vpnuser.pptp-operator.io/alice disconnected\n", ""));
        assertThat(dataPlane().sessions()).isEmpty();
        await(() -> cluster.kubectl("get", "events", "-n", namespace)
                .contains("annotation pptp-operator.io/disconnect asks for it"));
        assertThat(run("kick", "alice").err).isEqualTo("error: alice is not connected\n");
    }

    @Test
    void kickingASessionLeavesTheOthers() {
        apply("VpnUser", "alice", "maxSessions: 2");
        await(() -> dataPlane().user("alice").orElseThrow().maxSessions().isPresent());
        SessionView other = login("198.51.100.1", Instant.now().minusSeconds(19_999));
        SessionView one = login("198.51.100.2", Instant.now().minusSeconds(16_200));

        assertThat(run("kick", one.id(), "--timeout", "90"))
                .isEqualTo(new Result(0, "vpnuser.pptp-operator.io/alice disconnected\n", ""));

        assertThat(dataPlane().sessions()).containsExactly(other);
        assertThat(run("kick", "nobody").err).startsWith("error: there is neither a VpnUser nor a session nobody");
    }

    @Test
    void logsAreTheUsersOwn() {
        kubelet.setLog(POD,
                """
                        {"time":"2026-06-01T12:00:00.000Z","level":"info","message":"Connected","session":"a-1","user":"alice"}
                        {"time":"2026-06-01T12:00:01.000Z","level":"info","message":"Connected","session":"a-2","user":"bob"}
                        {"time":"2026-06-01T12:00:02.000Z","level":"info","message":"Disconnected","session":"a-1","reason":"admin"}
                        """);

        assertThat(run("logs", "alice")).isEqualTo(new Result(0, """
                2026-06-01T12:00:00.000Z office-pptp-0 Connected session=a-1
                2026-06-01T12:00:02.000Z office-pptp-0 Disconnected session=a-1 reason=admin
                """, ""));
        assertThat(run("logs", "bob", "--raw", "--tail", "1").out).startsWith("{\"time\":\"2026-06-01T12:00:01.000Z\"");
    }

    @Test
    void anAddedUserCanLogInWithThePasswordThatIsPrintedOnce() {
        Result added = run("add-user", "bob", "--server", "office", "--label", "team=sales");

        assertThat(added.status).as(added.err).isZero();
        assertThat(added.out)
                .matches("(?s)vpnuser\\.pptp-operator\\.io/bob created\nUsername: bob\nPassword: \\w{24}\n");
        String password = added.out.lines().toList().getLast().replace("Password: ", "");
        assertThat(run("password", "bob")).isEqualTo(new Result(0, password + "\n", ""));
        await(() -> dataPlane().user("bob").isPresent());
        VpnUser bob = client.resources(VpnUser.class).inNamespace(namespace).withName("bob").get();
        assertThat(bob.getMetadata().getLabels()).containsEntry("team", "sales");
        assertThat(client.secrets().inNamespace(namespace).withName("bob-vpn").get().getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(bob.getMetadata().getUid()));
        assertThat(run("add-user", "bob").err).startsWith("error: there is a VpnUser bob already");
    }

    @Test
    void aRotatedPasswordReachesTheServer() {
        var before = dataPlane().user("alice").orElseThrow().credentials();

        Result rotated = run("password", "alice", "--rotate");

        assertThat(rotated.out).matches("\\w{24}\n");
        assertThat(rotated.err).isEqualTo("secret/alice-vpn changed\n");
        assertThat(secretValue("alice-vpn", "password")).isEqualTo(rotated.out.strip());
        await(() -> !dataPlane().user("alice").orElseThrow().credentials().equals(before));
    }

    private String secretValue(String secret, String key) {
        String encoded = client.secrets().inNamespace(namespace).withName(secret).get().getData().get(key);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    @Test
    void aProfileNamesTheServersAddressAndThePasswordOnlyWhenAsked() {
        await(() -> alice().getStatus().servers().size() == 1);

        Result windows = run("profile", "alice", "--device", "windows");
        assertThat(windows.out).contains("-Name 'office' -ServerAddress '203.0.113.1'", "rasdial 'office' 'alice' *");
        assertThat(run("profile", "alice", "--with-password", "--device", "mikrotik").out)
                .contains("password=\"" + secretValue("alice-vpn", "password") + "\"");
        assertThat(run("profile", "alice").out).contains("## Windows", "## NetworkManager", "## pptp-linux",
                "## MikroTik");
        assertThat(run(List.of("viewers"), "profile", "alice", "--with-password").status).isEqualTo(3);
    }

    @Test
    void theDoctorFindsWhatKeepsAUserOut() {
        Result healthy = run("doctor", "office", "--no-dial", "--user", "alice");
        assertThat(healthy.out).contains("ok       PptpServer office: clients can connect to 203.0.113.1",
                "Nothing was found that keeps clients out.");
        assertThat(healthy.status).isZero();

        apply("VpnUser", "alice", "enabled: false");
        await(() -> alice().getStatus().state().name().equals("Disabled"));
        Result ill = run("doctor", "--no-dial", "--user", "alice");
        assertThat(ill.status).isEqualTo(1);
        assertThat(ill.out).contains("problem  VpnUser alice: Disabled: spec.enabled is false",
                "- set enabled: true in the VpnUser");
        kubelet.setLog(POD,
                """
                        {"time":"2026-06-01T12:00:00.000Z","message":"Call ended before anybody was connected","reason":"no-answer"}
                        """);
        assertThat(run("doctor", "--no-dial").out)
                .contains("1 call of the last hour ended because nothing of the" + " client's GRE arrived");
        kubelet.close();
        assertThat(run("doctor", "--no-dial").status).as("a node without a kubelet has no logs").isZero();
        assertThat(run("doctor", "nowhere").err).startsWith("error: there is no PptpServer nowhere");
    }

    @Test
    void theDoctorPassesOnWhatKubernetesSaysAboutAPodThatIsNotReady() {
        apply("PptpServer", "branch", "localIP: 10.9.0.1, pools: [10.9.0.2-9]");
        String pod = "branch-pptp-0";
        await(() -> client.pods().inNamespace(namespace).withName(pod).get() != null);
        client.resource(new EventBuilder().withNewMetadata()
                .withName("no-tun")
                .withNamespace(namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(pod)
                .withUid(client.pods().inNamespace(namespace).withName(pod).get().getMetadata().getUid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason("FailedMount")
                .withMessage("hostPath type check failed: /dev/net/tun is not a character device")
                .build()).create();
        await(() -> run("doctor", "branch", "--no-dial").out.contains("PodNotScheduled"));

        Result ill = run("doctor", "branch", "--no-dial");

        assertThat(ill.status).isEqualTo(1);
        assertThat(ill.out).contains(
                "so Kubernetes says of pod branch-pptp-0: hostPath type check failed: /dev/net/tun is not a character"
                        + " device",
                "so no pod is ready, and nobody can connect", "1 problem was found.");
    }

    @Test
    void withoutAnOperatorTheDoctorSaysThatNothingTakesEffect() {
        await(() -> run("doctor", "--no-dial", "--user", "alice").status == 0);
        operator.close();
        apply("VpnUser", "alice", "enabled: false");
        apply("PptpServer", "office", "localIP: 10.8.0.1, pools: [10.8.0.2-101], dns: [9.9.9.9]");

        // A process that is killed does not give its Lease back: it is believed in for as long as the Lease says.
        await(() -> run("doctor", "--no-dial", "--user", "alice").status == 1);
        Result gone = run("doctor", "--no-dial", "--user", "alice");

        assertThat(gone.out)
                .containsPattern("problem  Lease " + namespace + "/pptp-operator: no operator is running since .*;"
                        + " nothing you change takes effect")
                .contains("so PptpServer office: its last change is not in force",
                        "so VpnUser alice: its last change is not in force",
                        "unknown  VpnUser alice: before its last change: can log in at", "1 problem was found.");
        Result overview = run("get");
        assertThat(overview.err).contains("note: no operator is running since ")
                .contains("what follows was true before");
        assertThat(overview.out).containsPattern("office +Unknown +NotLookedAt +203")
                .containsPattern("alice +Unknown +NotLookedAt");

        client.leases().inNamespace(namespace).withName("pptp-operator").delete();
        assertThat(run("doctor", "--no-dial").out)
                .contains("no operator is running: there is neither its Lease nor a pod of it; nothing you change");

        holdLease("another-program");
        assertThat(run("doctor", "--no-dial").out)
                .contains("another-program holds it, and is no pod of the operator: as long as it does, no operator is"
                        + " at work; nothing you change takes effect");

        assertThat(run(List.of("viewers"), "doctor", "--no-dial").out).contains("unknown  Lease " + namespace
                + "/pptp-operator: whether an operator is running is not" + " known: you may not read its Lease");
    }

    private void holdLease(String holder) {
        client.resource(new LeaseBuilder().withNewMetadata()
                .withName("pptp-operator")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .withLeaseDurationSeconds(600)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build()).create();
    }

    @Test
    void aServerThatIsNotThereIsRefusedWithTheOneThatMayBeMeant() {
        Result refused = run("add-user", "bob", "--server", "ofice");

        assertThat(refused).isEqualTo(new Result(1, "",
                "error: there is no PptpServer ofice in namespace " + namespace + "; did you mean office?\n"));
        assertThat(client.resources(VpnUser.class).inNamespace(namespace).withName("bob").get()).isNull();
        assertThat(run("doctor", "offcie").err).contains("did you mean office?");
        assertThat(run("profile", "alcie").err).contains("did you mean alice?");
    }

    @Test
    void namesOfTheClusterComplete() {
        List<String> words = List.of("kick", "--kubeconfig", cluster.kubeconfig().toString(), "-n", namespace, "");

        assertThat(NamesInCluster.of("USER|SESSION", words)).containsExactly("alice");
        assertThat(NamesInCluster.of("SERVER", words)).containsExactly("office");
        assertThat(NamesInCluster.of("USER", List.of("--kubeconfig", "/nowhere"))).isEmpty();

    }
}
