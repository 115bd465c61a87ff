package io.pptpoperator.kubectl.doctor;

import static io.pptpoperator.kubectl.Resources.profile;
import static io.pptpoperator.kubectl.Resources.server;
import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.kubectl.doctor.Finding.Level;
import io.pptpoperator.kubectl.doctor.UserExam.SecretState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfileDiagnosisTest {

    /** A Monday. */
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @Test
    void whatTheProfileLimitsIsSaid() {
        VpnProfile bronze = profile("""
                allowedDestinations: [10.1.0.0/16], isolateClients: true, rateLimit: {download: 10M},
                hours: {windows: [Mon-Fri 08:00-18:00]},
                sessionPolicy: {perUser: 2, idleTimeout: 30m, maxDuration: 8h}""", "");

        assertThat(findings("profile: bronze", "", bronze)).singleElement()
                .isEqualTo(Finding.ok("VpnUser alice", "profile bronze at PptpServer office: may reach 10.1.0.0/16, as"
                        + " far as the server's allowedDestinations; no other clients; any rate up, 10M down; logged in"
                        + " Mon-Fri 08:00-18:00 (UTC); 2 sessions at once; ends after 30m of silence; ends after 8h"));
    }

    @Test
    void theServersUsualOneIsSaidOfWhoNamesNone() {
        VpnProfile bronze = profile("", "");

        assertThat(findings("", "users: {defaultProfile: bronze}", bronze)).singleElement()
                .isEqualTo(Finding.ok("VpnUser alice", "profile bronze at PptpServer office limits nothing"));
        assertThat(findings("", "", bronze)).isEmpty();
        assertThat(findings("profile: gold", "", bronze)).as("the user's condition says that").isEmpty();
    }

    @Test
    void outsideItsHoursThatIsWhyNobodyGetsIn() {
        VpnProfile bronze = profile("hours: {timeZone: America/New_York, windows: [Mon-Fri 09:00-17:00]}", "");

        assertThat(findings("profile: bronze", "", bronze)).as("it is 8 there").singleElement().satisfies(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.found()).contains("at this hour: Mon-Fri 09:00-17:00 (America/New_York)");
        });
    }

    @Test
    void whatIsWrongWithTheProfileIsSaidWithItsRemedy() {
        VpnProfile bronze = profile("allowedDestinations: [192.168.0.0/16]", """
                observedGeneration: 3, conditions: [{type: Ready, status: "False", reason: OutsideServersDestinations,
                    message: somewhere else, lastTransitionTime: "2026-06-01T00:00:00Z"}]""");

        assertThat(findings("profile: bronze", "", bronze)).singleElement().satisfies(it -> {
            assertThat(it.level()).isEqualTo(Level.WARNING);
            assertThat(it.found()).endsWith("OutsideServersDestinations: somewhere else");
            assertThat(it.remedies()).isNotEmpty();
        });
    }

    @Test
    void aProfilesOwnLimitOfSessionsIsTheOneThatIsReached() {
        VpnProfile pair = profile("sessionPolicy: {perUser: 2}", "");
        var exam = new UserExam("alice", Optional.of(user("profile: bronze", "sessions: 1")), SecretState.THERE,
                List.of(server("sessionPolicy: {perUser: 1, whenExceeded: Deny}", "")), List.of(pair), false,
                Optional.empty(), NOON);

        assertThat(UserDiagnosis.of(exam)).noneMatch(it -> it.found().contains("refuses more"));
    }

    private static List<Finding> findings(String user, String server, VpnProfile... profiles) {
        var alice = user(user, "");
        return ProfileDiagnosis.of(new UserExam("alice", Optional.of(alice), SecretState.THERE,
                List.of(server(server, "")), List.of(profiles), false, Optional.empty(), NOON), alice);
    }
}
