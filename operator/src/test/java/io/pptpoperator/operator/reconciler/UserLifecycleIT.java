package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.roster.NtHash;
import io.pptpoperator.operator.session.Disconnection;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A VpnUser's life against a real API server, with fake data planes behind it. */
class UserLifecycleIT extends ClusterTest {

    private static final String POD = "office-pptp-0";

    @BeforeEach
    void start() {
        startOperator();
        applyServer("office", SMALLEST);
        awaitReady("office");
    }

    @Test
    void aUserWithoutAPasswordGetsAStrongOneOnce() {
        applyUser("alice", "enabled: true");

        awaitState("alice", State.Disconnected);
        String password = secretValue("alice-vpn", "password");
        assertThat(password).hasSize(24);
        assertThat(user("alice").getStatus().passwordSecret()).isEqualTo("alice-vpn");
        assertThat(secretValue("alice-vpn", "username")).isEqualTo("alice");
        await(() -> credentials("alice").equals(Optional.of(NtHash.of(password))));

        applyUser("alice", "username: 'OFFICE\\alice'");
        await(() -> secretValue("alice-vpn", "username").equals("OFFICE\\alice"));
        assertThat(secretValue("alice-vpn", "password")).isEqualTo(password);
        await(() -> knows(POD, "OFFICE\\alice") && !knows(POD, "alice"));
    }

    /** As an earlier release left it. */
    @Test
    void aGeneratedPasswordWithoutAMarkGetsItAndTheSessionGoesOn() {
        applyUser("alice", "enabled: true");
        await(() -> knows(POD, "alice"));
        SessionView session = dataPlane(POD).login("alice", "203.0.113.9", Instant.now());
        client.secrets().inNamespace(namespace).withName("alice-vpn").edit(it -> {
            it.getMetadata().getLabels().remove("pptp-operator.io/password");
            return it;
        });

        applyUser("alice", "maxSessions: 2");
        awaitAssertion(() -> assertThat(
                client.secrets().inNamespace(namespace).withName("alice-vpn").get().getMetadata().getLabels())
                .containsEntry("pptp-operator.io/password", "true"));
        await(() -> dataPlane(POD).user("alice").orElseThrow().maxSessions().orElse(0) == 2);
        assertThat(dataPlane(POD).sessions()).contains(session);
    }

    @Test
    void aGeneratedPasswordThatIsDeletedIsReplaced() {
        applyUser("alice", "enabled: true");
        awaitState("alice", State.Disconnected);
        String old = secretValue("alice-vpn", "password");

        client.secrets().inNamespace(namespace).withName("alice-vpn").delete();

        await(() -> !secretValue("alice-vpn", "password").equals(old));
        await(() -> credentials("alice").equals(Optional.of(NtHash.of(secretValue("alice-vpn", "password")))));
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Normal +PasswordGenerated +vpnuser/alice")
                .containsPattern("Warning +PasswordReplaced +vpnuser/alice"));
        assertThat(user("alice").getStatus().passwordGenerated()).isNotNull();
    }

    @Test
    void aSecretThatIsAwayForAMomentEndsNoSession() {
        applySecret("alice-secret", Map.of("password", "one"));
        applyUser("alice", "password: {secretKeyRef: {name: alice-secret, key: password}}");
        await(() -> knows(POD, "alice"));
        SessionView session = dataPlane(POD).login("alice", "203.0.113.9", Instant.now());
        awaitState("alice", State.Connected);

        client.secrets().inNamespace(namespace).withName("alice-secret").delete();
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Warning +PasswordMissing +vpnuser/alice"));
        applySecret("alice-secret", Map.of("password", "two"));

        await(() -> credentials("alice").equals(Optional.of(NtHash.of("two"))));
        assertThat(dataPlane(POD).sessions()).contains(session);
        assertThat(user("alice").getStatus().state()).isEqualTo(State.Connected);
    }

    @Test
    void aChangedPasswordReachesThePodAndRestartsNothing() {
        applySecret("alice-secret", Map.of("password", "one"));
        applyUser("alice", "password: {secretKeyRef: {name: alice-secret, key: password}}");
        await(() -> credentials("alice").equals(Optional.of(NtHash.of("one"))));
        String pod = client.pods().inNamespace(namespace).withName(POD).get().getMetadata().getUid();

        applySecret("alice-secret", Map.of("password", "two"));

        await(() -> credentials("alice").equals(Optional.of(NtHash.of("two"))));
        assertThat(client.pods().inNamespace(namespace).withName(POD).get().getMetadata().getUid()).isEqualTo(pod);
    }

    @Test
    void aMissingSecretIsSaidAndKeepsNobodyElseOut() {
        applyUser("bob", "enabled: true");
        applyUser("alice", "password: {secretKeyRef: {name: alice-secret, key: password}}");

        awaitUserReason("alice", "SecretNotFound");
        await(() -> knows(POD, "bob") && !knows(POD, "alice"));
        await(() -> condition("office", "UsersAccepted").orElseThrow().reason().equals("SomeRejected"));
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Warning +Rejected +vpnuser/alice")
                .containsPattern("UsersRejected +pptpserver/office"));
        awaitReady("office");

        applySecret("alice-secret", Map.of("password", "secret"));
        awaitUserReason("alice", "Accepted");
        await(() -> knows(POD, "alice"));
    }

    @Test
    void ofTwoWithOneUsernameTheOlderHasItUntilItGoes() {
        applyUser("one", "username: same");
        awaitState("one", State.Disconnected);
        applyUser("two", "username: same");

        awaitUserReason("two", "DuplicateUsername");
        awaitUserReason("one", "Accepted");

        deleteUser("one");
        awaitUserReason("two", "Accepted");
    }

    @Test
    void aUserMovesFromOneServerToAnother() {
        applyServer("branch", "localIP: 10.9.0.1, pools: [10.9.0.2-9]");
        awaitReady("branch");
        applyUser("alice", "servers: [{name: office}]");
        await(() -> knows(POD, "alice") && !knows("branch-pptp-0", "alice"));

        applyUser("alice", "servers: [{name: branch}]");

        await(() -> !knows(POD, "alice") && knows("branch-pptp-0", "alice"));
        awaitAssertion(() -> assertThat(user("alice").getStatus().servers()).containsExactly(namespace + "/branch"));
    }

    @Test
    void aUserMovesWithItsLabels() {
        applyServer("office", SMALLEST + ", users: {selector: {matchLabels: {team: sales}}}");
        apply("VpnUser", "alice", "team: sales", "enabled: true");
        await(() -> knows(POD, "alice"));

        apply("VpnUser", "alice", "team: it", "enabled: true");

        await(() -> !knows(POD, "alice"));
        awaitUserReason("alice", "NoServer");
    }

    @Test
    void aUserThatNamesAMissingServerIsServedWhenTheServerComes() {
        applyUser("alice", "servers: [{name: branch}]");
        awaitUserReason("alice", "ServerNotFound");

        applyServer("branch", "localIP: 10.9.0.1, pools: [10.9.0.2-9]");

        awaitUserReason("alice", "Accepted");
        deleteServer("branch");
        awaitUserReason("alice", "ServerNotFound");
    }

    @Test
    void aUserThatIsDisabledOrDeletedIsRevokedAtOnce() {
        applyUser("alice", "enabled: true");
        applyUser("bob", "enabled: true");
        await(() -> knows(POD, "alice") && knows(POD, "bob"));
        dataPlane(POD).login("alice", "198.51.100.1", Instant.now());
        SessionView other = dataPlane(POD).login("bob", "198.51.100.2", Instant.now());
        awaitState("alice", State.Connected);

        applyUser("alice", "enabled: false");
        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).containsExactly(other));
        awaitState("alice", State.Disabled);
        await(() -> user("alice").getStatus().sessions() == 0);

        deleteUser("alice");
        await(() -> !knows(POD, "alice"));
        assertThat(dataPlane(POD).sessions()).as("nobody else noticed").containsExactly(other);
    }

    @Test
    void aUserExpiresWhenItsTimeIsOver() {
        applyUser("alice", "enabled: true");
        awaitState("alice", State.Disconnected);

        applyUser("alice", "validUntil: '" + Instant.now().plusSeconds(4) + "'");
        awaitState("alice", State.Expired);
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Normal +Expired +vpnuser/alice"));
        assertThat(dataPlane(POD).user("alice")).get()
                .extracting(UserConfig::validUntil)
                .as("the data plane refuses an expired user by itself, and says why")
                .isNotEqualTo(Optional.empty());
    }

    @Test
    void sessionsAndLoginsAreShown() {
        applyUser("alice", "address: 10.8.0.50");
        await(() -> knows(POD, "alice"));
        dataPlane(POD).refuse("alice", Instant.parse("2026-06-01T12:00:00Z"), "bad-credentials");
        SessionView session = dataPlane(POD).login("alice", "198.51.100.1", Instant.parse("2026-06-01T13:00:00Z"));

        awaitState("alice", State.Connected);
        var status = user("alice").getStatus();
        assertThat(status.session().address()).isEqualTo("10.8.0.50");
        assertThat(status.session().from()).isEqualTo("198.51.100.1");
        assertThat(status.session().since()).isEqualTo("2026-06-01T13:00:00Z");
        assertThat(status.session().server()).isEqualTo(namespace + "/office");
        assertThat(status.lastLogin()).isEqualTo("2026-06-01T13:00:00Z");
        assertThat(status.lastFailure().reason()).isEqualTo("bad-credentials");
        await(() -> server("office").getStatus().sessions() == 1 && server("office").getStatus().pool().used() == 1);
        assertThat(cluster.kubectl("get", "vpnu", "-n", namespace).lines().toList()).satisfiesExactly(
                header -> assertThat(header.split(" +")).containsExactly("NAME", "READY", "STATE", "SERVER", "ADDRESS",
                        "FROM", "SINCE", "AGE"),
                row -> assertThat(row).contains("alice", "True", "Connected", "10.8.0.50", "198.51.100.1"));

        dataPlane(POD).logout(session);
        awaitState("alice", State.Disconnected);
        assertThat(user("alice").getStatus().session()).isNull();
        assertThat(user("alice").getStatus().lastLogin()).isEqualTo("2026-06-01T13:00:00Z");
    }

    @Test
    void oneSessionPerUserHoldsOverAllPods() {
        applyServer("office", SMALLEST + ", replicas: 2");
        await(() -> nodes.dataPlanes().size() == 2);
        applyUser("alice", "enabled: true");
        await(() -> knows(POD, "alice") && knows("office-pptp-1", "alice"));

        dataPlane(POD).login("alice", "198.51.100.1", Instant.parse("2026-06-01T12:00:00Z"));
        SessionView newer = dataPlane("office-pptp-1").login("alice", "198.51.100.2",
                Instant.parse("2026-06-01T12:05:00Z"));

        await(() -> dataPlane(POD).sessions().isEmpty());
        assertThat(dataPlane("office-pptp-1").sessions()).containsExactly(newer);
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("SessionLimit +vpnuser/alice"));
    }

    @Test
    void aServerThatDeniesFurtherSessionsEndsTheNewerOneAtAnotherPod() {
        applyServer("office", SMALLEST + ", replicas: 2, sessionPolicy: {whenExceeded: Deny}");
        await(() -> nodes.dataPlanes().size() == 2);
        applyUser("alice", "enabled: true");
        await(() -> knows(POD, "alice") && knows("office-pptp-1", "alice"));

        SessionView older = dataPlane(POD).login("alice", "198.51.100.1", Instant.parse("2026-06-01T12:00:00Z"));
        dataPlane("office-pptp-1").login("alice", "198.51.100.2", Instant.parse("2026-06-01T12:05:00Z"));
        await(() -> dataPlane("office-pptp-1").sessions().isEmpty());
        assertThat(dataPlane(POD).sessions()).containsExactly(older);

        dataPlane(POD).logout(older);
        SessionView next = dataPlane("office-pptp-1").login("alice", "198.51.100.2",
                Instant.parse("2026-06-01T12:10:00Z"));
        awaitAssertion(() -> assertThat(user("alice").getStatus().session().since()).isEqualTo("2026-06-01T12:10:00Z"));
        assertThat(dataPlane("office-pptp-1").sessions()).as("what the first pod told of before must not end it")
                .containsExactly(next);
    }

    @Test
    void aUsersOwnAddressIsAtOnePodOnlyAndNobodyElsesAtAnother() {
        applyServer("office", SMALLEST + ", replicas: 2, sessionPolicy: {perUser: 0}");
        await(() -> nodes.dataPlanes().size() == 2);
        applyUser("bob", "address: 10.8.0.50");
        await(() -> knows(POD, "bob") && dataPlane(POD).user("bob").orElseThrow().address().isPresent());
        SessionView others = dataPlane(POD).login("bob", "198.51.100.9", Instant.parse("2026-06-01T11:00:00Z"));
        await(() -> server("office").getStatus().sessions() == 1);

        applyUser("bob", "enabled: true");
        applyUser("alice", "address: 10.8.0.50");
        await(() -> knows("office-pptp-1", "alice"));
        assertThat(dataPlane("office-pptp-1").user("alice").orElseThrow().address()).as("bob still has it").isEmpty();

        dataPlane(POD).logout(others);
        await(() -> dataPlane(POD).user("alice").orElseThrow().address().isPresent()
                && dataPlane("office-pptp-1").user("alice").orElseThrow().address().isPresent());
        dataPlane(POD).login("alice", "198.51.100.1", Instant.parse("2026-06-01T12:00:00Z"));
        SessionView newer = dataPlane("office-pptp-1").login("alice", "198.51.100.2",
                Instant.parse("2026-06-01T12:05:00Z"));
        await(() -> dataPlane(POD).sessions().isEmpty());
        assertThat(dataPlane("office-pptp-1").sessions()).containsExactly(newer);
    }

    @Test
    void anAnnotationEndsTheSessionsBeforeItAndNoOthers() {
        applyUser("alice", "maxSessions: 2");
        applyUser("bob", "enabled: true");
        await(() -> knows(POD, "alice") && knows(POD, "bob"));
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        dataPlane(POD).login("alice", "198.51.100.1", noon);
        SessionView later = dataPlane(POD).login("alice", "198.51.100.2", noon.plusSeconds(60));
        SessionView other = dataPlane(POD).login("bob", "198.51.100.3", noon);
        await(() -> user("alice").getStatus().sessions() == 2);

        cluster.kubectl("annotate", "vpnu", "alice", "-n", namespace,
                Disconnection.ANNOTATION + "=" + noon.plusSeconds(1));

        awaitAssertion(() -> assertThat(dataPlane(POD).sessions()).containsExactlyInAnyOrder(later, other));
        await(() -> user("alice").getStatus().sessions() == 1);
        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Normal +Disconnected +vpnuser/alice"));
    }

    @Test
    void anAnnotationThatIsNoTimeIsSaid() {
        applyUser("alice", "enabled: true");
        await(() -> knows(POD, "alice"));
        SessionView session = dataPlane(POD).login("alice", "198.51.100.1", Instant.now());
        awaitState("alice", State.Connected);

        cluster.kubectl("annotate", "vpnu", "alice", "-n", namespace, Disconnection.ANNOTATION + "=now");

        awaitAssertion(() -> assertThat(cluster.kubectl("get", "events", "-n", namespace))
                .containsPattern("Warning +InvalidAnnotation +vpnuser/alice .*'now' is not a time"));
        assertThat(dataPlane(POD).sessions()).containsExactly(session);
    }

    @Test
    void noSecretIsAnywhereButInSecrets() {
        applySecret("alice-secret", Map.of("password", "s3cr3t-of-alice"));
        applyUser("alice", "password: {secretKeyRef: {name: alice-secret, key: password}}");
        applyServer("office", SMALLEST + ", authentication: {methods: [MSCHAPv2, CHAP-MD5]}");
        await(() -> credentials("alice").equals(Optional.of(new Credentials.Password("s3cr3t-of-alice"))));

        for (String kind : List.of("pptps", "vpnu", "pods", "statefulsets", "events", "services", "configmaps")) {
            assertThat(cluster.kubectl("get", kind, "-n", namespace, "-o", "yaml")).doesNotContain("s3cr3t-of-alice");
        }
    }

    private Optional<Credentials> credentials(String username) {
        return dataPlane(POD).user(username).map(UserConfig::credentials);
    }

    private String secretValue(String secret, String key) {
        String encoded = client.secrets().inNamespace(namespace).withName(secret).get().getData().get(key);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);

    }
}
