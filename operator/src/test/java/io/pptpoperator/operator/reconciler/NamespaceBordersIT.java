package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.operator.cluster.OperatorProcess;
import io.pptpoperator.operator.cluster.ShippedRbac;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attacks from one namespace on the users and Secrets of another, against a real API server. */
class NamespaceBordersIT extends ClusterTest {

    private static final String POD = "office-pptp-0";
    /** Would be told every password in clear. */
    private static final String GREEDY = SMALLEST
            + ", users: {namespaces: ['*']}, authentication: {methods: [PAP]}, encryption: {policy: Off}";

    /** Where the users are; the server and the operator are in {@link #namespace}. */
    private final String home = cluster.newNamespace("home");

    private void start(boolean seesLabels) {
        Set<String> watched = Set.of(namespace, home);
        ShippedRbac.bindIn(client, namespace, watched, seesLabels);
        operator = new OperatorProcess(cluster.configOf(namespace, ShippedRbac.SERVICE_ACCOUNT), namespace, watched,
                false, Clock.systemUTC());
    }

    @AfterEach
    void removeHome() {
        client.namespaces().withName(home).delete();
    }

    @Test
    void selectingAUserIsNotEnoughToLearnItsPassword() {
        start(true);
        applyServer("office", GREEDY);
        awaitReady("office");
        applyUserAtHome("alice", "enabled: true");

        awaitReadyReason("alice", "NoConsent");
        assertThat(ready("alice").message()).contains(namespace + "/office",
                "{namespace: " + namespace + ", name: office}",
                "kubectl label namespace " + home + " served-by.pptp-operator.io/" + namespace + "=true");
        awaitAssertion(() -> assertThat(condition("office", "UsersAccepted").orElseThrow().message())
                .contains("0 VpnUsers can log in; 1 of other namespaces")
                .doesNotContain("alice", home));
        assertThat(configuration()).doesNotContain("alice");

        label("true");
        await(() -> knows(POD, "alice"));
        awaitReadyReason("alice", "Accepted");

        label(null);
        await(() -> !knows(POD, "alice"));
        awaitReadyReason("alice", "NoConsent");
        assertThat(configuration()).doesNotContain("alice");

        applyUserAtHome("alice", "servers: [{name: office, namespace: " + namespace + "}]");
        await(() -> knows(POD, "alice"));
        awaitReadyReason("alice", "Accepted");
    }

    @Test
    void nobodyLearnsWhichServersOtherNamespacesHave() {
        start(true);
        applyServer("office", SMALLEST);
        awaitReady("office");
        applyUserAtHome("one", "servers: [{name: office, namespace: " + namespace + "}]");
        applyUserAtHome("two", "servers: [{name: nothing, namespace: " + namespace + "}]");

        awaitReadyReason("one", "NotForThisNamespace");
        awaitReadyReason("two", "NotForThisNamespace");
        assertThat(ready("one").message()).isEqualTo(ready("two").message().replace("nothing", "office"));
        assertThat(condition("office", "UsersAccepted").orElseThrow().message()).isEqualTo("0 VpnUsers can log in");
    }

    @Test
    void anOperatorThatMayNotSeeNamespacesTakesNoLabelForConsent() {
        label("true");
        start(false);
        applyServer("office", GREEDY);
        awaitReady("office");
        applyUserAtHome("alice", "enabled: true");

        awaitReadyReason("alice", "NoConsent");
        assertThat(ready("alice").message()).contains("ClusterRole pptp-operator-namespaces");
        applyUserAtHome("alice", "servers: [{name: office, namespace: " + namespace + "}]");
        await(() -> knows(POD, "alice"));
    }

    /** It would keep every user's status as it was for ever. */
    @Test
    void aForeignServerThatCannotBeRenderedHoldsNoStatusUp() {
        start(true);
        applyServer("office", SMALLEST + ", exclude: [10.8.0.0/24], users: {namespaces: ['*']}");
        applyUserAtHome("alice", "enabled: true");
        awaitReadyReason("alice", "NoConsent");

        applyUserAtHome("alice", "enabled: false");
        awaitReadyReason("alice", "Disabled");
    }

    @Test
    void aSecretThatIsNotMarkedIsNotReadWhoeverNamesIt() {
        start(true);
        applyServer("office", SMALLEST + ", authentication: {methods: [PAP]}, encryption: {policy: Off}");
        client.resource(new SecretBuilder().withNewMetadata()
                .withName("database")
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of("root-of-database", "hunter2"))
                .build()).create();
        applyUser("mallory", "password: {secretKeyRef: {name: database, key: root-of-database}}");
        applyUser("nobody", "password: {secretKeyRef: {name: missing, key: any}}");
        applyUser("guess", "password: {secretKeyRef: {name: marked, key: any}}");
        applySecret("marked", Map.of("treasure", "x"));

        awaitUserReason("mallory", "SecretNotFound");
        awaitUserReason("nobody", "SecretNotFound");
        awaitUserReason("guess", "SecretKeyNotFound");
        assertThat(message("mallory"))
                .contains("kubectl label secret -n " + namespace + " database pptp-operator.io/password=true")
                .as("nobody learns which Secrets there are")
                .isEqualTo(message("nobody").replace("missing", "database"));
        assertThat(message("guess")).doesNotContain("treasure");
        assertThat(configuration()).doesNotContain("hunter2");

        client.secrets()
                .inNamespace(namespace)
                .withName("database")
                .edit(it -> new SecretBuilder(it).editMetadata()
                        .addToLabels(PasswordMark.LABEL, PasswordMark.VALUE)
                        .endMetadata()
                        .build());
        await(() -> dataPlane(POD).user("mallory")
                .orElseThrow()
                .credentials()
                .equals(new Credentials.Password("hunter2")));
    }

    /** A name that somebody has tells nothing about them, neither now nor when it is free. */
    @Test
    void whoClaimsATakenNameLearnsNothingOfItsOwner() {
        start(true);
        applyServer("office", SMALLEST + ", users: {namespaces: ['*']}");
        awaitReady("office");
        applyUser("alice", "enabled: true");
        await(() -> knows(POD, "alice"));
        applyUserAtHome("mallory", "username: alice, servers: [{name: office, namespace: " + namespace + "}]");
        awaitReadyReason("mallory", "DuplicateUsername");
        assertThat(ready("mallory").message()).contains("an older VpnUser of another namespace")
                .doesNotContain(namespace + "/alice");

        Instant login = Instant.now().minusSeconds(60);
        dataPlane(POD).login("alice", "203.0.113.9", login);
        dataPlane(POD).refuse("alice", login, "bad-credentials");
        awaitAssertion(() -> assertThat(user("alice").getStatus().session().from()).isEqualTo("203.0.113.9"));
        assertThatNothingIsKnownOf("mallory");

        deleteUser("alice");
        awaitReadyReason("mallory", "Accepted");
        await(() -> knows(POD, "alice"));
        assertThat(dataPlane(POD).sessions()).as("the former owner's").isEmpty();
        assertThatNothingIsKnownOf("mallory");

        dataPlane(POD).login("alice", "198.51.100.7", Instant.now());
        awaitAssertion(() -> assertThat(atHome("mallory").getStatus().session().from()).isEqualTo("198.51.100.7"));
        assertThat(atHome("mallory").getStatus().lastFailure()).isNull();
    }

    private void assertThatNothingIsKnownOf(String name) {
        // A change of the user's own has its status looked at anew.
        VpnUser user = atHome(name);
        applyUserAtHome(name, "username: alice, allowedSources: [198.51.100.0/24], servers: [{name: office, namespace: "
                + namespace + "}]");
        awaitAssertion(() -> assertThat(atHome(name).getStatus().observedGeneration())
                .isGreaterThanOrEqualTo(user.getMetadata().getGeneration()));
        VpnUserStatus status = atHome(name).getStatus();
        assertThat(status.session()).isNull();
        assertThat(status.sessions()).isZero();
        assertThat(status.lastLogin()).isNull();
        assertThat(status.lastFailure()).isNull();
    }

    private void label(String value) {
        client.namespaces()
                .withName(home)
                .edit(it -> new NamespaceBuilder(it).editMetadata()
                        .removeFromLabels("served-by.pptp-operator.io/" + namespace)
                        .addToLabels(
                                value == null ? Map.of() : Map.of("served-by.pptp-operator.io/" + namespace, value))
                        .endMetadata()
                        .build());
    }

    private void applyUserAtHome(String name, String spec) {
        client.resource("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """.formatted(name, home, spec)).fieldManager("test").forceConflicts().serverSideApply();
    }

    private VpnUser atHome(String name) {
        return client.resources(VpnUser.class).inNamespace(home).withName(name).get();
    }

    private Condition ready(String name) {
        return Conditions.find(atHome(name).getStatus().conditions(), "Ready").orElseThrow();
    }

    private void awaitReadyReason(String name, String reason) {
        awaitAssertion(() -> assertThat(ready(name).reason()).isEqualTo(reason));
    }

    private String message(String name) {
        return Conditions.find(user(name).getStatus().conditions(), "Ready").orElseThrow().message();
    }

    /** What the server's pods are told of users. */
    private String configuration() {
        String encoded = client.secrets()
                .inNamespace(namespace)
                .withName("office-pptp-config")
                .get()
                .getData()
                .get("users.yaml");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
