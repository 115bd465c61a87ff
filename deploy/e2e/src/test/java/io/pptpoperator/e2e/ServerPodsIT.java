package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server's pod on the node: what it may do, what it survives, how it is replaced, and what it leaves behind. */
@OnTheCluster
final class ServerPodsIT {

    private static final String IMAGE = "pptp-operator.io/pptp-dataplane";
    private static final Dial ALICE = Cluster.dial("alice", "secret-a");

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;

    ServerPodsIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeEach
    void serve() {
        cluster.serve();
        cluster.user("alice", "secret-a");
        cluster.awaitReady("vpnu/alice");
    }

    private static Dial persistent(Dial dial) {
        return dial.with("persist", "maxfail 0", "holdoff 1", "lcp-echo-interval 2", "lcp-echo-failure 3");
    }

    private static void awaitUpAgain(PppClient client, int from) {
        client.output().awaitFrom(from, "remote IP address", Cluster.PATIENCE);
    }

    @Test
    void theServerIsAStatefulSetPodThatRunsWithTwoCapabilitiesAndNothingElse() {
        cluster.awaitField("statefulset/office-pptp", ".status.readyReplicas", "1");
        assertThat(cluster.field("pod/office-pptp-0", ".spec.containers[0].securityContext.privileged")).isEmpty();
        assertThat(cluster.field("pod/office-pptp-0", ".spec.containers[0].securityContext.capabilities"))
                .isEqualTo("{\"add\":[\"NET_ADMIN\",\"NET_RAW\"],\"drop\":[\"ALL\"]}");
        Await.until("kubectl shows that it serves", Cluster.PATIENCE,
                () -> node.kubectl("get", "pptps", "--namespace", "vpn", "--no-headers")
                        .matches("office\\s+True\\s+True\\s+Serving\\s+" + Pattern.quote(Lab.SERVER) + "\\s.*"));
    }

    @Test
    void aNamespaceThatDoesNotAdmitThePodsIsNamedInTheServersCondition() {
        node.apply(Cluster.serverOf("strict", "restricted"));

        Await.until("the server says why it has no pods", Cluster.PATIENCE,
                () -> cluster.field("strict", "pptps/office", ".status.conditions[?(@.type==\"Ready\")].message")
                        .contains("pod-security.kubernetes.io/enforce=privileged"));
        node.kubectl("delete", "namespace", "strict", "--wait=false");
    }

    @Test
    void rulesThatSomebodyFlushesOnTheNodeAreBack() {
        try (var client = Cluster.connect(lab.laptop(), ALICE)) {
            String ours = node.on("sh", "-c", "nft list tables | grep pptp");

            node.on("nft", "flush", "ruleset");

            Await.until("the server's tables are back", Cluster.PATIENCE,
                    () -> node.on("sh", "-c", "nft list tables | grep pptp || true").equals(ours));
            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
            assertThat(client.isRunning()).isTrue();
        } finally {
            node.putRulesBack();
        }
    }

    @Test
    void aClientReconnectsByItselfAfterItsPodWasKilled() {
        try (var client = Cluster.connect(lab.laptop(), persistent(ALICE))) {
            int before = client.output().size();

            node.kubectl("delete", "pod", "office-pptp-0", "--namespace", "vpn", "--grace-period", "0", "--force");

            awaitUpAgain(client, before);
            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
        }
    }

    @Test
    void aNewImageRollsOutAfterCallsWereEndedInOrder() {
        String version = cluster.field("pod/office-pptp-0", ".spec.containers[0].image").replace(IMAGE, "");
        node.on("ctr", "--namespace", "k8s.io", "images", "tag", "--force", IMAGE + version, IMAGE + ":next");
        try (var client = Cluster.connect(lab.laptop(), persistent(ALICE))) {
            int before = client.output().size();

            cluster.patch("pptps/office", "{\"spec\": {\"image\": \"" + IMAGE + ":next\"}}");

            client.output().awaitFrom(before, "LCP terminated by peer", Cluster.PATIENCE);
            awaitUpAgain(client, before);
            assertThat(cluster.field("pod/office-pptp-0", ".spec.containers[0].image")).isEqualTo(IMAGE + ":next");
            cluster.awaitReady("pptps/office");
            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
        }
    }

    private void awaitRolledOut() {
        Await.until("the operator has seen the newest spec", Cluster.PATIENCE,
                () -> cluster.field("pptps/office", ".status.observedGeneration")
                        .equals(cluster.field("pptps/office", ".metadata.generation")));
        node.kubectl("rollout", "status", "--namespace", "vpn", "statefulset/office-pptp", "--timeout",
                Cluster.PATIENCE.toSeconds() + "s");
    }

    @Test
    void aPrivilegedPodServesTooAndADeletedServerLeavesNothingOnTheNode() {
        cluster.patch("pptps/office", "{\"spec\": {\"pod\": {\"securityProfile\": \"Privileged\"}}}");
        awaitRolledOut();
        assertThat(cluster.field("pod/office-pptp-0", ".spec.containers[0].securityContext.privileged"))
                .isEqualTo("true");
        try (var client = Cluster.connect(lab.laptop(), ALICE)) {
            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
            assertThat(client.isRunning()).isTrue();
        }
        assertThat(node.on("sh", "-c", "ip link; ip route; nft list tables")).contains("pptp");

        node.kubectl("delete", "pptps", "office", "--namespace", "vpn");

        Await.until("the pod is gone", Cluster.PATIENCE,
                () -> node.kubectl("get", "pods", "--namespace", "vpn", "--output", "name").isEmpty());
        assertThat(node.on("sh", "-c", "ip link; ip route; nft list tables")).doesNotContain("pptp")
                .doesNotContain("192.168.77.");
        assertThat(lab.serverHost().must("nft", "--stateless", "list", "ruleset")).doesNotContain("192.168.77.");
        Await.until("nothing that the operator made for it is left", Cluster.PATIENCE,
                () -> !node
                        .kubectl("get",
                                "secrets,services,statefulsets,serviceaccounts,poddisruptionbudgets,networkpolicies",
                                "--namespace", "vpn", "--output", "name")
                        .contains("/office"));
    }
}
