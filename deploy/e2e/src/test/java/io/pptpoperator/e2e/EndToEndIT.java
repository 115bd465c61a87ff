package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.GuestCommand;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster with a kubelet, the project's images, deploy/install.yaml, and real clients that dial the node's address.
 * One server serves all tests; the tests that remove or replace its pod come last.
 */
@InteropLab
@ExtendWith(NodeRequirements.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class EndToEndIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration ROLLED = Duration.ofSeconds(60);
    private static final String IMAGE = "pptp-operator.io/pptp-dataplane";
    private static final String SITE = "hello from a Service of the cluster";

    private static final String SERVER = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: vpn, labels: {pod-security.kubernetes.io/enforce: privileged}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: office, namespace: vpn}
            spec:
              localIp: 192.168.77.1
              pools: [192.168.77.100-200]
              useClusterDns: true
              drainTimeout: 3s
            """;
    private static final String USERS = """
            apiVersion: v1
            kind: Secret
            metadata: {name: passwords, namespace: vpn}
            stringData: {alice: secret-a, bob: secret-b}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: alice, namespace: vpn}
            spec: {enabled: true, password: {secretKeyRef: {name: passwords, key: alice}}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: VpnUser
            metadata: {name: bob, namespace: vpn}
            spec: {enabled: true, password: {secretKeyRef: {name: passwords, key: bob}}}
            """;
    /** The image of waiting pods on the node is busybox. */
    private static final String WEB_SITE = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: apps}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: site, namespace: apps}
            data: {index.html: "%s"}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: apps, labels: {app: web}}
            spec:
              containers:
                - name: web
                  image: pptp-operator.io/pause:1
                  args: [httpd, -f, -p, "8080", -h, /site]
                  volumeMounts: [{name: site, mountPath: /site}]
              volumes: [{name: site, configMap: {name: site}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: apps}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            """
            .formatted(SITE);

    private static final Dial ALICE = Dial.to(Lab.SERVER, "alice", "secret-a").with("require-mppe-128");
    private static final Dial ALICE_ANEW = Dial.to(Lab.SERVER, "alice", "new-secret")
            .with("require-mppe-128");
    private static final Dial BOB = Dial.to(Lab.SERVER, "bob", "secret-b").with("require-mppe-128");

    private final Lab lab;
    private final Node node;

    EndToEndIT(Lab lab) {
        this.lab = lab;
        List<Path> images = Images.build();
        node = Node.start(lab.serverHost(), images);
        node.kubectl("apply", "--server-side", "--filename", Repository.text("deploy/install.yaml"));
        node.apply(WEB_SITE);
        node.kubectl("rollout", "status", "--namespace", "pptp-system", "deployment/pptp-operator",
                "--timeout",
                "90s");
        node.apply(SERVER);
        node.apply(USERS);
        awaitReady();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** No test shall take the session of the one before for its own. */
    @BeforeEach
    void usersAsTheyWere() {
        node.apply(USERS);
        awaitField("vpnu/alice", ".status.state", "Disconnected");
        awaitField("vpnu/bob", ".status.state", "Disconnected");
    }

    private void awaitReady() {
        node.kubectl("wait", "--namespace", "vpn", "pptps/office", "vpnu/alice", "vpnu/bob", "--for",
                "condition=Ready", "--timeout", "60s");
    }

    /** A field of an object in the namespace vpn. */
    private String field(String object, String path) {
        return node.kubectl("get", "--namespace", "vpn", object, "--output", "jsonpath={" + path + "}");
    }

    private void awaitField(String object, String path, String value) {
        Await.until(object + " has " + path + " " + value, SOON, () -> field(object, path).equals(value));
    }

    private void patch(String object, String patch) {
        node.kubectl("patch", "--namespace", "vpn", object, "--type", "merge", "--patch", patch);
    }

    private static Dial persistent(Dial dial) {
        return dial.with("persist", "maxfail 0", "holdoff 1", "lcp-echo-interval 2", "lcp-echo-failure 3");
    }

    private String rules() {
        return lab.serverHost().must("nft", "--stateless", "list", "ruleset");
    }

    private boolean reachesTheInternet(Guest guest) {
        return guest.pings(Lab.WEB) == 5;
    }

    @Test
    void theServerIsAStatefulSetPodThatRunsWithTwoCapabilitiesAndNothingElse() {
        assertThat(field("statefulset/office-pptp", ".status.readyReplicas")).isEqualTo("1");
        assertThat(field("pod/office-pptp-0", ".spec.containers[0].securityContext.privileged")).isEmpty();
        assertThat(field("pod/office-pptp-0", ".spec.containers[0].securityContext.capabilities"))
                .isEqualTo("{\"add\":[\"NET_ADMIN\",\"NET_RAW\"],\"drop\":[\"ALL\"]}");
        assertThat(node.kubectl("get", "pptps", "--namespace", "vpn", "--no-headers"))
                .matches(Pattern
                        .compile("office\\s+True\\s+Serving\\s+" + Pattern.quote(Lab.SERVER) + "\\s.*"));
    }

    @Test
    void aClientReachesTheInternetAndServicesAndIsSeenByKubectl() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(client.localAddress()).startsWith("192.168.77.");
            assertThat(lab.laptop().must("curl -sS --max-time 10 -o /dev/null -w '%{size_download}' http://"
                    + Lab.WEB + lab.page().path())).isEqualTo(Integer.toString(lab.page().size()));
            String clusterIp = node.kubectl("get", "service", "web", "--namespace", "apps", "--output",
                    "jsonpath={.spec.clusterIP}");
            assertThat(lab.laptop().must("curl -sS --max-time 10 http://" + clusterIp)).isEqualTo(SITE);
            assertThat(lab.laptop().must("curl -sS --max-time 10 http://web.apps.svc.cluster.local"))
                    .as("by its name, from the cluster's DNS").isEqualTo(SITE);

            awaitField("vpnu/alice", ".status.state", "Connected");
            awaitField("pptps/office", ".status.sessions", "1");
            assertThat(node.kubectl("get", "vpnu", "alice", "--namespace", "vpn", "--no-headers"))
                    .contains("Connected", "vpn/office", client.localAddress(), Lab.LAPTOP);
        }
    }

    @Test
    void aDisabledUsersSessionEndsWithinSecondsWhileAnothersDownloadGoesOn() {
        try (var alice = PppClient.connect(lab.laptop(), ALICE);
                var bob = PppClient.connect(lab.desktop(), BOB)) {
            GuestCommand download = lab.desktop().start("curl -sS --limit-rate 2M http://" + Lab.WEB
                    + lab.mediumFile().path() + " | sha256sum");
            Await.until("the download has begun", SOON, () -> Long
                    .parseLong(lab.desktop().must("cat /sys/class/net/ppp0/statistics/rx_bytes")) > 100_000);

            long disabled = System.nanoTime();
            patch("vpnu/alice", "{\"spec\": {\"enabled\": false}}");
            alice.output().await("terminated by peer|Modem hangup", SOON);
            System.out.println("A disabled user's session ended after "
                    + Duration.ofNanos(System.nanoTime() - disabled).toMillis() + " ms.");

            assertThat(download.isRunning()).as("the other download goes on").isTrue();
            assertThat(download.awaitExit(Duration.ofSeconds(60))).isZero();
            assertThat(download.output().text()).startsWith(lab.mediumFile().sha256());
            assertThat(bob.isRunning()).isTrue();
            awaitField("vpnu/alice", ".status.state", "Disabled");
        }
    }

    @Test
    void aPasswordThatIsChangedInItsSecretHoldsWithinSeconds() {
        node.apply(USERS.replace("secret-a", "new-secret"));

        Await.until("the new password lets alice in", SOON, () -> {
            try (var client = PppClient.start(lab.laptop(), ALICE_ANEW)) {
                client.output().await("remote IP address|authentication failed|Modem hangup", SOON);
                return client.output().has("remote IP address");
            }
        });
        try (var client = PppClient.start(lab.laptop(), ALICE)) {
            client.output().await("authentication failed", SOON);
        }
    }

    @Test
    void sessionsLiveOnWithoutAnOperatorAndTheNextOneKnowsThem() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            awaitField("vpnu/alice", ".status.state", "Connected");
            String before = field("vpnu/alice", ".status.session.since");

            node.kubectl("delete", "pod", "--namespace", "pptp-system", "--selector",
                    "app.kubernetes.io/name=pptp-operator", "--grace-period", "0", "--force");

            assertThat(reachesTheInternet(lab.laptop())).isTrue();
            node.kubectl("rollout", "status", "--namespace", "pptp-system", "deployment/pptp-operator",
                    "--timeout", "60s");
            patch("pptps/office", "{\"spec\": {\"dns\": [\"9.9.9.9\"]}}");
            Await.until("the new operator has taken over", ROLLED,
                    () -> field("pptps/office", ".status.observedGeneration")
                            .equals(field("pptps/office", ".metadata.generation")));
            assertThat(field("vpnu/alice", ".status.state")).isEqualTo("Connected");
            assertThat(field("vpnu/alice", ".status.session.since")).isEqualTo(before);
            assertThat(client.isRunning()).isTrue();
        }
    }

    // After the test that reaches Services, because this takes kube-proxy's rules as well for some seconds.
    @Test
    @Order(Integer.MAX_VALUE - 5)
    void rulesThatSomebodyFlushesOnTheNodeAreBackWithinSeconds() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            String ours = node.on("sh", "-c", "nft list tables | grep pptp");

            node.on("nft", "flush", "ruleset");
            // It looks for what it lacks once an hour, or when it starts.
            node.on("pkill", "-x", "kube-proxy");

            Await.until("the server's tables are back", SOON,
                    () -> node.on("sh", "-c", "nft list tables | grep pptp || true").equals(ours));
            assertThat(reachesTheInternet(lab.laptop())).isTrue();
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Test
    void aNamespaceThatDoesNotAdmitThePodsIsNamedInTheServersCondition() {
        node.apply(
                SERVER.replace("name: vpn,", "name: strict,").replace("namespace: vpn", "namespace: strict")
                        .replace("enforce: privileged", "enforce: restricted"));

        Await.until("the server says why it has no pods", SOON,
                () -> node
                        .kubectl("get", "pptps/office", "--namespace", "strict", "--output",
                                "jsonpath={.status.conditions[?(@.type==\"Ready\")].message}")
                        .contains("pod-security.kubernetes.io/enforce=privileged"));
        node.kubectl("delete", "namespace", "strict", "--wait=false");
    }

    @Test
    void helmInstallsUpgradesAndRemovesAnOperatorOfOneNamespace() {
        node.helm("install", "second", Repository.text("deploy/helm/pptp-operator"), "--namespace", "second",
                "--create-namespace", "--set", "watch=own,crds.install=false", "--wait", "--timeout", "90s");
        node.helm("upgrade", "second", Repository.text("deploy/helm/pptp-operator"), "--namespace", "second",
                "--reuse-values", "--set", "replicas=2", "--wait", "--timeout", "90s");
        assertThat(node.kubectl("get", "deployment/second", "--namespace", "second", "--output",
                "jsonpath={.status.readyReplicas}")).as("with the rights that the chart gives")
                .isEqualTo("2");

        node.helm("uninstall", "second", "--namespace", "second", "--wait");
        assertThat(node.kubectl("get",
                "deployments,services,roles,rolebindings,clusterroles,clusterrolebindings",
                "--all-namespaces", "--selector", "app.kubernetes.io/instance=second", "--output", "name"))
                .isEmpty();
        assertThat(node.kubectl("get", "crds", "--output", "name")).contains("vpnusers.pptp-operator.io");
    }

    @Test
    void everyExampleIsAcceptedAsItIs() throws IOException {
        node.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: branches}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: argocd}
                """);
        List<Path> files;
        try (Stream<Path> all = Files.walk(Repository.path("deploy/examples"))) {
            files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().contains("/gitops/")).sorted().toList();
        }

        assertThat(files).hasSizeGreaterThan(5).allSatisfy(file -> {
            Outcome outcome = node.tryKubectl("apply", "--server-side", "--force-conflicts",
                    "--dry-run=server",
                    "--filename", file.toString());
            assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        });
        assertThat(
                node.kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--kustomize",
                        Repository.text("deploy/examples/gitops/production")))
                .contains("pptpserver.pptp-operator.io/office", "vpnuser.pptp-operator.io/bob");
    }

    @Test
    void theDashboardAndTheAlertsAskForMetricsThatExist() throws IOException {
        String metrics = node.kubectl("get", "--raw",
                "/api/v1/namespaces/pptp-system/services/pptp-operator-metrics:http/proxy/metrics")
                + node.on("sh", "-c", """
                        curl -sS --max-time 10 --insecure --cert %1$s/tls.crt --key %1$s/tls.key \\
                            https://127.0.0.1:9723/metrics"""
                        .formatted(clientCertificate()));
        var asked = new TreeSet<String>();
        for (String file : List.of("alerts/operator.yaml", "alerts/servers.yaml", "dashboard.json")) {
            var names = Pattern.compile("\\b(pptp_[a-z_]+|process_[a-z_]+)\\b(?!\"?:|-)")
                    .matcher(Files.readString(Repository.path("deploy/helm/pptp-operator/files/" + file)));
            names.results().map(name -> name.group(1)).forEach(asked::add);
        }

        assertThat(asked).hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(metrics).containsPattern("(?m)^" + name + "[{ ]"));
    }

    /** A folder with the certificate that people show to data planes. */
    private Path clientCertificate() throws IOException {
        Path folder = Files.createTempDirectory(node.logs(), "certificate-");
        for (String file : List.of("tls.crt", "tls.key")) {
            String encoded = node.kubectl("get", "secret", "pptp-operator-admin-client", "--namespace",
                    "pptp-system", "--output", "jsonpath={.data." + file.replace(".", "\\.") + "}");
            Files.write(folder.resolve(file), java.util.Base64.getDecoder().decode(encoded));
        }
        return folder;
    }

    @Test
    @Order(Integer.MAX_VALUE - 4)
    void aClientReconnectsByItselfAfterItsPodWasKilled() {
        try (var client = PppClient.connect(lab.laptop(), persistent(ALICE))) {
            int before = client.output().size();

            node.kubectl("delete", "pod", "office-pptp-0", "--namespace", "vpn", "--grace-period", "0",
                    "--force");

            client.awaitUpAgain(before);
            assertThat(reachesTheInternet(lab.laptop())).isTrue();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE - 3)
    void aNewImageRollsOutAfterCallsWereEndedInOrder() {
        String version = field("pod/office-pptp-0", ".spec.containers[0].image").replace(IMAGE, "");
        node.on("ctr", "--namespace", "k8s.io", "images", "tag", IMAGE + version, IMAGE + ":next");
        try (var client = PppClient.connect(lab.laptop(), persistent(ALICE))) {
            int before = client.output().size();

            patch("pptps/office", "{\"spec\": {\"image\": \"" + IMAGE + ":next\"}}");

            client.output().awaitFrom(before, "LCP terminated by peer", ROLLED);
            client.awaitUpAgain(before);
            assertThat(field("pod/office-pptp-0", ".spec.containers[0].image")).isEqualTo(IMAGE + ":next");
            awaitReady();
            assertThat(reachesTheInternet(lab.laptop())).isTrue();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE - 2)
    void aPrivilegedPodServesToo() {
        patch("pptps/office", "{\"spec\": {\"pod\": {\"securityProfile\": \"Privileged\"}}}");
        Await.until("the pod is privileged", ROLLED,
                () -> node.tryKubectl("get", "pod", "office-pptp-0", "--namespace", "vpn", "--output",
                        "jsonpath={.spec.containers[0].securityContext.privileged}").output().equals("true"));
        Await.until("it is ready", ROLLED,
                () -> field("statefulset/office-pptp", ".status.updatedReplicas").equals("1")
                        && field("statefulset/office-pptp", ".status.readyReplicas").equals("1"));

        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(reachesTheInternet(lab.laptop())).isTrue();
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aDeletedServerLeavesNothingOnTheNode() {
        assertThat(node.on("sh", "-c", "ip link; ip route; nft list tables")).contains("pptp");

        node.kubectl("delete", "pptps", "office", "--namespace", "vpn");

        Await.until("the pod is gone", ROLLED, () -> node
                .kubectl("get", "pods", "--namespace", "vpn", "--output", "name").isEmpty());
        assertThat(node.on("sh", "-c", "ip link; ip route; nft list tables")).doesNotContain("pptp")
                .doesNotContain("192.168.77.");
        assertThat(node.kubectl("get", "secrets,services,statefulsets", "--namespace", "vpn", "--output",
                "name"))
                .isEqualTo("secret/passwords");
        assertThat(rules()).doesNotContain("192.168.77.");
    }
}
