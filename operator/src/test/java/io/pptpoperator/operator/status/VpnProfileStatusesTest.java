package io.pptpoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnProfileStatus;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VpnProfileStatusesTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ObjectKey OFFICE = new ObjectKey("vpn", "office");
    private static final ObjectKey BRANCH = new ObjectKey("vpn", "branch");

    @Test
    void itSaysWhereItIsInForceAndForHowMany() {
        VpnProfileStatus status = status(profile(), List.of(), new TreeMap<>(Map.of(OFFICE, 3, BRANCH, 4)),
                new TreeMap<>());

        assertThat(status.users()).isEqualTo(7);
        assertThat(status.servers()).containsExactly("branch", "office");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(ready(status)).returns(Condition.Status.True, Condition::status)
                .returns("InForce", Condition::reason)
                .returns("in force at branch, office", Condition::message);
        assertThat(Conditions.find(status.conditions(), "Accepted")).map(Condition::status)
                .contains(Condition.Status.True);
    }

    @Test
    void oneThatNobodyHasIsReadyAllTheSame() {
        VpnProfileStatus status = status(profile(), List.of(), new TreeMap<>(), new TreeMap<>());

        assertThat(status.users()).isZero();
        assertThat(ready(status)).returns(Condition.Status.True, Condition::status)
                .returns("Unused", Condition::reason);
    }

    @Test
    void whatIsWrongIsSaidWithItsField() {
        VpnProfileStatus status = status(profile(), List.of("spec.hours.timeZone: 'Mars' is no time zone"),
                new TreeMap<>(), new TreeMap<>());

        assertThat(status.conditions()).hasSize(2)
                .allSatisfy(it -> assertThat(it).returns(Condition.Status.False, Condition::status)
                        .returns("InvalidSpec", Condition::reason)
                        .returns("VpnUsers with it are not served: spec.hours.timeZone: 'Mars' is no time zone",
                                Condition::message));
    }

    @Test
    void networksThatAServerDoesNotGiveAreNamed() {
        VpnProfileStatus status = status(profile(), List.of(), new TreeMap<>(Map.of(OFFICE, 1)),
                new TreeMap<>(Map.of(OFFICE, List.of("10.9.0.0/16"))));

        assertThat(ready(status)).returns(Condition.Status.False, Condition::status)
                .returns("OutsideServersDestinations", Condition::reason);
        assertThat(ready(status).message()).contains("10.9.0.0/16", "PptpServer office");
        assertThat(Conditions.find(status.conditions(), "Accepted")).map(Condition::status)
                .as("users have it")
                .contains(Condition.Status.True);
    }

    @Test
    void whileFinalizersHoldItNobodyGetsIt() {
        VpnProfile leaving = profile();
        leaving.getMetadata().setDeletionTimestamp("2026-06-01T12:00:00Z");
        leaving.getMetadata().setFinalizers(List.of("example.com/hold"));

        assertThat(ready(status(leaving, List.of(), new TreeMap<>(), new TreeMap<>()))).returns("BeingDeleted",
                Condition::reason);
    }

    @Test
    void equalFactsGiveEqualStatuses() {
        VpnProfile profile = profile();
        VpnProfileStatus status = status(profile, List.of(), new TreeMap<>(), new TreeMap<>());
        profile.setStatus(status);

        assertThat(VpnProfileStatuses.of(new ProfileFacts(profile, List.of(), new TreeMap<>(), new TreeMap<>()),
                NOON.plusSeconds(60))).isEqualTo(status);
    }

    private static VpnProfile profile() {
        return Manifests.profile("bronze", "");
    }

    private static VpnProfileStatus status(VpnProfile profile, List<String> problems,
            NavigableMap<ObjectKey, Integer> users, NavigableMap<ObjectKey, List<String>> outside) {
        return VpnProfileStatuses.of(new ProfileFacts(profile, problems, users, outside), NOON);
    }

    private static Condition ready(VpnProfileStatus status) {
        return Conditions.find(status.conditions(), VpnProfileStatuses.READY).orElseThrow();
    }
}
