package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resources that a former release's CRDs stored are served as they were meant, and say what is called otherwise now. */
class StoredResourcesIT extends ClusterTest {

    private static final String POD = "office-pptp-0";
    private static final List<String> KINDS = List.of("pptpservers.pptp-operator.io", "vpnusers.pptp-operator.io");

    private final List<CustomResourceDefinition> present = KINDS.stream().map(it -> crd("/crds/" + it)).toList();

    @AfterEach
    void havePresentCrds() {
        replaceCrds(present);
    }

    private CustomResourceDefinition crd(String file) {
        return client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(StoredResourcesIT.class.getResourceAsStream(file + ".yaml"))
                .item();
    }

    private void replaceCrds(List<CustomResourceDefinition> crds) {
        crds.forEach(crd -> client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(crd.getMetadata().getName())
                .edit(it -> {
                    it.setSpec(crd.getSpec());
                    return it;
                }));
    }

    private JsonNode stored(String plural, String name) {
        return client.getKubernetesSerialization()
                .convertValue(client
                        .genericKubernetesResources("pptp-operator.io/v1alpha1",
                                plural.equals("pptpservers") ? "PptpServer" : "VpnUser")
                        .inNamespace(namespace)
                        .withName(name)
                        .get(), JsonNode.class);
    }

    private void storeWithFormerCrds() {
        replaceCrds(KINDS.stream().map(it -> crd("/former-crds/" + it)).toList());
        awaitAssertion(() -> applyServer("office", """
                localIp: 10.8.0.1, pools: [10.8.0.2-101], sessions: {perUser: 2, whenExceeded: Deny},
                limits: {sessions: 5}, mss: "off", packetSockets: Never"""));
        awaitAssertion(() -> applyUser("alice", "sessions: 3"));
        applyUser("bob", "enabled: true");
        JsonNode server = stored("pptpservers", "office");
        assertThat(server.at("/spec/localIp").asText()).isEqualTo("10.8.0.1");
        assertThat(server.at("/spec/precedence").asText()).as("filled in").isEqualTo("Never");
        assertThat(server.at("/spec/workers").isInt()).as("filled in").isTrue();
        replaceCrds(present);
        awaitAssertion(() -> assertThatThrownBy(() -> applyServer("other", "localIp: 10.9.0.1, pools: [10.9.0.2-9]"))
                .hasMessageContaining("localIp is called localIP now"));
    }

    private Optional<Condition> names(List<Condition> conditions) {
        return Conditions.find(conditions, "NamesCurrent");
    }

    @Test
    void theyAreServedAsTheyWereMeantAndSayWhatIsCalledOtherwise() {
        storeWithFormerCrds();
        startOperator();

        awaitReady("office");
        await(() -> knows(POD, "alice"));
        ServerConfig config = dataPlane(POD).configuration().server();
        assertThat(config.network().localIP()).isEqualTo(Ipv4Address.parse("10.8.0.1"));
        assertThat(config.sessionPolicy().perUser()).isEqualTo(2);
        assertThat(config.sessionPolicy().whenExceeded()).hasToString("DENY");
        assertThat(config.limits().maxSessions()).isEqualTo(5);
        assertThat(config.datapath().packetSockets()).as("said, not filled in").hasToString("NEVER");
        assertThat(config.datapath().workers()).as("left to this release").isZero();
        assertThat(dataPlane(POD).user("alice").orElseThrow().maxSessions()).hasValue(3);

        Condition server = condition("office", "NamesCurrent").orElseThrow();
        assertThat(server.status()).isEqualTo(Condition.Status.False);
        assertThat(server.reason()).isEqualTo("FormerNames");
        assertThat(server.message()).isEqualTo(
                "spec.localIp is called spec.localIP; " + "spec.sessions.perUser is called spec.sessionPolicy.perUser; "
                        + "spec.sessions.whenExceeded is called spec.sessionPolicy.whenExceeded; "
                        + "spec.limits.sessions is called spec.limits.maxSessions; spec.mss: off is written Off"
                        + ". It goes on as it is; kubectl replace with the present names would be right");
        awaitAssertion(() -> assertThat(names(user("alice").getStatus().conditions()).orElseThrow().message())
                .startsWith("spec.sessions is called spec.maxSessions"));
        assertThat(names(user("bob").getStatus().conditions())).as("says nothing with a former name").isEmpty();
    }

    @Test
    void theyCanBeChangedAsBeforeAndAreRidOfFormerNamesByReplacingThem() {
        storeWithFormerCrds();
        startOperator();
        awaitReady("office");

        cluster.kubectl("patch", "pptps", "office", "-n", namespace, "--type", "merge", "-p",
                "{\"spec\": {\"dns\": [\"9.9.9.9\"]}}");
        await(() -> dataPlane(POD).configuration()
                .server()
                .network()
                .dns()
                .equals(List.of(Ipv4Address.parse("9.9.9.9"))));
        assertThat(cluster.kubectl("patch", "vpnu", "bob", "-n", namespace, "--type", "merge", "-p",
                "{\"spec\": {\"sessions\": 1}}")).contains("sessions is called maxSessions now");

        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: %s}
                spec:
                  localIP: 10.8.0.1
                  pools: [10.8.0.2-101]
                  sessionPolicy: {perUser: 4}
                """.formatted(namespace)).update();

        await(() -> dataPlane(POD).configuration().server().sessionPolicy().perUser() == 4);
        awaitAssertion(() -> assertThat(condition("office", "NamesCurrent")).isEmpty());
        assertThat(stored("pptpservers", "office").path("spec").properties()).extracting(field -> field.getKey())
                .doesNotContain("localIp", "sessions", "precedence", "useClusterDns", "packetSockets", "workers", "mtu",
                        "mss", "reordering", "keepalive");
    }

    @Test
    void aServerWithoutTuningHasNoneStored() {
        applyServer("office", SMALLEST);

        assertThat(stored("pptpservers", "office").path("spec").properties()).extracting(field -> field.getKey())
                .doesNotContain("packetSockets", "realtimePriority", "workers", "probePort", "reordering", "keepalive",
                        "mtu", "mss", "fragmentOversized");
        assertThat(stored("pptpservers", "office").at("/spec/limits").properties()).extracting(field -> field.getKey())
                .containsExactly("maxSessions");
    }

    /** Several appliers may each have ranges of their own; what somebody may do belongs to one as a whole. */
    @Test
    void appliersShareWhatIsTheirsToShare() {
        apply("alice", "localIP: 10.8.0.1, pools: [10.8.0.2-9], log: {debugPeers: [203.0.113.1]}, "
                + "allowedDestinations: [10.0.0.0/8]");
        apply("bob", "pools: [10.8.1.0/24], log: {debugPeers: [203.0.113.2]}");

        JsonNode spec = stored("pptpservers", "office").path("spec");
        assertThat(spec.at("/pools")).extracting(JsonNode::asText).containsExactly("10.8.0.2-9", "10.8.1.0/24");
        assertThat(spec.at("/log/debugPeers")).extracting(JsonNode::asText)
                .containsExactly("203.0.113.1", "203.0.113.2");
        assertThatThrownBy(() -> apply("bob", "pools: [10.8.1.0/24], allowedDestinations: [172.16.0.0/12]"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("conflict")
                .hasMessageContaining(".spec.allowedDestinations");

        apply("bob", "exclude: [10.8.0.9]");
        assertThat(stored("pptpservers", "office").at("/spec/pools")).extracting(JsonNode::asText)
                .as("bob's range went with his word for it")
                .containsExactly("10.8.0.2-9");
    }

    private void apply(String manager, String spec) {
        client.resource((GenericKubernetesResource) client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: office, namespace: %s}
                spec: {%s}
                """.formatted(namespace, spec)).item()).fieldManager(manager).serverSideApply();
    }
}
