package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.resource.Labels;
import io.pptpoperator.protocol.address.AddressPool;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PptpServer's life against a real API server, with fake data planes behind it. */
class ServerLifecycleIT extends ClusterTest {

    @BeforeEach
    void start() {
        startOperator();
    }

    @Test
    void aServerBecomesReadyAndSaysWhereToDial() {
        applyServer("office", SMALLEST);

        awaitReady("office");
        PptpServer server = server("office");
        assertThat(server.getStatus().address()).startsWith("203.0.113.");
        assertThat(server.getStatus().readyReplicas()).isEqualTo(1);
        assertThat(server.getStatus().pool().size()).isEqualTo(100);
        awaitAssertion(() -> assertThat(server("office").getStatus().conditions())
                .allSatisfy(it -> assertThat(it.status()).isEqualTo(Condition.Status.True)));
        assertThat(cluster.kubectl("wait", "--for=condition=Ready", "pptps/office", "-n", namespace, "--timeout=60s"))
                .contains("condition met");
        assertThat(cluster.kubectl("get", "pptps", "-n", namespace).lines().toList()).satisfiesExactly(
                header -> assertThat(header.split(" +")).startsWith("NAME", "READY", "AVAILABLE", "REASON", "ADDRESS",
                        "SESSIONS", "USERS", "PODS", "AGE"),
                row -> assertThat(row).contains("office", "True", "Serving", "203.0.113."));
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Ready +pptpserver/office"));
    }

    @Test
    void theSpecIsNeverWritten() {
        applyServer("office", SMALLEST);
        awaitReady("office");

        assertThat(server("office").getMetadata().getGeneration()).isEqualTo(1);
        assertThat(cluster.kubectl("get", "pptps", "office", "-n", namespace, "-o", "yaml", "--show-managed-fields"))
                .containsPattern("(?s)manager: pptp-operator\\s+operation: Apply\\s+subresource: status")
                .doesNotContainPattern("(?s)manager: pptp-operator\\s+operation: \\w+\\s+time");
    }

    @Test
    void everythingAServerWasMadeOfGoesWithIt() {
        applyServer("office", SMALLEST);
        awaitReady("office");

        deleteServer("office");

        await(() -> pods().isEmpty() && client.apps().statefulSets().inNamespace(namespace).list().getItems().isEmpty()
                && client.secrets()
                        .inNamespace(namespace)
                        .withLabel("pptp-operator.io/server")
                        .list()
                        .getItems()
                        .isEmpty()
                && client.services().inNamespace(namespace).list().getItems().isEmpty());
    }

    @Test
    void aLiveSettingReachesThePodsWithoutRestartingThem() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        String pod = uid("office-pptp-0");

        applyServer("office", SMALLEST + ", dns: [1.1.1.1], encryption: {policy: Preferred}");

        await(() -> dataPlane("office-pptp-0").configuration().server().network().dns().toString().equals("[1.1.1.1]"));
        awaitReady("office");
        awaitAssertion(() -> assertThat(condition("office", "ConfigurationApplied").orElseThrow().status())
                .isEqualTo(Condition.Status.True));
        assertThat(uid("office-pptp-0")).isEqualTo(pod);
    }

    @Test
    void theUpdatePolicyIsTheWorkloads() {
        applyServer("office", SMALLEST + ", image: 'registry.example/pptp:1', updatePolicy: {type: Paused}");
        await(() -> statefulSet().map(it -> it.getSpec().getUpdateStrategy().getRollingUpdate())
                .filter(it -> it != null && it.getPartition() == Integer.MAX_VALUE)
                .isPresent());
        assertThat(statefulSet().orElseThrow().getMetadata().getAnnotations()).containsKey(Labels.PINNED_PODS);
        awaitReady("office");
        assertThat(condition("office", "Available").orElseThrow().status()).isEqualTo(Condition.Status.True);

        applyServer("office", SMALLEST + ", image: 'registry.example/pptp:1', updatePolicy: {type: OnDelete}");
        await(() -> statefulSet().orElseThrow().getSpec().getUpdateStrategy().getType().equals("OnDelete"));

        applyServer("office", SMALLEST);
        await(() -> statefulSet().orElseThrow().getSpec().getUpdateStrategy().getType().equals("RollingUpdate"));
        await(() -> statefulSet().map(it -> it.getMetadata().getAnnotations())
                .filter(it -> it.containsKey(Labels.PINNED_PODS))
                .isEmpty());
    }

    /** With one pod, replacing it would have ended the service. */
    @Test
    void aNodeSelectorThatNoNodeHasLeavesThePodsThatRun() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        Set<String> before = uids();

        applyServer("office", SMALLEST + ", pod: {nodeSelector: {zone: typo}}");

        await(() -> statefulSet().map(StatefulSet::getStatus)
                .filter(it -> !it.getUpdateRevision().equals(it.getCurrentRevision()))
                .isPresent());
        await(() -> condition("office", "Ready").orElseThrow().message().contains("{zone=typo} matches none of the"));
        assertThat(condition("office", "Ready").orElseThrow().reason()).isEqualTo("InvalidSpec");
        assertThat(condition("office", "Ready").orElseThrow().message()).contains("pods that run are not replaced");
        assertThat(condition("office", "Available").orElseThrow().status()).isEqualTo(Condition.Status.True);
        assertThat(statefulSet().orElseThrow().getSpec().getUpdateStrategy().getRollingUpdate().getPartition())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(uids()).isEqualTo(before);

        client.nodes()
                .withName(namespace + "-node-1")
                .edit(node -> new NodeBuilder(node).editMetadata().addToLabels("zone", "typo").endMetadata().build());

        await(() -> uids().size() == 1 && uids().stream().noneMatch(before::contains));
        awaitReady("office");
    }

    /** With one pod, replacing it would have ended the service. */
    @Test
    void anImageThatCannotBePulledLeavesThePodsThatRun() {
        String typo = "registry.example/pptp-dataplane:tpyo";
        nodes.failToPull(typo);
        applyServer("office", SMALLEST);
        awaitReady("office");
        Set<String> before = uids();

        applyServer("office", SMALLEST + ", image: '" + typo + "'");

        await(() -> condition("office", "Ready").orElseThrow().reason().equals("ImageNotPulled"));
        assertThat(condition("office", "Reconciled").orElseThrow().message()).startsWith("image: " + typo
                + " cannot be pulled to node " + namespace + "-node-1: ErrImagePull: failed to resolve")
                .endsWith("the pods that run are not replaced");
        assertThat(condition("office", "Available").orElseThrow().status()).isEqualTo(Condition.Status.True);
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Warning +ImageNotPulled +pptpserver/office +image: " + typo));
        await(() -> statefulSet().map(StatefulSet::getStatus)
                .filter(it -> !it.getUpdateRevision().equals(it.getCurrentRevision()))
                .isPresent());
        assertThat(uids()).isEqualTo(before);
        assertThat(server("office").getStatus().replicas()).as("what tries the image is no pod of the server")
                .isEqualTo(1);

        nodes.allowToPull(typo);

        await(() -> uids().size() == 1 && uids().stream().noneMatch(before::contains));
        awaitReady("office");
        await(() -> client.pods().inNamespace(namespace).list().getItems().size() == 1);
    }

    @Test
    void anImageThatIsTakenBackIsTriedNoMore() {
        String typo = "registry.example/pptp-dataplane:tpyo";
        nodes.failToPull(typo);
        applyServer("office", SMALLEST + ", workload: DaemonSet");
        await(() -> nodes.dataPlanes().size() == 4);
        awaitReady("office");
        Set<String> before = uids();
        applyServer("office", SMALLEST + ", workload: DaemonSet, image: '" + typo + "'");
        await(() -> condition("office", "Ready").orElseThrow().reason().equals("ImageNotPulled"));

        applyServer("office", SMALLEST + ", workload: DaemonSet");

        awaitReady("office");
        await(() -> client.pods().inNamespace(namespace).list().getItems().size() == 4);
        assertThat(uids()).isEqualTo(before);
    }

    /** From 1.35 on Kubernetes does not replace what is broken: nobody may be missing beside it. */
    @Test
    void aBrokenPodIsReplacedOnceTheSpecIsRight() {
        nodes.failToRun("registry.example/pptp:broken");
        applyServer("office", SMALLEST);
        awaitReady("office");
        applyServer("office", SMALLEST + ", image: 'registry.example/pptp:broken'");
        await(() -> condition("office", "Ready").orElseThrow().reason().equals("PodNotStarting"));
        Set<String> before = uids();

        applyServer("office", SMALLEST);

        awaitReady("office");
        assertThat(uids()).doesNotContainAnyElementsOf(before);
    }

    /** A quota, say. */
    @Test
    void whereTheClusterTakesNoPodThatTriesImagesPodsAreReplacedAsEver() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        Set<String> before = uids();
        client.resource(new ResourceQuotaBuilder().withNewMetadata()
                .withName("full")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addToHard("pods", new Quantity("1"))
                .endSpec()
                .build()).create();
        await(() -> client.resourceQuotas()
                .inNamespace(namespace)
                .withName("full")
                .get()
                .getStatus()
                .getHard() != null);

        applyServer("office", SMALLEST + ", image: 'registry.example/pptp:2'");

        await(() -> uids().size() == 1 && uids().stream().noneMatch(before::contains));
        awaitReady("office");
    }

    private Optional<StatefulSet> statefulSet() {
        return Optional.ofNullable(client.apps().statefulSets().inNamespace(namespace).withName("office-pptp").get());
    }

    @Test
    void aSettingThatCannotChangeLiveRollsThePodsOneByOne() {
        applyServer("office", SMALLEST + ", replicas: 2");
        awaitReady("office");
        Set<String> before = uids();
        nodes.countFewest();

        applyServer("office", SMALLEST + ", replicas: 2, nat: {enabled: false}");

        await(() -> {
            Set<String> now = uids();
            return now.size() == 2 && now.stream().noneMatch(before::contains) && nodes.dataPlanes().size() == 2;
        });
        assertThat(nodes.fewestDataPlanes()).as("pods that served at the worst moment").isEqualTo(1);
        awaitReady("office");
        assertThat(dataPlane("office-pptp-1").configuration().server().network().nat().enabled()).isFalse();
    }

    @Test
    void scalingMovesAddressesWithoutGivingAnyTwice() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        assertThat(pool("office-pptp-0").size()).isEqualTo(100);
        var session = loginWithAddress("10.8.0.60");

        assertThat(cluster.kubectl("scale", "pptps/office", "--replicas=2", "-n", namespace)).contains("scaled");

        await(() -> pool("office-pptp-1").size() >= 49);
        assertThat(pool("office-pptp-0")).hasToString("10.8.0.2-10.8.0.51");
        assertThat(pool("office-pptp-1")).as("the address of a session at the other pod is kept back")
                .hasToString("10.8.0.52-10.8.0.59,10.8.0.61-10.8.0.101");

        dataPlane("office-pptp-0").logout(session);
        await(() -> pool("office-pptp-1").size() == 50);

        cluster.kubectl("scale", "pptps/office", "--replicas=1", "-n", namespace);
        await(() -> pool("office-pptp-0").size() == 100);
        awaitReady("office");
    }

    private SessionView loginWithAddress(String address) {
        applyUser("static", "address: " + address);
        await(() -> knows("office-pptp-0", "static"));
        var session = dataPlane("office-pptp-0").login("static", "198.51.100.1", Instant.now());
        deleteUserKeepingTheSession();
        await(() -> server("office").getStatus().sessions() == 1);
        return session;
    }

    /** The session's address then is one that the pool gave. */
    private void deleteUserKeepingTheSession() {
        applyUser("static", "enabled: true");
    }

    @Test
    void aServerOnEveryNodeGivesEachNodeAShare() {
        applyServer("office", SMALLEST + ", workload: DaemonSet");

        await(() -> nodes.dataPlanes().size() == 4);
        await(() -> nodes.dataPlanes()
                .values()
                .stream()
                .allMatch(it -> it.configuration().server().network().addressPool().size() == 25));
        var seen = new HashSet<Object>();
        nodes.dataPlanes()
                .values()
                .forEach(it -> it.configuration()
                        .server()
                        .network()
                        .addressPool()
                        .addresses()
                        .forEach(address -> assertThat(seen.add(address)).isTrue()));
        awaitReady("office");
    }

    @Test
    void poolsThatChangeEndNoPodAndNoSession() {
        applyServer("office", "localIP: 10.8.0.1, pools: [10.8.0.2-101, 10.8.1.1-100], replicas: 2");
        awaitReady("office");
        await(() -> pool("office-pptp-1").toString().equals("10.8.1.1-10.8.1.100"));
        Set<String> before = uids();
        applyUser("alice", "enabled: true");
        await(() -> knows("office-pptp-0", "alice"));
        var session = dataPlane("office-pptp-0").login("alice", "198.51.100.1", Instant.now());

        applyServer("office", "localIP: 10.8.0.1, pools: [10.8.1.1-100], replicas: 2");

        await(() -> pool("office-pptp-0").toString().equals("10.8.1.51-10.8.1.100")
                && pool("office-pptp-1").toString().equals("10.8.1.1-10.8.1.50"));
        assertThat(uids()).as("no pod had to go").isEqualTo(before);
        assertThat(dataPlane("office-pptp-0").sessions()).containsExactly(session);
    }

    @Test
    void aNodeKeepsItsShareWhileItsPodIsReplaced() {
        applyServer("office", SMALLEST + ", workload: DaemonSet");
        await(() -> nodes.dataPlanes().size() == 4
                && sharesByNode().values().stream().allMatch(share -> share.size() == 25));
        Map<String, AddressPool> before = sharesByNode();
        Pod replaced = pods().getFirst();

        client.resource(replaced).delete();

        await(() -> !uids().contains(replaced.getMetadata().getUid()) && nodes.dataPlanes().size() == 4
                && sharesByNode().size() == 4);
        assertThat(sharesByNode()).isEqualTo(before);
        awaitReady("office");
    }

    private Map<String, AddressPool> sharesByNode() {
        var shares = new TreeMap<String, AddressPool>();
        pods().forEach(pod -> nodes.dataPlane(pod.getMetadata().getName())
                .ifPresent(it -> shares.put(pod.getSpec().getNodeName(),
                        it.configuration().server().network().addressPool())));
        return shares;
    }

    @Test
    void changingTheWorkloadLeavesNoneOfTheOldOne() {
        applyServer("office", SMALLEST);
        awaitReady("office");

        applyServer("office", SMALLEST + ", workload: DaemonSet");

        await(() -> client.apps().statefulSets().inNamespace(namespace).list().getItems().isEmpty());
        await(() -> client.policy().v1().podDisruptionBudget().inNamespace(namespace).list().getItems().isEmpty());
        await(() -> nodes.dataPlanes().size() == 4 && sharesByNode().size() == 4);
        var seen = new HashSet<Object>();
        sharesByNode().values()
                .forEach(share -> share.addresses()
                        .forEach(address -> assertThat(seen.add(address)).as("%s", address).isTrue()));
    }

    @Test
    void moreServersThanNodesSayThatThereIsNoRoom() {
        applyServer("office", SMALLEST + ", replicas: 5");

        awaitAssertion(() -> assertThat(condition("office", "Ready").orElseThrow().message())
                .startsWith("4 of 5 pods are ready: office-pptp-")
                .contains("no free ports"));
        assertThat(condition("office", "Ready").orElseThrow().reason()).isEqualTo("PodNotScheduled");
    }

    @Test
    void aPoolSmallerThanThePodsIsSaidAndServesAsManyAsItCan() {
        applyServer("office", "localIP: 10.8.0.1, pools: [10.8.0.2-3], replicas: 3");

        await(() -> condition("office", "PoolsSufficient").orElseThrow().reason().equals("PoolTooSmall"));
        await(() -> nodes.dataPlanes().size() == 2);
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace)).contains("PoolTooSmall"));
    }

    @Test
    void whatSomebodyChangesOrDeletesIsPutBack() {
        applyServer("office", SMALLEST);
        awaitReady("office");

        client.services().inNamespace(namespace).withName("office-pptp").delete();
        client.apps().statefulSets().inNamespace(namespace).withName("office-pptp").scale(3);

        await(() -> client.services().inNamespace(namespace).withName("office-pptp").get() != null);
        await(() -> statefulSet("office-pptp").getSpec().getReplicas() == 1);
    }

    @Test
    void somebodyElsesObjectIsLeftAlone() {
        client.resource(new ServiceAccountBuilder().withNewMetadata()
                .withName("office-pptp")
                .withNamespace(namespace)
                .endMetadata()
                .build()).create();
        applyServer("office", SMALLEST);

        await(() -> condition("office", "Ready").orElseThrow().reason().equals("NameTaken"));
        assertThat(condition("office", "Ready").orElseThrow().message()).contains("ServiceAccount office-pptp exists");
        assertThat(
                client.serviceAccounts().inNamespace(namespace).withName("office-pptp").get().getMetadata().getLabels())
                .isNullOrEmpty();
    }

    /** The operator has written there before, and would find what it wrote. */
    @Test
    void whatSomebodyPutsInThePlaceOfAServersObjectIsLeftAlone() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        Secret foreign = new SecretBuilder().withNewMetadata()
                .withName("office-pptp-config")
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("theirs", "untouched"))
                .build();
        await(() -> {
            client.secrets().inNamespace(namespace).withName("office-pptp-config").delete();
            client.resource(foreign).create();
            return true;
        });

        applyUser("alice", "enabled: true");
        await(() -> condition("office", "Ready").orElseThrow().reason().equals("NameTaken"));
        assertThat(client.secrets().inNamespace(namespace).withName("office-pptp-config").get())
                .satisfies(it -> assertThat(it.getData()).containsOnlyKeys("theirs"))
                .satisfies(it -> assertThat(it.getMetadata().getOwnerReferences()).isEmpty());
    }

    /** Its labels would have the operator call it, and give it a share of the pools. */
    @Test
    void aPodThatOnlyLooksLikeAServersIsNone() {
        applyServer("office", SMALLEST);
        awaitReady("office");
        Pod own = client.pods().inNamespace(namespace).withName("office-pptp-0").get();
        String name = "lookalike";
        client.resource(new PodBuilder().withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(own.getMetadata().getLabels())
                .endMetadata()
                .withSpec(new PodBuilder(own).editSpec().withNodeName(null).endSpec().build().getSpec())
                .build()).create();
        applyUser("alice", "enabled: true");
        await(() -> knows("office-pptp-0", "alice"));

        assertThat(client.secrets().inNamespace(namespace).withName("office-pptp-config").get().getData())
                .containsKey("office-pptp-0.yaml")
                .doesNotContainKey(name + ".yaml");
        assertThat(client.pods().inNamespace(namespace).withName(name).get().getMetadata().getAnnotations())
                .isNullOrEmpty();
        assertThat(server("office").getStatus().replicas()).isEqualTo(1);
        assertThat(pool("office-pptp-0").size()).isEqualTo(100);
    }

    @Test
    void anImpossibleSpecKeepsWhatRuns() {
        applyServer("office", SMALLEST);
        awaitReady("office");

        applyServer("office", "localIP: 10.8.0.1, pools: [10.8.0.2-101], exclude: [10.8.0.0/24]");

        await(() -> condition("office", "Ready").orElseThrow().reason().equals("InvalidSpec"));
        assertThat(condition("office", "Ready").orElseThrow().message()).contains("no address is left for clients");
        assertThat(nodes.dataPlanes()).hasSize(1);
        applyServer("office", SMALLEST + ", exclude: []");
        awaitReady("office");
    }

    private AddressPool pool(String pod) {
        return dataPlane(pod).configuration().server().network().addressPool();
    }

    private StatefulSet statefulSet(String name) {
        return client.apps().statefulSets().inNamespace(namespace).withName(name).get();
    }

    private String uid(String pod) {
        return client.pods().inNamespace(namespace).withName(pod).get().getMetadata().getUid();
    }

    private Set<String> uids() {
        List<Pod> pods = pods();
        return pods.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet());

    }
}
