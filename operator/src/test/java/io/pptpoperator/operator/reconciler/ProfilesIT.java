package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.status.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** VpnProfiles, from the resource to the pod and back to the status. */
class ProfilesIT extends ClusterTest {

    private static final String SERVER = "localIP: 10.8.0.1, pools: [10.8.0.2-254], allowedDestinations: [10.0.0.0/8]";
    private static final String POD = "office-pptp-0";

    @BeforeEach
    void start() {
        startOperator();
    }

    @Test
    void usersGetWhatTheirProfileSaysAndAChangeReachesPodsWithoutNewOnes() {
        profile("bronze", "allowedDestinations: [10.1.0.0/16], rateLimit: {download: 2M}");
        profile("silver", "isolateClients: true");
        profile("spare", "");
        applyServer("office", SERVER + ", users: {defaultProfile: silver}");
        applyUser("alice", "profile: bronze");
        applyUser("bob", "enabled: true");
        awaitState("alice", State.Disconnected);
        awaitState("bob", State.Disconnected);
        await(() -> knows(POD, "alice") && knows(POD, "bob"));

        assertThat(dataPlane(POD).user("alice").flatMap(UserConfig::profile)).contains("bronze");
        assertThat(dataPlane(POD).user("bob").flatMap(UserConfig::profile)).contains("silver");
        assertThat(told()).map(ProfileConfig::name)
                .as("only those that somebody has, each once")
                .containsExactly("bronze", "silver");
        awaitProfile("bronze", Condition.Status.True, "InForce");
        awaitProfile("spare", Condition.Status.True, "Unused");
        await(() -> get("bronze").getStatus().users() == 1);
        assertThat(get("bronze").getStatus().servers()).containsExactly("office");
        assertThat(cluster.kubectl("get", "vpnp", "bronze", "-n", namespace)).containsPattern("bronze +True +1 +2M");
        awaitReady("office");
        String pod = pods().getFirst().getMetadata().getUid();

        profile("bronze", "allowedDestinations: [10.2.0.0/16]");
        await(() -> told().getFirst().allowedDestinations().toString().contains("10.2.0.0/16"));
        assertThat(told().getFirst().rateLimit()).isEmpty();
        profile("bronze", "allowedDestinations: [10.2.0.0/16, 192.168.0.0/16]");
        awaitProfile("bronze", Condition.Status.False, "OutsideServersDestinations");
        assertThat(ready("bronze").orElseThrow().message()).contains("192.168.0.0/16").doesNotContain("10.2.0.0");
        assertThat(pods()).singleElement().satisfies(it -> assertThat(it.getMetadata().getUid()).isEqualTo(pod));
    }

    @Test
    void whoseProfileIsMissingOrImpossibleIsNotServedUntilItIsThere() {
        profile("odd", "hours: {timeZone: Mars/Olympus, windows: [Mon-Fri 08:00-18:00]}");
        applyServer("office", SERVER);
        applyUser("alice", "profile: gold");
        applyUser("bob", "profile: odd");
        applyUser("carol", "enabled: true");

        awaitUserReason("alice", "ProfileNotFound");
        awaitUserReason("bob", "InvalidProfile");
        awaitState("carol", State.Disconnected);
        awaitProfile("odd", Condition.Status.False, "InvalidSpec");
        assertThat(ready("odd").orElseThrow().message()).contains("spec.hours.timeZone", "Mars/Olympus");
        assertThat(dataPlane(POD).configuration().users()).map(UserConfig::username).containsExactly("carol");

        profile("gold", "");
        profile("odd", "hours: {timeZone: Europe/Berlin, windows: [Mon-Fri 08:00-18:00]}");
        awaitState("alice", State.Disconnected);
        awaitState("bob", State.Disconnected);
        awaitProfile("odd", Condition.Status.True, "InForce");
        await(() -> told().size() == 2 && knows(POD, "alice") && knows(POD, "bob"));
    }

    @Test
    void aProfileThatIsReplacedIsMissedByNobody() {
        profile("bronze", "isolateClients: true");
        applyServer("office", SERVER);
        applyUser("alice", "profile: bronze");
        await(() -> knows(POD, "alice"));
        awaitReady("office");

        client.resources(VpnProfile.class).inNamespace(namespace).withName("bronze").delete();
        applyUser("bob", "enabled: true");
        await(() -> knows(POD, "bob"));
        assertThat(dataPlane(POD).user("alice").flatMap(UserConfig::profile)).contains("bronze");
        assertThat(told()).map(ProfileConfig::name).containsExactly("bronze");

        profile("bronze", "dns: [10.0.0.53]");
        await(() -> told().getFirst().dns().size() == 1);
        assertThat(knows(POD, "alice")).isTrue();
    }

    @Test
    void aProfilesLimitOfSessionsHoldsOverPods() {
        profile("pair", "sessionPolicy: {perUser: 2}");
        applyServer("office", SERVER + ", replicas: 2");
        applyUser("alice", "profile: pair");
        await(() -> nodes.dataPlanes().size() == 2 && knows(POD, "alice") && knows("office-pptp-1", "alice"));

        SessionView oldest = dataPlane(POD).login("alice", "10.8.0.7", Instant.parse("2026-06-01T12:00:00Z"));
        SessionView second = dataPlane("office-pptp-1").login("alice", "10.8.0.77",
                Instant.parse("2026-06-01T12:05:00Z"));
        awaitAssertion(() -> assertThat(user("alice").getStatus().sessions()).as("two are allowed").isEqualTo(2));
        SessionView third = dataPlane("office-pptp-1").login("alice", "10.8.0.78",
                Instant.parse("2026-06-01T12:06:00Z"));

        await(() -> !dataPlane(POD).sessions().contains(oldest));
        assertThat(dataPlane("office-pptp-1").sessions()).containsExactlyInAnyOrder(second, third);
    }

    @Test
    void whatTheServersOwnerDoesNotAllowIsNotToBeHad() {
        profile("bronze", "");
        profile("gold", "");
        applyServer("office", SERVER + ", users: {allowedProfiles: [bronze]}");
        applyUser("alice", "profile: gold");
        applyUser("bob", "profile: bronze");

        awaitUserReason("alice", "ProfileNotAllowed");
        await(() -> knows(POD, "bob"));
        assertThat(knows(POD, "alice")).isFalse();
    }

    private List<ProfileConfig> told() {
        return dataPlane(POD).configuration().profiles();
    }

    private void profile(String name, String spec) {
        apply("VpnProfile", name, "", spec);
    }

    private VpnProfile get(String name) {
        return client.resources(VpnProfile.class).inNamespace(namespace).withName(name).get();
    }

    private Optional<Condition> ready(String profile) {
        return Conditions.find(get(profile).getStatus().conditions(), "Ready");
    }

    private void awaitProfile(String name, Condition.Status status, String reason) {
        awaitAssertion(() -> assertThat(ready(name).orElseThrow()).returns(status, Condition::status)
                .returns(reason, Condition::reason));
    }
}
