package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pptpoperator.crds.Condition.Status;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.setting.SecretText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RADIUS servers of a PptpServer, against a real API server: from Secrets to pods, and from pods to conditions. */
class RadiusIT extends ClusterTest {

    private static final String POD = "office-pptp-0";
    private static final String SERVER = SMALLEST + """
            , users: {source: Radius},
            radius: {servers: [{host: radius.example.com, secret: {secretKeyRef: {name: radius, key: secret}}}]}""";

    @BeforeEach
    void start() {
        startOperator();
    }

    private void secret(String text, boolean marked) {
        client.resource(new SecretBuilder().withNewMetadata()
                .withName("radius")
                .withNamespace(namespace)
                .addToLabels("pptp-operator.io/radius", marked ? "true" : "false")
                .endMetadata()
                .withStringData(Map.of("secret", text))
                .build()).fieldManager("test").forceConflicts().serverSideApply();
    }

    private RadiusConfig config() {
        return dataPlane(POD).configuration().radius();
    }

    private void awaitReason(String reason, Status status) {
        awaitAssertion(() -> assertThat(condition("office", "RadiusReachable")).get().satisfies(it -> {
            assertThat(it.reason()).isEqualTo(reason);
            assertThat(it.status()).isEqualTo(status);
        }));
    }

    private static RadiusView.Server said(Boolean reachable, String reason, String message) {
        return new RadiusView.Server("radius.example.com:1812", reachable, reason, message,
                Instant.parse("2026-06-01T12:00:00Z"), 2);
    }

    @Test
    void aSecretIsReadWhenItIsMarkedAndAChangedOneReachesThePodsWithoutNewPods() {
        applyServer("office", SERVER);
        awaitReady("office");
        awaitReason("SecretNotFound", Status.False);
        assertThat(condition("office", "RadiusReachable").orElseThrow().message())
                .contains("kubectl label secret -n " + namespace + " radius pptp-operator.io/radius=true");
        assertThat(config().servers()).isEmpty();

        secret("hush", false);
        secret("hush", true);
        await(() -> config().servers().size() == 1);
        assertThat(config().servers().getFirst().secret()).contains(new SecretText("hush"));
        assertThat(config().nasIdentifier()).isEqualTo(namespace + "/office/{member}");
        awaitReason("NotAsked", Status.Unknown);
        String pod = pods().getFirst().getMetadata().getUid();

        secret("shush", true);
        await(() -> config().servers().getFirst().secret().equals(Optional.of(new SecretText("shush"))));
        assertThat(pods()).singleElement().satisfies(it -> assertThat(it.getMetadata().getUid()).isEqualTo(pod));
        assertThat(cluster.kubectl("get", "pptps,events", "-n", namespace, "-o", "yaml")).doesNotContain("hush");

        applyServer("office", SMALLEST);
        await(() -> config().equals(RadiusConfig.NONE));
        awaitAssertion(() -> assertThat(condition("office", "RadiusReachable")).isEmpty());
    }

    @Test
    void whatPodsSayOfRadiusServersIsAConditionAndAnEvent() {
        secret("hush", true);
        applyServer("office", SERVER);
        awaitReady("office");
        await(() -> config().servers().size() == 1);

        dataPlane(POD).knowsOfRadius(said(true, "Answering", "it answers"));
        awaitReason("Answering", Status.True);
        dataPlane(POD).knowsOfRadius(
                said(false, "MessageAuthenticatorMissing", "it answers without a Message-Authenticator"));
        awaitReason("MessageAuthenticatorMissing", Status.False);
        assertThat(condition("office", "RadiusReachable").orElseThrow().message())
                .startsWith("RADIUS server radius.example.com:1812")
                .contains("update reply { Message-Authenticator := 0x00 }");
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("RadiusUnreachable +pptpserver/office"));
        assertThat(condition("office", "Ready").orElseThrow().status()).isEqualTo(Status.True);

        dataPlane(POD).knowsNoRadius();
        awaitReason("ImageTooOld", Status.False);
    }

    @Test
    void aServerThatAsksRadiusAloneTakesNoVpnUser() {
        secret("hush", true);
        applyServer("office", SERVER);
        applyUser("alice", "servers: [{name: office}]");
        applyUser("bob", "enabled: true");
        awaitReady("office");
        awaitUserReason("alice", "NotSelected");
        awaitUserReason("bob", "NoServer");
        assertThat(dataPlane(POD).configuration().users()).isEmpty();

        applyServer("office", SERVER.replace("source: Radius", "source: ResourcesThenRadius"));
        awaitState("alice", State.Disconnected);
        await(() -> knows(POD, "alice") && knows(POD, "bob"));
    }

    @Test
    void aRadiusUsersLimitHoldsOverPodsAsItWasGranted() {
        secret("hush", true);
        applyServer("office", SERVER + ", replicas: 2");
        await(() -> nodes.dataPlanes().size() == 2);
        await(() -> config().servers().size() == 1
                && dataPlane("office-pptp-1").configuration().radius().servers().size() == 1);

        dataPlane(POD).loginByRadius("dave", "10.8.0.7", Instant.parse("2026-06-01T12:00:00Z"), 2);
        dataPlane("office-pptp-1").loginByRadius("dave", "10.8.0.77", Instant.parse("2026-06-01T12:05:00Z"), 2);
        dataPlane(POD).loginByRadius("carol", "10.8.0.8", Instant.parse("2026-06-01T12:00:00Z"), null);
        SessionView newer = dataPlane("office-pptp-1").loginByRadius("carol", "10.8.0.78",
                Instant.parse("2026-06-01T12:05:00Z"), null);

        await(() -> dataPlane(POD).sessions().stream().noneMatch(it -> it.user().equals("carol")));
        assertThat(dataPlane("office-pptp-1").sessions()).contains(newer).hasSize(2);
        assertThat(dataPlane(POD).sessions()).as("dave may have two").hasSize(1);
        awaitAssertion(() -> assertThat(server("office").getStatus().sessions()).isEqualTo(3));
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("SessionLimit +pptpserver/office +ended carol's"));
    }
}
