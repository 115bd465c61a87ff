package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.Lab;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server of two pods, each with an address of its own that clients dial. */
@OnTheCluster
final class SeveralPodsIT {

    private static final String TWINS = "twins";
    private static final String FIRST = "twin-pptp-0";
    private static final String SECOND = "twin-pptp-1";
    private static final String PODS = "10.244.0.0/24";
    private static final String CLIENTS = "198.51.100.0/24";
    private static final String SERVER = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: twins, labels: {pod-security.kubernetes.io/enforce: privileged}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: twin, namespace: twins}
            spec:
              replicas: 2
              exposure: {type: PodNetwork}
              localIP: 192.168.78.1
              pools: [192.168.78.100-199]
              drainTimeout: 0s
            """;

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;

    SeveralPodsIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void serve() {
        // docs/exposure.md: pods' packets to the clients' network must keep the pods' addresses.
        node.on("nft", "insert", "rule", "ip", "pods", "translate", "ip", "daddr", CLIENTS, "return");
        String route = "ip route replace " + PODS + " via " + Lab.SERVER;
        lab.laptop().must(route);
        lab.desktop().must(route);
        lab.crowd().must("sh", "-c", route);
        node.apply(SERVER);
        cluster.user(TWINS, "erin", "secret-e");
        cluster.user(TWINS, "frank", "secret-f");
        cluster.awaitReady(TWINS, "pptps/twin");
    }

    @AfterAll
    void remove() {
        node.kubectl("delete", "namespace", TWINS, "--wait=false");
        String route = "ip route delete " + PODS;
        lab.laptop().must(route);
        lab.desktop().must(route);
        lab.crowd().must("sh", "-c", route);
    }

    private String status(String user, String field) {
        return cluster.field(TWINS, "vpnu/" + user, ".status." + field);
    }

    private String address(String pod) {
        return cluster.field(TWINS, "pptps/twin", ".status.addresses[?(@.pod==\"" + pod + "\")].address");
    }

    /** Waits until the status tells of one session, and where it is. */
    private void awaitOneSession(String user, String pod, String from) {
        Await.until(user + " has one session, at " + pod, Cluster.PATIENCE,
                () -> status(user, "state").equals("Connected") && status(user, "sessions").equals("1")
                        && status(user, "session.pod").equals(pod) && status(user, "session.from").equals(from)
                        && status(user, "session.server").equals("twins/twin"));
    }

    @Test
    void aLoginAtAnotherPodEndsTheUsersOlderSessionAndNobodyElses() {
        try (var erin = Cluster.connect(lab.laptop(), Cluster.dial(address(FIRST), "erin", "secret-e"));
                var frank = Cluster.connect(lab.desktop(), Cluster.dial(address(FIRST), "frank", "secret-f"))) {
            awaitOneSession("erin", FIRST, Lab.LAPTOP);
            awaitOneSession("frank", FIRST, Lab.DESKTOP);
            assertThat(status("erin", "session.address")).isEqualTo(erin.localAddress());
            String franksSince = status("frank", "session.since");

            try (var anew = ClientProgram.start(lab, lab.crowd(), "secret-e", "connect", address(SECOND), "--user",
                    "erin")) {
                String connected = anew.output().await("connected as erin: ", Cluster.PATIENCE);
                long loggedIn = System.nanoTime();
                Cluster.awaitEnd(erin);
                System.out.println("The older session at another pod ended after "
                        + Duration.ofNanos(System.nanoTime() - loggedIn).toMillis() + " ms.");

                awaitOneSession("erin", SECOND, Lab.CROWD);
                assertThat(connected).contains(status("erin", "session.address"));
                assertThat(node.kubectl("get", "events", "--namespace", TWINS)).containsPattern(
                        "SessionLimit +vpnuser/erin +ended the session from " + Lab.LAPTOP + " at pod " + FIRST);
                assertThat(anew.isRunning()).isTrue();
                awaitOneSession("frank", FIRST, Lab.DESKTOP);
                assertThat(status("frank", "session.since")).isEqualTo(franksSince);
                assertThat(Cluster.reaches(lab.desktop(), "192.168.78.1")).isTrue();
                assertThat(frank.isRunning()).isTrue();
            }
            cluster.awaitField(TWINS, "vpnu/erin", ".status.state", "Disconnected");
            assertThat(status("erin", "session")).isEmpty();
            awaitOneSession("frank", FIRST, Lab.DESKTOP);
        }
    }
}
