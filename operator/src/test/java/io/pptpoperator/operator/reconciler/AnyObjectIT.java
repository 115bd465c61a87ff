package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.CrdSchema;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.TolerantResource;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.cluster.SchemaValues;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.render.ServerRendering;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.ProfileMemory;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.ServerProfiles;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.roster.UserVerdict.Accepted;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever a real API server takes, by our CRDs or by those of another release: the operator survives it, says
 * something sensible about it, and serves everybody else.
 */
class AnyObjectIT extends ClusterTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FINE_SERVER = "{\"localIP\": \"10.8.0.1\", \"pools\": [\"10.8.0.2-101\"]}";
    private static final String FINE_USER = "{}";
    private static final String POD = "office-pptp-0";
    private static final int RANDOM_OBJECTS = 400;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void everyServerThatTheApiServerTakesIsReadAndJudged() throws IOException {
        VpnUser canary = Manifests.user("canary", "password: {secretKeyRef: {name: s, key: k}}");
        canary.getMetadata().setNamespace(namespace);
        JsonNode schema = SchemaValues.spec(PptpServer.class);
        int taken = 0;
        int judged = 0;
        for (ObjectNode spec : specs(schema, FINE_SERVER)) {
            Optional<PptpServer> server = taken(PptpServer.class, spec);
            if (server.isPresent()) {
                taken++;
                judged += judge(server.get(), canary, spec) ? 1 : 0;
            }
        }
        assertThat(taken).as("specs that the API server took").isGreaterThan(300);
        assertThat(judged).as("of them, those that can be served").isGreaterThan(200);
    }

    private boolean judge(PptpServer server, VpnUser canary, ObjectNode spec) {
        String what = "seed " + seed + ": " + spec;
        assertThat(server.isReadable()).as("%s: %s", what, server.whyUnreadable()).isTrue();
        assertThatCode(() -> Roster.of(server, ServerProfiles.of(server, List.of(), ProfileMemory.none()),
                List.of(canary), AnyObjectIT::secret, it -> Optional.empty())).as(what).doesNotThrowAnyException();
        try {
            ServerRendering rendering = ServerRendering.of(server, ServerObjects.admin(server),
                    Optional.of(Ipv4Address.parse("10.0.0.10")));
            var made = new ServerObjects(server, "pptp-system", Set.of());
            List<HasMetadata> objects = made.around(1, made.pods("image", rendering.restartDigest()),
                    server.getSpec().updatePolicy().at(Instant.EPOCH), Map.of());
            assertThat(client.getKubernetesSerialization().asJson(objects)).as(what).isNotBlank();
            return true;
        } catch (InvalidSpecException e) {
            assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("Exception");
            return false;
        }
    }

    @Test
    void everyUserThatTheApiServerTakesIsReadAndJudged() throws IOException {
        PptpServer server = Manifests.server("office", "localIP: 10.8.0.1, pools: [10.8.0.2-101], users: "
                + "{allowedNetworks: [192.168.0.0/16, 10.9.0.0/16]}");
        server.getMetadata().setNamespace(namespace);
        VpnUser canary = Manifests.user("canary", "password: {secretKeyRef: {name: s, key: k}}");
        canary.getMetadata().setNamespace(namespace);
        canary.getMetadata().setCreationTimestamp("2020-01-01T00:00:00Z");
        JsonNode schema = SchemaValues.spec(VpnUser.class);
        int taken = 0;
        for (ObjectNode spec : specs(schema, FINE_USER)) {
            Optional<VpnUser> user = taken(VpnUser.class, spec);
            if (user.isPresent()) {
                taken++;
                String what = "seed " + seed + ": " + spec;
                assertThat(user.get().isReadable()).as("%s: %s", what, user.get().whyUnreadable()).isTrue();
                Map<ObjectKey, UserVerdict> verdicts = Roster
                        .of(server, ServerProfiles.of(server, List.of(), ProfileMemory.none()),
                                List.of(user.get(), canary), AnyObjectIT::secret, it -> Optional.empty())
                        .verdicts();
                assertThat(verdicts.get(ObjectKey.of(canary))).as(what).isInstanceOf(Accepted.class);
                if (verdicts.get(ObjectKey.of(user.get())) instanceof Rejected rejected) {
                    assertThat(rejected.message()).as(what).isNotBlank().doesNotContain("Exception");
                }
            }
        }
        assertThat(taken).as("specs that the API server took").isGreaterThan(100);
    }

    private List<ObjectNode> specs(JsonNode schema, String fine) throws IOException {
        var specs = new ArrayList<>(SchemaValues.eachAlone(schema, fine));
        for (int i = 0; i < RANDOM_OBJECTS; i++) {
            specs.add(SchemaValues.anyChange(schema, fine, random));
        }
        return specs;
    }

    private static Optional<Map<String, String>> secret(ObjectKey key) {
        return Optional
                .of(Map.of("k", Base64.getEncoder().encodeToString("password".getBytes(StandardCharsets.UTF_8))));
    }

    /** The object as the API server would keep it; empty when it refuses it. */
    private <T extends TolerantResource<?, ?>> Optional<T> taken(Class<T> kind, JsonNode spec) {
        try {
            GenericKubernetesResource kept = client.resource(object(kind, "any", spec)).dryRun().create();
            return Optional.of(client.getKubernetesSerialization()
                    .unmarshal(client.getKubernetesSerialization().asJson(kept), kind));
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as("seed %d: %s: %s", seed, spec, e.getMessage()).isIn(400, 422);
            return Optional.empty();
        }
    }

    private GenericKubernetesResource object(Class<?> kind, String name, JsonNode spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("pptp-operator.io/v1alpha1");
        object.setKind(kind.getSimpleName());
        object.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        object.setAdditionalProperty("spec", JSON.convertValue(spec, Object.class));
        return object;
    }

    @Test
    @SuppressWarnings("try") // is there to be closed
    void whatCannotBeReadCostsThatObjectAlone() {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        applyUser("bob", "enabled: true");
        awaitReady("office");
        await(() -> knows(POD, "alice") && knows(POD, "bob"));
        try (var loosened = new Loosened()) {
            awaitAssertion(() -> write(VpnUser.class, "alice", text("validUntil", "2030-01-01T00:00:00+19:00")));
            await(() -> !knows(POD, "alice"));
            awaitUserReason("alice", "InvalidSpec");
            assertThat(Conditions.find(user("alice").getStatus().conditions(), "Ready").orElseThrow().message())
                    .isEqualTo("spec.validUntil: '2030-01-01T00:00:00+19:00' is not a time such as "
                            + "2030-01-01T00:00:00Z");
            awaitAssertion(
                    () -> assertThat(condition("office", "UsersAccepted").orElseThrow().message()).contains("alice")
                            .contains("spec.validUntil"));

            everyFieldOfBothKinds().forEach(it -> write(it.kind, it.name, it.spec));
            awaitAssertion(() -> everyFieldOfBothKinds().forEach(this::assertSaid));
            assertOthersAreServed("carol", "bob");

            operator.close();
            operator = newOperator(false);
            assertOthersAreServed("dave", "carol");

            keepsServing();
        }
    }

    /** An unreadable server goes on with its settings; its users come and go. */
    private void keepsServing() {
        String before = dataPlane(POD).configuration().server().toString();
        write(PptpServer.class, "office", text("realtimePriority", "OfANewerRelease"));
        awaitAssertion(() -> assertThat(condition("office", "Ready").orElseThrow().message())
                .isEqualTo("spec.realtimePriority: 'OfANewerRelease' is not one of [Auto, Never]"));
        assertOthersAreServed("erin", "dave");
        assertThat(dataPlane(POD).configuration().server()).hasToString(before);

        write(PptpServer.class, "office", text("users", "everybody"));
        await(() -> !knows(POD, "erin"));
        assertThat(dataPlane(POD).configuration().server()).hasToString(before);
    }

    private record Garbage(Class<? extends TolerantResource<?, ?>> kind, String name, ObjectNode spec) {}

    private static List<Garbage> everyFieldOfBothKinds() {
        return Stream.of(VpnUser.class, PptpServer.class).flatMap(kind -> {
            var fields = new ArrayList<String>();
            SchemaValues.spec(kind).path("properties").fieldNames().forEachRemaining(fields::add);
            return fields.stream()
                    .map(field -> new Garbage(kind, "bad-" + field.toLowerCase(Locale.ROOT),
                            JsonNodeFactory.instance.objectNode().set(field, garbage(kind, field))));
        }).toList();
    }

    private static JsonNode garbage(Class<? extends TolerantResource<?, ?>> kind, String field) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (SchemaValues.spec(kind).path("properties").path(field).path("type").asText()) {
            case "string", "" -> nodes.arrayNode().add(nodes.objectNode().put("no", "way"));
            default -> nodes.textNode("no way");
        };
    }

    private void assertSaid(Garbage garbage) {
        List<Condition> conditions = garbage.kind == VpnUser.class
                ? user(garbage.name).getStatus().conditions()
                : server(garbage.name).getStatus().conditions();
        Condition ready = Conditions.find(conditions, "Ready").orElseThrow();
        String field = garbage.spec.fieldNames().next();
        assertThat(ready.status()).isEqualTo(Condition.Status.False);
        assertThat(ready.reason()).isEqualTo("InvalidSpec");
        assertThat(ready.message()).contains("spec." + field);
    }

    private void assertOthersAreServed(String comes, String goes) {
        applyUser(comes, "enabled: true");
        await(() -> knows(POD, comes));
        deleteUser(goes);
        await(() -> !knows(POD, goes));
    }

    private static ObjectNode text(String field, String value) {
        return JSON.createObjectNode().put(field, value);
    }

    /** Writes a spec over what there is, with what a server needs. */
    private void write(Class<?> kind, String name, ObjectNode change) {
        ObjectNode spec = change.deepCopy();
        if (kind == PptpServer.class) {
            ObjectNode resource = JSON.createObjectNode();
            resource.set("spec", spec.has("localIP") ? spec : spec.put("localIP", "10.8.0.1"));
            if (!spec.has("pools")) {
                spec.putArray("pools").add("10.8.0.2-101");
            }
            CrdSchema.of(PptpServer.class).fillDefaults(resource);
            change.properties().forEach(field -> spec.set(field.getKey(), field.getValue()));
        }
        client.resource(object(kind, name, spec)).fieldManager("test").forceConflicts().serverSideApply();
    }

    /** While it is open, the API server takes any spec, as by a CRD of another release. */
    private final class Loosened implements AutoCloseable {

        private final List<CustomResourceDefinition> ours = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .list()
                .getItems()
                .stream()
                .filter(it -> it.getSpec().getGroup().equals(PptpServer.GROUP))
                .toList();

        Loosened() {
            ours.forEach(crd -> client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(crd.getMetadata().getName())
                    .edit(it -> {
                        JSONSchemaProps root = it.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
                        root.setXKubernetesValidations(List.of());
                        root.getProperties()
                                .put("spec",
                                        new JSONSchemaPropsBuilder().withType("object")
                                                .withXKubernetesPreserveUnknownFields(true)
                                                .build());
                        it.getSpec().getVersions().getFirst().getSubresources().setScale(null);
                        return it;
                    }));
        }

        @Override
        public void close() {
            Stream.of(VpnUser.class, PptpServer.class)
                    .forEach(kind -> client.resources(kind).inNamespace(namespace).delete());
            ours.forEach(crd -> client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(crd.getMetadata().getName())
                    .edit(it -> {
                        it.setSpec(crd.getSpec());
                        return it;
                    }));
        }
    }
}
