package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.status.Conditions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a server, whoever may not log in any more is thrown out, or nobody says that they are. */
class RevocationIT extends ClusterTest {

    private static final String POD = "office-pptp-0";
    /** Their passwords take seconds, with the statuses and Events that share the budget for writes. */
    private static final int CROWD = 300;
    /** No rule of the schema adds up two exclusions. */
    private static final String IMPOSSIBLE = SMALLEST + ", exclude: [10.8.0.0-50, 10.8.0.51-255]";

    @Test
    void usersComeAndGoWhileTheSpecIsImpossible() {
        serveAliceAndBob();
        SessionView bobs = dataPlane(POD).login("bob", "198.51.100.2", Instant.now());
        applyServer("office", IMPOSSIBLE);
        await(() -> condition("office", "Ready").orElseThrow().reason().equals("InvalidSpec"));
        awaitObserved();

        applyUser("alice", "enabled: false");
        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).containsExactly(bobs));
        awaitState("alice", State.Disabled);
        applyUser("carol", "enabled: true");
        await(() -> knows(POD, "carol"));
        awaitState("carol", State.Disconnected);

        operator.close();
        operator = newOperator(false);
        deleteUser("bob");
        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).isEmpty());
        assertThat(dataPlane(POD).configuration().server().network().addressPool().size()).isEqualTo(100);

        applyServer("office", SMALLEST + ", exclude: []");
        awaitReady("office");
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Warning +InvalidSpec +pptpserver/office")
                .containsPattern("Normal +Recovered +pptpserver/office"));
    }

    @Test
    void aCrowdOfNewUsersKeepsNobodysRevocationWaiting() {
        serveAliceAndBob();
        IntStream.range(0, CROWD).forEach(i -> applyUser("new-" + i, "enabled: true"));

        applyUser("alice", "enabled: false");

        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).isEmpty());
        assertThat(client.secrets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(it -> it.getMetadata().getName().startsWith("new-"))
                .count()).as("passwords are still being generated").isLessThan(CROWD);
    }

    @Test
    void usersComeAndGoWhileAnObjectOfTheServerIsSomebodyElses() {
        client.resource(new ServiceAccountBuilder().withNewMetadata()
                .withName("office-pptp")
                .withNamespace(namespace)
                .endMetadata()
                .build()).create();
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        await(() -> condition("office", "Ready").orElseThrow().reason().equals("NameTaken"));
        awaitState("alice", State.Disconnected);

        deleteUser("alice");

        await(() -> !configuration().contains("alice"));
    }

    @Test
    void usersComeAndGoWhileTheApiServerFailsWithAnObject() {
        serveAliceAndBob();
        client.resource(FAILING_WEBHOOK.formatted(namespace, namespace)).create();
        try {
            await(() -> cluster.kubectl("label", "--overwrite", "service", "office-pptp", "-n", namespace, "tried=now")
                    .contains("failed calling webhook"));
            applyServer("office", SMALLEST + ", adminPort: 9800");
            applyUser("alice", "enabled: false");

            awaitState("alice", State.Disabled);
            awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).isEmpty());
            awaitAssertion(() -> assertThat(condition("office", "Reconciled").orElseThrow())
                    .returns("ApiServerFails", Condition::reason)
                    .returns(server("office").getMetadata().getGeneration(), Condition::observedGeneration));
        } finally {
            client.resource(FAILING_WEBHOOK.formatted(namespace, namespace)).delete();
        }
        awaitReady("office");
    }

    @Test
    void nobodyIsSaidToBeInOrOutWhileTheConfigurationCannotBeWritten() {
        serveAliceAndBob();
        client.resource(POLICY.formatted(namespace, namespace)).create();
        client.resource(BINDING.formatted(namespace, namespace)).create();
        try {
            await(() -> cluster
                    .kubectl("annotate", "--overwrite", "secret", "office-pptp-config", "-n", namespace, "tried=now")
                    .contains("not now"));
            applyUser("alice", "enabled: false");
            applyUser("carol", "enabled: true");

            awaitUserReason("alice", "NotApplied");
            awaitUserReason("carol", "NotApplied");
            awaitAssertion(() -> assertThat(condition("office", "Reconciled").orElseThrow().reason())
                    .isEqualTo("ObjectRefused"));
            assertThat(user("alice").getStatus().state()).as("the session goes on").isEqualTo(State.Connected);
            assertThat(Conditions.find(user("bob").getStatus().conditions(), "Ready").orElseThrow().status())
                    .as("who did not change can log in as before")
                    .isEqualTo(Condition.Status.True);
        } finally {
            client.resource(BINDING.formatted(namespace, namespace)).delete();
            client.resource(POLICY.formatted(namespace, namespace)).delete();
        }
        await(() -> cluster
                .kubectl("annotate", "--overwrite", "secret", "office-pptp-config", "-n", namespace, "tried=again")
                .contains("annotated"));
        // A refused write is tried again after half a minute; a change makes that now.
        applyServer("office", SMALLEST + ", dns: [9.9.9.9]");

        awaitState("alice", State.Disabled);
        awaitState("carol", State.Disconnected);
        assertThat(dataPlane(POD).sessions()).isEmpty();
    }

    /** Nobody listens there, and the API server answers with 500. */
    private static final String FAILING_WEBHOOK = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: fail-%s}
            webhooks:
              - name: fail.example.com
                failurePolicy: Fail
                sideEffects: None
                admissionReviewVersions: [v1]
                timeoutSeconds: 1
                clientConfig: {url: "https://127.0.0.1:1/"}
                namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                rules:
                  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services]}
            """;
    private static final String POLICY = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: freeze-%s}
            spec:
              failurePolicy: Fail
              matchConstraints:
                namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                resourceRules:
                  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}
              validations:
                - {expression: "object.metadata.name != 'office-pptp-config'", message: not now}
            """;
    private static final String BINDING = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: freeze-%s}
            spec: {policyName: freeze-%s, validationActions: [Deny]}
            """;

    @Test
    void whoIsDeletedIsOutAtOnceWhoeverHoldsTheResource() {
        serveAliceAndBob();
        hold(client.resources(VpnUser.class).inNamespace(namespace).withName("alice"));
        deleteUser("alice");

        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).isEmpty());
        assertThat(knows(POD, "alice")).isFalse();
        awaitUserReason("alice", "BeingDeleted");
        assertThat(knows(POD, "bob")).isTrue();

        operator.close();
        operator = newOperator(false);
        applyUser("carol", "enabled: true, username: alice");
        await(() -> knows(POD, "alice"));
        letGo(client.resources(VpnUser.class).inNamespace(namespace).withName("alice"));
        await(() -> user("alice") == null);
    }

    @Test
    void aDeletedServerServesNobodyWhoeverHoldsTheResource() {
        serveAliceAndBob();
        hold(client.resources(PptpServer.class).inNamespace(namespace).withName("office"));
        deleteServer("office");

        await(() -> client.apps().statefulSets().inNamespace(namespace).list().getItems().isEmpty());
        awaitAssertion(() -> assertThat(condition("office", "Ready").orElseThrow().reason()).isEqualTo("BeingDeleted"));
        awaitUserReason("bob", "NoServer");
        letGo(client.resources(PptpServer.class).inNamespace(namespace).withName("office"));
        await(() -> server("office") == null);
    }

    private static <T extends HasMetadata> void hold(Resource<T> resource) {
        resource.edit(it -> {
            it.getMetadata().setFinalizers(List.of("backup.example.com/keep"));
            return it;
        });
    }

    private static <T extends HasMetadata> void letGo(Resource<T> resource) {
        resource.edit(it -> {
            it.getMetadata().setFinalizers(List.of());
            return it;
        });
    }

    private void serveAliceAndBob() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        applyUser("bob", "enabled: true");
        awaitReady("office");
        await(() -> knows(POD, "alice") && knows(POD, "bob"));
        dataPlane(POD).login("alice", "198.51.100.1", Instant.now());
        awaitState("alice", State.Connected);
        awaitState("bob", State.Disconnected);
    }

    private void awaitObserved() {
        awaitAssertion(() -> assertThat(server("office").getStatus().observedGeneration())
                .isEqualTo(server("office").getMetadata().getGeneration()));
    }

    private String configuration() {
        Map<String, String> data = client.secrets()
                .inNamespace(namespace)
                .withName("office-pptp-config")
                .get()
                .getData();
        return new String(Base64.getDecoder().decode(data.get("users.yaml")), StandardCharsets.UTF_8);

    }
}
