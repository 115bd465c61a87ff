package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.cluster.FakeDataPlane;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.pki.PkiStore;
import io.pptpoperator.operator.reconciler.writing.ObjectWriter;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever happens to the operator and the API server, what users were promised holds. */
class ResilienceIT extends ClusterTest {

    @Test
    void anOperatorThatIsReplacedInTheMiddleOfChangesLeavesNoneOut() {
        startOperator();
        applyServer("office", SMALLEST + ", replicas: 2");
        IntStream.range(0, 30).forEach(i -> applyUser("user-" + i, "enabled: true"));
        awaitReady("office");
        await(() -> knows("office-pptp-1", "user-29"));
        Map<String, String> shares = shares();
        Map<String, String> passwords = generatedPasswords();
        passwords.remove("user-0-vpn");
        Set<String> before = uids();

        applyServer("office", SMALLEST + ", replicas: 2, nat: {enabled: false}, dns: [9.9.9.9]");
        await(() -> !uids().equals(before));
        operator.close();
        deleteUser("user-0");
        applyUser("user-1", "enabled: false");
        applyUser("late", "enabled: true");
        operator = newOperator(false);

        await(() -> uids().stream().noneMatch(before::contains) && nodes.dataPlanes().size() == 2);
        await(() -> nodes.dataPlanes().values().stream().allMatch(ResilienceIT::hasAllChanges));
        awaitReady("office");
        assertThat(shares()).as("what is divided stays divided").isEqualTo(shares);
        assertThat(generatedPasswords()).containsAllEntriesOf(passwords);
    }

    @Test
    void anOperatorThatStartsGivesNoAddressAwayThatASessionHas() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitReady("office");
        await(() -> knows("office-pptp-0", "alice"));
        // The last address is the first to move.
        applyUser("alice", "address: 10.8.0.101");
        await(() -> dataPlane("office-pptp-0").user("alice").orElseThrow().address().isPresent());
        dataPlane("office-pptp-0").login("alice", "198.51.100.1", Instant.now());
        applyUser("alice", "enabled: true");
        await(() -> server("office").getStatus().sessions() == 1);
        applyServer("office", SMALLEST + ", replicas: 2");
        await(() -> shares().containsValue("10.8.0.52-10.8.0.100"));
        operator.close();

        operator = newOperator(false);
        applyServer("office", SMALLEST + ", replicas: 2, dns: [9.9.9.9]");

        await(() -> nodes.dataPlanes()
                .values()
                .stream()
                .allMatch(it -> it.configuration().server().network().dns().toString().equals("[9.9.9.9]")));
        assertThat(shares()).containsValue("10.8.0.52-10.8.0.100");
        dataPlane("office-pptp-0").sessions().forEach(dataPlane("office-pptp-0")::logout);
        await(() -> shares().containsValue("10.8.0.52-10.8.0.101"));
    }

    private static boolean hasAllChanges(FakeDataPlane dataPlane) {
        return dataPlane.configuration().server().network().dns().equals(List.of(Ipv4Address.parse("9.9.9.9")))
                && !dataPlane.configuration().server().network().nat().enabled() && dataPlane.user("user-0").isEmpty()
                && dataPlane.user("user-1").filter(user -> user.enabled()).isEmpty()
                && dataPlane.user("user-2").isPresent() && dataPlane.user("late").isPresent();
    }

    @Test
    void aNewOperatorTakesNobodyForDisconnectedBeforeItHasAskedThePods() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitReady("office");
        await(() -> knows("office-pptp-0", "alice"));
        SessionView session = dataPlane("office-pptp-0").login("alice", "198.51.100.1", Instant.now());
        awaitState("alice", State.Connected);
        await(() -> server("office").getStatus().sessions() == 1);
        operator.close();

        dataPlane("office-pptp-0").holdAnswers();
        operator = newOperator(false);
        applyUser("late", "enabled: true");
        awaitState("late", State.Disconnected);

        assertThat(user("alice").getStatus().state()).as("it was looked at before").isEqualTo(State.Connected);
        assertThat(user("alice").getStatus().sessions()).isEqualTo(1);
        assertThat(server("office").getStatus().sessions()).isEqualTo(1);
        dataPlane("office-pptp-0").logout(session);
        dataPlane("office-pptp-0").releaseAnswers();
        awaitState("alice", State.Disconnected);
        await(() -> server("office").getStatus().sessions() == 0);
    }

    @Test
    void nobodyIsConnectedAtAPodThatWaitsForANode() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitReady("office");
        await(() -> knows("office-pptp-0", "alice"));
        dataPlane("office-pptp-0").login("alice", "198.51.100.1", Instant.now());
        awaitState("alice", State.Connected);

        nodes.cordon();
        client.pods().inNamespace(namespace).withName("office-pptp-0").withGracePeriod(0).delete();

        awaitState("alice", State.Disconnected);
        assertThat(user("alice").getStatus().session()).isNull();
        await(() -> server("office").getStatus().sessions() == 0);
    }

    @Test
    void anObjectThatIsGoneOrAnotherByNowIsNotAnnotated() {
        ObjectWriter writer = new ObjectWriter(client, null);
        ConfigMap sample = new ConfigMapBuilder().withNewMetadata()
                .withName("sample")
                .withNamespace(namespace)
                .endMetadata()
                .build();
        ConfigMap first = client.resource(sample).create();
        writer.annotate(first, "example.com/seen", "once");
        assertThat(client.resource(sample).get().getMetadata().getAnnotations()).containsEntry("example.com/seen",
                "once");

        client.resource(first).delete();
        writer.annotate(first, "example.com/seen", "twice");
        client.resource(sample).create();
        writer.annotate(first, "example.com/seen", "thrice");

        assertThat(client.resource(sample).get().getMetadata().getAnnotations()).doesNotContainKey("example.com/seen");
    }

    @Test
    void theOperatorGoesOnAfterTheApiServerWasGone() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitReady("office");
        await(() -> knows("office-pptp-0", "alice"));
        Set<String> before = uids();

        cluster.killApiServer();
        cluster.restartApiServer();
        applyUser("alice", "enabled: false");
        applyUser("bob", "enabled: true");

        await(() -> dataPlane("office-pptp-0").user("alice").filter(it -> it.enabled()).isEmpty()
                && knows("office-pptp-0", "bob"));
        awaitReady("office");
        assertThat(uids()).isEqualTo(before);
        await(() -> operator.runtime().unreadiness().isEmpty());
        assertThat(operator.runtime().problems()).isEmpty();
    }

    @Test
    void operatorsThatWriteAgainstEachOtherAgreeInTheEnd() {
        ShippedRbac.bindIn(client, namespace);
        applyServer("office", SMALLEST);
        IntStream.range(0, 20).forEach(i -> applyUser("user-" + i, "enabled: true"));
        var others = new ArrayList<OperatorProcess>();
        try {
            // Nobody runs it so; what two of them do at once, with conflicts on everything, is all the harder.
            IntStream.range(0, 3).mapToObj(i -> newOperator(false)).forEach(others::add);
            await(() -> knows("office-pptp-0", "user-19"));
            for (int round = 0; round < 5; round++) {
                applyServer("office", SMALLEST + ", dns: [9.9.9." + round + "]");
                client.services().inNamespace(namespace).withName("office-pptp").delete();
            }
            await(() -> dataPlane("office-pptp-0").configuration()
                    .server()
                    .network()
                    .dns()
                    .toString()
                    .equals("[9.9.9.4]"));
            awaitReady("office");
            await(() -> generatedPasswords().size() == 20);
            await(() -> client.services().inNamespace(namespace).withName("office-pptp").get() != null);
        } finally {
            others.forEach(OperatorProcess::close);
        }
        assertThat(nodes.dataPlanes()).hasSize(1);
    }

    @Test
    void withoutRightsOnNodesServersAreReadyAndSayWhichAddressThatLeaves() {
        ShippedRbac.bindWithoutNodesIn(client, namespace);
        operator = newOperator(false);
        applyServer("office", SMALLEST);

        awaitReady("office");
        assertThat(server("office").getStatus().address()).isIn(nodes.addresses());
        assertThat(condition("office", "AddressAvailable").orElseThrow().message())
                .contains("the operator may not see nodes", "exposure.addresses");
    }

    @Test
    void certificatesThatAreDueAreReplacedWhileEverythingGoesOn() {
        ShippedRbac.bindIn(client, namespace);
        // Two thirds of 90 days are over, and the certificates still good.
        operator = newOperator(Set.of(namespace), Clock.offset(Clock.systemUTC(), Duration.ofDays(-61)));
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitReady("office");
        await(() -> knows("office-pptp-0", "alice"));
        Map<String, String> old = adminTls();
        Set<String> before = uids();
        operator.close();

        operator = newOperator(false);

        await(() -> !adminTls().get("tls.crt").equals(old.get("tls.crt")));
        assertThat(adminTls().get("ca.crt")).as("the authority is good for years").isEqualTo(old.get("ca.crt"));
        dataPlane("office-pptp-0").login("alice", "198.51.100.1", Instant.now());
        awaitState("alice", State.Connected);
        assertThat(uids()).as("pods are not restarted for it").isEqualTo(before);
    }

    @Test
    void dataPlanesLearnOfANewAuthorityAtOnce() {
        ShippedRbac.bindIn(client, namespace);
        var offset = new AtomicReference<>(Duration.ofHours(-3));
        InstantSource time = () -> Instant.now().plus(offset.get());
        operator = newOperator(Set.of(namespace), time.withZone(ZoneOffset.UTC));
        applyServer("office", SMALLEST);
        awaitReady("office");
        await(() -> condition("office", "ConfigurationApplied").orElseThrow().status() == Condition.Status.True);
        Map<String, String> old = adminTls();

        client.secrets().inNamespace(namespace).withName(PkiStore.SECRET).delete();
        offset.set(Duration.ZERO);

        await(() -> !adminTls().get("ca.crt").equals(old.get("ca.crt"))
                && !adminTls().get("tls.crt").equals(old.get("tls.crt")));
    }

    private Map<String, String> adminTls() {
        return client.secrets().inNamespace(namespace).withName("office-pptp-admin-tls").get().getData();
    }

    @Test
    void podsThatPodSecurityRefusesAreExplainedAndComeWhenItAllowsThem() {
        label("pod-security.kubernetes.io/enforce=baseline");
        startOperator();
        applyServer("office", SMALLEST);

        await(() -> condition("office", "Ready").orElseThrow().reason().equals("PodForbidden"));
        assertThat(condition("office", "Ready").orElseThrow().message()).contains("violates PodSecurity", "hostPort",
                "pod-security.kubernetes.io/enforce=privileged");

        label("pod-security.kubernetes.io/enforce=privileged");
        // The StatefulSet's controller waits longer after each refusal; a change makes it try at once.
        applyServer("office", SMALLEST + ", pod: {annotations: {attempt: again}}");
        awaitReady("office");
    }

    private void label(String label) {
        assertThat(cluster.kubectl("label", "--overwrite", "namespace", namespace, label)).contains("labeled");
    }

    @Test
    void withTheRoleBoundForTheClusterAllNamespacesAreLookedAfter() {
        ShippedRbac.bindEverywhere(client, namespace);
        String other = cluster.newNamespace("other");
        try {
            operator = newOperator(Set.of(), Clock.systemUTC());
            applyServer("office", SMALLEST);
            client.resource("""
                    apiVersion: pptp-operator.io/v1alpha1
                    kind: PptpServer
                    metadata: {name: branch, namespace: %s}
                    spec: {localIP: 10.9.0.1, pools: [10.9.0.2-9], users: {namespaces: [%s]}}
                    """.formatted(other, namespace)).create();
            applyUser("alice", "servers: [{name: office}, {name: branch, namespace: " + other + "}]");

            awaitReady("office");
            await(() -> client.apps().statefulSets().inNamespace(other).withName("branch-pptp").get() != null);
            await(() -> user("alice").getStatus().servers().equals(List.of(other + "/branch", namespace + "/office")));
        } finally {
            client.namespaces().withName(other).delete();
            ShippedRbac.unbindEverywhere(client, namespace);
        }
    }

    private OperatorProcess newOperator(Set<String> watched, Clock clock) {
        return new OperatorProcess(cluster.configOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, watched, false,
                clock);
    }

    private Map<String, String> shares() {
        var shares = new HashMap<String, String>();
        nodes.dataPlanes()
                .forEach((pod, dataPlane) -> shares.put(pod,
                        dataPlane.configuration().server().network().addressPool().toString()));
        return shares;
    }

    private Map<String, String> generatedPasswords() {
        return client.secrets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(it -> it.getMetadata().getName().endsWith("-vpn"))
                .collect(Collectors.toMap(it -> it.getMetadata().getName(), ResilienceIT::password));
    }

    private static String password(Secret secret) {
        return secret.getData().get("password");
    }

    private Set<String> uids() {
        var uids = new HashSet<String>();
        pods().forEach(pod -> uids.add(pod.getMetadata().getUid()));
        return uids;

    }
}
