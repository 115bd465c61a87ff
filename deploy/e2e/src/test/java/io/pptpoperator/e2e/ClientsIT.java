package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.GuestCommand;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real clients that dial the node's address. */
@OnTheCluster
final class ClientsIT {

    /** What curl says of a door that nobody opens. */
    private static final String CLOSED = "000";
    private static final String SITE = "hello from a Service of the cluster";
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
            """.formatted(SITE);

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;

    ClientsIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void serve() {
        node.apply(WEB_SITE);
        cluster.serve();
    }

    @Test
    void aClientReachesTheInternetAndServicesAndIsSeenByKubectl() {
        cluster.user("alice", "secret-a");
        cluster.awaitReady("apps", "pod/web");
        try (var client = Cluster.connect(lab.laptop(), Cluster.dial("alice", "secret-a"))) {
            assertThat(client.localAddress()).startsWith("192.168.77.");
            assertThat(fetch("-o /dev/null -w '%{size_download}' http://" + Lab.WEB + lab.page().path()))
                    .isEqualTo(Integer.toString(lab.page().size()));
            String clusterIp = cluster.field("apps", "service/web", ".spec.clusterIP");
            Await.until("the Service has the pod", Cluster.PATIENCE,
                    () -> lab.laptop().run("curl -sS --max-time 10 http://" + clusterIp).output().equals(SITE));
            assertThat(fetch("http://web.apps.svc.cluster.local")).as("by its name, from the cluster's DNS")
                    .isEqualTo(SITE);

            cluster.awaitField("vpnu/alice", ".status.state", "Connected");
            cluster.awaitField("pptps/office", ".status.sessions", "1");
            assertThat(node.kubectl("get", "vpnu", "alice", "--namespace", "vpn", "--no-headers")).contains("Connected",
                    "vpn/office", client.localAddress(), Lab.LAPTOP);
        }
        cluster.awaitField("pptps/office", ".status.sessions", "0");
    }

    /** The kubelet and the API server listen on all of the node's addresses. */
    @Test
    void aClientIsNoProcessOnTheNode() {
        cluster.user("mallory", "secret-m");
        List<String> doors = List.of("192.168.77.1:10250", Lab.SERVER_UPLINK + ":10250", "192.168.77.1:6443",
                Lab.SERVER_UPLINK + ":6443");
        try (var client = Cluster.connect(lab.laptop(), Cluster.dial("mallory", "secret-m"))) {
            assertThat(doors).allSatisfy(door -> assertThat(knock(door)).isEqualTo(CLOSED));

            cluster.patch("pptps/office",
                    "{\"spec\": {\"hostAccess\": [{\"protocol\": \"TCP\", \"ports\": [\"10250\"]}]}}");
            Await.until("the kubelet asks who it is", Cluster.PATIENCE,
                    () -> knock("192.168.77.1:10250").equals("401"));
            assertThat(knock(Lab.SERVER_UPLINK + ":10250")).isEqualTo("401");
            assertThat(knock("192.168.77.1:6443")).isEqualTo(CLOSED);

            cluster.patch("pptps/office", "{\"spec\": {\"hostAccess\": null}}");
            Await.until("the kubelet is closed again", Cluster.PATIENCE,
                    () -> knock("192.168.77.1:10250").equals(CLOSED));
            assertThat(client.isRunning()).as("the session outlives the changes").isTrue();
        }
    }

    /** The status of whatever answers, or {@link #CLOSED}. */
    private String knock(String door) {
        return lab.laptop()
                .run("curl -sk --max-time 5 -o /dev/null -w '%{http_code}' https://" + door + "/pods")
                .output();
    }

    private String fetch(String request) {
        return lab.laptop().must("curl -sS --max-time 20 " + request);
    }

    @Test
    void aDisabledUsersSessionEndsWhileAnothersDownloadGoesOn() {
        cluster.user("dora", "secret-d");
        cluster.user("bob", "secret-b");
        try (var dora = Cluster.connect(lab.laptop(), Cluster.dial("dora", "secret-d"));
                var bob = Cluster.connect(lab.desktop(), Cluster.dial("bob", "secret-b"))) {
            // One download after the other, so that one is under way however long the rest takes.
            GuestCommand downloads = lab.desktop()
                    .start("rm -f /tmp/enough; until [ -e /tmp/enough ]; do" + " curl -sS --limit-rate 4M http://"
                            + Lab.WEB + lab.mediumFile().path() + " | sha256sum; done");
            Await.until("the download has begun", Cluster.PATIENCE,
                    () -> Long.parseLong(lab.desktop().must("cat /sys/class/net/ppp0/statistics/rx_bytes")) > 100_000);

            long disabled = System.nanoTime();
            cluster.patch("vpnu/dora", "{\"spec\": {\"enabled\": false}}");
            Cluster.awaitEnd(dora);
            System.out.println("A disabled user's session ended after " + millisSince(disabled) + " ms.");

            assertThat(downloads.isRunning()).as("the other download goes on").isTrue();
            lab.desktop().must("touch /tmp/enough");
            assertThat(downloads.awaitExit(Cluster.PATIENCE)).isZero();
            assertThat(downloads.output().lines()).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith(lab.mediumFile().sha256()));
            assertThat(bob.isRunning()).isTrue();
            cluster.awaitField("vpnu/dora", ".status.state", "Disabled");
            cluster.awaitField("vpnu/dora", ".status.sessions", "0");
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    @Test
    void aPasswordThatIsChangedInItsSecretHolds() {
        cluster.user("carol", "secret-c");
        Cluster.connect(lab.laptop(), Cluster.dial("carol", "secret-c")).close();

        cluster.user("carol", "new-secret");

        Cluster.connect(lab.laptop(), Cluster.dial("carol", "new-secret")).close();
        try (var client = PppClient.start(lab.laptop(), Cluster.dial("carol", "secret-c"))) {
            client.output().await("authentication failed", Cluster.PATIENCE);
        }
    }

    @Test
    void sessionsLiveOnWithoutAnOperatorAndTheNextOneKnowsThem() {
        cluster.user("alice", "secret-a");
        try (var client = Cluster.connect(lab.laptop(), Cluster.dial("alice", "secret-a"))) {
            cluster.awaitField("vpnu/alice", ".status.state", "Connected");
            String before = cluster.field("vpnu/alice", ".status.session.since");

            node.kubectl("delete", "pod", "--namespace", "pptp-system", "--selector",
                    "app.kubernetes.io/name=pptp-operator", "--grace-period", "0", "--force");

            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
            cluster.awaitOperator();
            cluster.patch("pptps/office", "{\"spec\": {\"dns\": [\"9.9.9.9\"]}}");
            Await.until("the new operator has taken over", Cluster.PATIENCE,
                    () -> cluster.field("pptps/office", ".status.observedGeneration")
                            .equals(cluster.field("pptps/office", ".metadata.generation")));
            assertThat(cluster.field("vpnu/alice", ".status.state")).isEqualTo("Connected");
            assertThat(cluster.field("vpnu/alice", ".status.session.since")).isEqualTo(before);
            assertThat(client.isRunning()).isTrue();
        }
    }
}
