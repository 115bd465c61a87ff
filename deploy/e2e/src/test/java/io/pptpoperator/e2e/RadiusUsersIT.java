package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.DocumentedFreeRadius;
import io.pptpoperator.dataplane.radius.FreeRadius;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The FreeRADIUS of docs/radius.md on the node, two pods that ask it, and a user whom no VpnUser is. */
@OnTheCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RadiusUsersIT {

    private static final String NAMESPACE = "radius-users";
    private static final String FIRST = "dialin-pptp-0";
    private static final String SECOND = "dialin-pptp-1";
    private static final String PODS = "10.244.0.0/24";
    private static final String CLIENTS = "198.51.100.0/24";
    private static final int PORT = 18_120;

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;
    private FreeRadius freeRadius;

    RadiusUsersIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void serve(@TempDir Path folder) throws IOException {
        Requirement.programs("freeradius");
        freeRadius = DocumentedFreeRadius.start(Path.of(Repository.text("docs/radius.md")), folder, PORT, "0.0.0.0/0",
                "carol Cleartext-Password := \"secret-c\"\n", lab.serverHost()::inside);
        node.on("nft", "insert", "rule", "ip", "pods", "translate", "ip", "daddr", CLIENTS, "return");
        String route = "ip route replace " + PODS + " via " + Lab.SERVER;
        lab.laptop().must(route);
        lab.crowd().must("sh", "-c", route);
        node.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: radius-users, labels: {pod-security.kubernetes.io/enforce: privileged}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: radius, namespace: radius-users, labels: {pptp-operator.io/radius: "true"}}
                stringData: {secret: "%s"}
                ---
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: dialin, namespace: radius-users}
                spec:
                  replicas: 2
                  exposure: {type: PodNetwork}
                  localIP: 192.168.80.1
                  pools: [192.168.80.100-199]
                  drainTimeout: 0s
                  users: {source: Radius}
                  radius:
                    servers:
                      - host: %s
                        authenticationPort: %d
                        accountingPort: %d
                        secret: {secretKeyRef: {name: radius, key: secret}}
                """.formatted(DocumentedFreeRadius.SECRET, Lab.SERVER, PORT, PORT + 1));
        cluster.awaitReady(NAMESPACE, "pptps/dialin");
    }

    @AfterAll
    void remove() {
        if (freeRadius != null) {
            freeRadius.close();
        }
        node.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
        String route = "ip route delete " + PODS;
        lab.laptop().must(route);
        lab.crowd().must("sh", "-c", route);
    }

    private String address(String pod) {
        return cluster.field(NAMESPACE, "pptps/dialin", ".status.addresses[?(@.pod==\"" + pod + "\")].address");
    }

    private void awaitSessions(int sessions) {
        cluster.awaitField(NAMESPACE, "pptps/dialin", ".status.sessions", Integer.toString(sessions));
    }

    /** By session, what FreeRADIUS was told of carol. */
    private Map<String, List<String>> books() {
        return freeRadius.records()
                .stream()
                .filter(it -> it.contains("User-Name = \"carol\""))
                .collect(Collectors.groupingBy(it -> attribute(it, "Acct-Session-Id"),
                        Collectors.mapping(
                                it -> attribute(it, "NAS-Identifier") + " " + attribute(it, "Acct-Status-Type"),
                                Collectors.toList())));
    }

    private static String attribute(String record, String name) {
        var found = Pattern.compile("\t" + name + " = \"?([^\"\n]*)").matcher(record);
        return found.find() ? found.group(1) : "";
    }

    @Test
    void aUserOfRadiusHasOneSessionOverAllPods() {
        try (var carol = Cluster.connect(lab.laptop(), Cluster.dial(address(FIRST), "carol", "secret-c"))) {
            awaitSessions(1);
            cluster.awaitField(NAMESPACE, "pptps/dialin", ".status.conditions[?(@.type==\"RadiusReachable\")].status",
                    "True");
            assertThat(carol.localAddress()).startsWith("192.168.80.");
            assertThat(Cluster.reaches(lab.laptop(), "192.168.80.1")).isTrue();

            try (var anew = ClientProgram.start(lab, lab.crowd(), "secret-c", "connect", address(SECOND), "--user",
                    "carol")) {
                anew.output().await("connected as carol: ", Cluster.PATIENCE);
                Cluster.awaitEnd(carol);
                awaitSessions(1);
                assertThat(anew.isRunning()).isTrue();
                assertThat(node.kubectl("get", "events", "--namespace", NAMESPACE))
                        .containsPattern("SessionLimit +pptpserver/dialin +ended carol's");
                assertThat(node.kubectlPptp("sessions", "--namespace", NAMESPACE).output())
                        .containsPattern("carol +dialin +" + SECOND);

                assertThat(node.kubectlPptp("kick", "carol", "--namespace", NAMESPACE).output())
                        .contains("user carol disconnected");
                // The client dials again: what of it is over by now is in the books, from beginning to end.
                awaitBooks(FIRST);
                awaitBooks(SECOND);
            }
        }
        assertThat(books().values()).as("nothing is told twice")
                .allSatisfy(told -> assertThat(told).doesNotHaveDuplicates());
    }

    private void awaitBooks(String pod) {
        String member = NAMESPACE + "/dialin/" + pod;
        Await.until("a session of " + member + " is in the books, from beginning to end", Cluster.PATIENCE,
                () -> books().containsValue(List.of(member + " Start", member + " Stop")));
    }
}
