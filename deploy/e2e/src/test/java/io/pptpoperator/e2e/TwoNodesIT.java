package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.protocol.address.AddressPool;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A server of two pods on two nodes, whose addresses clients dial. The second node joins the shared cluster for this
 * class, and is drained, loses its power, and is lost; the last test leaves the cluster with one node again.
 */
@OnTheCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoNodesIT {

    private static final String PAIR = "pair";
    private static final String SERVER = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: pair, labels: {pod-security.kubernetes.io/enforce: privileged}}
            ---
            apiVersion: pptp-operator.io/v1alpha1
            kind: PptpServer
            metadata: {name: both, namespace: pair}
            spec:
              replicas: 2
              localIP: 192.168.80.1
              pools: [192.168.80.100-199]
              drainTimeout: 0s
            """;

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;
    private String second;

    TwoNodesIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void haveTwoNodes() {
        cluster.clearNodes();
        second = node.join(lab.secondServerHost(), cluster.images());
        node.apply(SERVER);
        cluster.user(PAIR, "ivan", "secret-i");
        cluster.user(PAIR, "judy", "secret-j");
    }

    @AfterAll
    void haveOneNode() {
        node.kubectl("delete", "namespace", PAIR, "--wait=false");
        node.cutPower(second);
        node.kubectl("delete", "node", second, "--ignore-not-found");
        cluster.clearNodes();
    }

    @BeforeEach
    void awaitBothPods() {
        cluster.awaitReady(PAIR, "pptps/both");
        awaitAddresses(Lab.SERVER, Lab.SECOND_SERVER);
    }

    /** Waits until the status says that clients dial these. */
    private void awaitAddresses(String... addresses) {
        Await.until("clients dial " + List.of(addresses), Cluster.PATIENCE,
                () -> new TreeSet<>(List.of(server("addresses[*].address").split(" ", -1)))
                        .equals(new TreeSet<>(List.of(addresses))));
    }

    private String server(String field) {
        return cluster.field(PAIR, "pptps/both", ".status." + field);
    }

    private String user(String name, String field) {
        return cluster.field(PAIR, "vpnu/" + name, ".status." + field);
    }

    private String podAt(String address) {
        return server("addresses[?(@.address==\"" + address + "\")].pod");
    }

    /** Why not all of the server is there. */
    private void awaitNotReady(String sentence) {
        Await.until("the server says why it is not ready", Cluster.PATIENCE,
                () -> server("conditions[?(@.type==\"Ready\")].message").contains(sentence));
        assertThat(server("conditions[?(@.type==\"Ready\")].status")).isEqualTo("False");
        assertThat(server("conditions[?(@.type==\"Available\")].status")).isEqualTo("True");
    }

    /** Waits until the status tells of one session, at the pod that has the address by then. */
    private void awaitOneSession(String user, String address, String from) {
        Await.until(user + " has one session, at " + address, Cluster.PATIENCE,
                () -> user(user, "state").equals("Connected") && user(user, "sessions").equals("1")
                        && user(user, "session.pod").equals(podAt(address)) && user(user, "session.from").equals(from));
    }

    private PppClient connect(Guest guest, String address, String name) {
        return Cluster.connect(guest, dial(address, name));
    }

    private static Dial dial(String address, String name) {
        return Cluster.dial(address, name, "secret-" + name.charAt(0))
                .with("lcp-echo-interval 2", "lcp-echo-failure 3");
    }

    private static Dial persistent(Dial dial) {
        return dial.with("persist", "maxfail 0", "holdoff 1");
    }

    /** The pods' shares of the pools, as the operator has written down who may lend which address. */
    private List<AddressPool> shares() {
        String encoded = node.kubectl("get", "secrets", "--namespace", PAIR, "--output",
                "jsonpath={.items[*].data.pools}");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).lines()
                .map(line -> AddressPool.parse(line.split(" ", -1)[1]))
                .toList();
    }

    @Test
    @Order(1)
    void thePoolsAreDividedAndAUserHasOneSessionOverBothNodes() {
        List<AddressPool> shares = shares();
        assertThat(shares).hasSize(2);
        assertThat(shares.get(0).size() + shares.get(1).size()).isEqualTo(100);
        assertThat(shares.get(0).minus(shares.get(1))).isEqualTo(shares.get(0));

        try (var ivan = connect(lab.laptop(), Lab.SERVER, "ivan");
                var judy = connect(lab.desktop(), Lab.SECOND_SERVER, "judy")) {
            awaitOneSession("ivan", Lab.SERVER, Lab.LAPTOP);
            awaitOneSession("judy", Lab.SECOND_SERVER, Lab.DESKTOP);
            assertThat(user("ivan", "session.address")).isEqualTo(ivan.localAddress());
            assertThat(ivan.localAddress()).isNotEqualTo(judy.localAddress());
            assertThat(Cluster.reaches(lab.laptop(), Lab.WEB)).isTrue();
            assertThat(Cluster.reaches(lab.desktop(), Lab.WEB)).isTrue();

            try (var anew = ClientProgram.start(lab, lab.crowd(), "secret-i", "connect", Lab.SECOND_SERVER, "--user",
                    "ivan")) {
                anew.output().await("connected as ivan: ", Cluster.PATIENCE);
                Cluster.awaitEnd(ivan);
                awaitOneSession("ivan", Lab.SECOND_SERVER, Lab.CROWD);
                assertThat(anew.isRunning()).isTrue();
                assertThat(judy.isRunning()).isTrue();
            }
        }
    }

    @Test
    @Order(2)
    void aDrainedNodesClientsAreToldAndServedByTheOther() {
        try (var ivan = connect(lab.laptop(), Lab.SERVER, "ivan");
                var judy = Cluster.connect(lab.desktop(), persistent(dial(Lab.SECOND_SERVER, "judy")))) {
            String drained = podAt(Lab.SECOND_SERVER);
            int before = judy.output().size();

            node.kubectl("drain", second, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "120s");

            judy.output().awaitFrom(before, "LCP terminated by peer", Cluster.PATIENCE);
            awaitAddresses(Lab.SERVER);
            awaitNotReady("1 of 2 pods are ready: " + drained);
            try (var elsewhere = ClientProgram.start(lab, lab.crowd(), "secret-j", "connect", Lab.SERVER, "--user",
                    "judy")) {
                elsewhere.output().await("connected as judy: ", Cluster.PATIENCE);
                awaitOneSession("judy", Lab.SERVER, Lab.CROWD);
            }
            assertThat(ivan.isRunning()).as("nobody at the other node noticed").isTrue();

            node.kubectl("uncordon", second);
            awaitBothPods();
            judy.awaitUpAgain(before);
            awaitOneSession("judy", Lab.SECOND_SERVER, Lab.DESKTOP);
            assertThat(podAt(Lab.SECOND_SERVER)).isEqualTo(drained);
            assertThat(Cluster.reaches(lab.desktop(), Lab.WEB)).isTrue();
        }
    }

    @Test
    @Order(3)
    void aNodeThatComesBackAfterAWhileServesAgain() {
        try (var ivan = connect(lab.laptop(), Lab.SERVER, "ivan");
                var judy = Cluster.connect(lab.desktop(), persistent(dial(Lab.SECOND_SERVER, "judy")))) {
            awaitOneSession("judy", Lab.SECOND_SERVER, Lab.DESKTOP);
            int before = judy.output().size();

            node.cutPower(second);

            // A user is not kept out by the session that went down with a pod.
            try (var elsewhere = ClientProgram.start(lab, lab.crowd(), "secret-j", "connect", Lab.SERVER, "--user",
                    "judy")) {
                elsewhere.output().await("connected as judy: ", Cluster.PATIENCE);
                awaitAddresses(Lab.SERVER);
                awaitNotReady("1 of 2 pods are ready: ");
                awaitOneSession("judy", Lab.SERVER, Lab.CROWD);
                assertThat(elsewhere.isRunning()).isTrue();
            }
            assertThat(ivan.isRunning()).as("nobody at the other node noticed").isTrue();

            node.boot(second);
            awaitBothPods();
            judy.awaitUpAgain(before);
            awaitOneSession("judy", Lab.SECOND_SERVER, Lab.DESKTOP);
        }
    }

    @Test
    @Order(4)
    void aNodeThatNeverComesBackLeavesTheServerToTheOther() {
        String lost = podAt(Lab.SECOND_SERVER);
        try (var ivan = connect(lab.laptop(), Lab.SERVER, "ivan");
                var judy = connect(lab.desktop(), Lab.SECOND_SERVER, "judy")) {
            awaitOneSession("judy", Lab.SECOND_SERVER, Lab.DESKTOP);

            node.cutPower(second);
            Cluster.awaitEnd(judy);
            node.kubectl("delete", "node", second);
            node.kubectl("delete", "pod", lost, "--namespace", PAIR, "--grace-period", "0", "--force");

            awaitAddresses(Lab.SERVER);
            awaitNotReady("1 of 2 pods are ready: " + lost);
            cluster.awaitField(PAIR, "vpnu/judy", ".status.state", "Disconnected");
            assertThat(user("judy", "session")).isEmpty();

            node.kubectl("patch", "pptps/both", "--namespace", PAIR, "--type", "merge", "--patch",
                    "{\"spec\": {\"replicas\": 1}}");
            cluster.awaitReady(PAIR, "pptps/both");
            if (lost.equals("both-pptp-1")) {
                Await.until("the pod that is left has all addresses", Cluster.PATIENCE,
                        () -> shares().size() == 1 && shares().getFirst().size() == 100);
                assertThat(ivan.isRunning()).as("nobody at the other node noticed").isTrue();
            }
            try (var back = connect(lab.desktop(), Lab.SERVER, "judy")) {
                awaitOneSession("judy", Lab.SERVER, Lab.DESKTOP);
                assertThat(back.isRunning()).isTrue();
            }
        }
    }
}
