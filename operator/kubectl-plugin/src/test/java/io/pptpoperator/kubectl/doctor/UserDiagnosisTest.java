package io.pptpoperator.kubectl.doctor;

import static io.pptpoperator.kubectl.Resources.server;
import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.doctor.Finding.Level;
import io.pptpoperator.kubectl.doctor.UserExam.SecretState;
import io.pptpoperator.kubectl.logs.LogLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserDiagnosisTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static String ready(String status, String reason, String message) {
        return "observedGeneration: 3, conditions: [{type: Ready, status: '" + status + "', reason: " + reason
                + ", message: '" + message + "', lastTransitionTime: '2026-06-01T11:00:00Z'}]";
    }

    private static final String ACCEPTED = ready("True", "Accepted", "can log in at vpn/office");

    private static List<Finding> findings(VpnUser user, SecretState secret, String serverSpec) {
        return UserDiagnosis.of(new UserExam("alice", Optional.of(user), secret, List.of(server(serverSpec, "")),
                List.of(), false, Optional.empty(), NOW));
    }

    private static List<Finding> findings(String spec, String status) {
        return findings(user(spec, status), SecretState.THERE, "");
    }

    @Test
    void aUserWhoCanLogInHasNothing() {
        assertThat(findings("", ACCEPTED)).containsExactly(
                Finding.ok("VpnUser alice", "its password is in Secret alice-vpn"),
                Finding.ok("VpnUser alice", "can log in at vpn/office"));
    }

    @Test
    void aUserWhoIsNotThereIsAProblem() {
        assertThat(UserDiagnosis.of(new UserExam("alice", Optional.empty(), SecretState.MISSING, List.of(), List.of(),
                false, Optional.empty(), NOW))).singleElement().satisfies(it -> {
                    assertThat(it.level()).isEqualTo(Level.PROBLEM);
                    assertThat(it.remedies()).contains("kubectl pptp add-user alice");
                });
    }

    @ParameterizedTest
    @CsvSource({"Disabled,set enabled: true in the VpnUser", "Expired,move validUntil of the VpnUser into the future",
            "SecretNotFound,'create the Secret in the VpnUser''s own namespace, with the label "
                    + "pptp-operator.io/password=true'"})
    void aUserWhoCannotLogInIsToldWhyAndWhatToDo(String reason, String remedy) {
        assertThat(findings("", ready("False", reason, "so it is"))).anySatisfy(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.found()).isEqualTo(reason + ": so it is");
            assertThat(it.remedies()).contains(remedy);
        });
    }

    @ParameterizedTest
    @CsvSource({"MISSING,PROBLEM,there is no Secret alice-vpn with its password",
            "WITHOUT_MARK,PROBLEM,Secret alice-vpn is not marked as one for VpnUsers",
            "WITHOUT_KEY,PROBLEM,Secret alice-vpn has no key password",
            "FORBIDDEN,UNKNOWN,you may not look at Secret alice-vpn"})
    void theSecretIsLookedAt(SecretState state, Level level, String found) {
        assertThat(findings(user("", ACCEPTED), state, "")).first().satisfies(it -> {
            assertThat(it.level()).isEqualTo(level);
            assertThat(it.found()).isEqualTo(found);
        });
    }

    @Test
    void sessionsInTheWayAreCounted() {
        VpnUser connected = user("",
                ACCEPTED + ", sessions: 1, session: {server: vpn/office, pod: p, address: 10.8.0.2,"
                        + " from: 203.0.113.9, since: '2026-06-01T11:00:00Z'}");

        assertThat(findings(connected, SecretState.THERE, "sessionPolicy: {whenExceeded: Deny}")).anySatisfy(it -> {
            assertThat(it.level()).isEqualTo(Level.PROBLEM);
            assertThat(it.found()).isEqualTo("it has 1 of 1 sessions, and PptpServer office refuses more");
        });
        assertThat(findings(connected, SecretState.THERE, "")).noneMatch(it -> it.level() == Level.PROBLEM)
                .contains(Finding.ok("VpnUser alice", "connected from 203.0.113.9 since 60m"));
    }

    @Test
    void aRecentFailureIsExplainedUnlessALoginFollowed() {
        String failure = ", lastFailure: {time: '2026-06-01T11:58:00Z', reason: bad-credentials}";

        assertThat(findings("", ACCEPTED + failure)).anySatisfy(it -> {
            assertThat(it.found()).isEqualTo("its last login was refused 2m ago: bad-credentials");
            assertThat(it.remedies().getFirst()).startsWith("Windows shows error 691");
        });
        assertThat(findings("", ACCEPTED + failure.replace("bad-credentials", "encryption-refused")))
                .as("the client's own option has its name")
                .anySatisfy(
                        it -> assertThat(it.remedies()).anyMatch(remedy -> remedy.contains("require-mppe-128=yes")));
        assertThat(findings("", ACCEPTED + failure + ", lastLogin: '2026-06-01T11:59:00Z'"))
                .noneMatch(it -> it.found().contains("refused"));
        assertThat(findings("", ACCEPTED + failure.replace("06-01", "05-01")))
                .noneMatch(it -> it.found().contains("refused"));
    }

    @Test
    void allowedSourcesAreNamed() {
        assertThat(findings("allowedSources: [198.51.100.0/24]", ACCEPTED))
                .anySatisfy(it -> assertThat(it.found()).isEqualTo("it may connect from 198.51.100.0/24 only"));
    }

    @Test
    void aChangeThatNobodyLookedAtIsNotInForce() {
        String stale = ACCEPTED.replace("observedGeneration: 3", "observedGeneration: 2");

        assertThat(findings(user("enabled: false", stale), SecretState.THERE, "")).extracting(Finding::level)
                .containsExactly(Level.OK, Level.WARNING, Level.UNKNOWN);
        assertThat(UserDiagnosis.of(new UserExam("alice", Optional.of(user("enabled: false", stale)), SecretState.THERE,
                List.of(server("", "")), List.of(), true, Optional.empty(), NOW)))
                .contains(Finding.unknown("VpnUser alice", "before its last change: can log in at vpn/office"));
    }

    @Test
    void aSecretThatIsMissingIsOneFinding() {
        String status = ready("False", "SecretNotFound", "vpn/office: there is no Secret alice-vpn");

        assertThat(findings(user("", status), SecretState.MISSING, "")).singleElement().satisfies(it -> {
            assertThat(it.found()).isEqualTo("SecretNotFound: vpn/office: there is no Secret alice-vpn");
            assertThat(it.remedies()).first().asString().startsWith("kubectl pptp password alice --rotate");
        });
    }

    @Test
    void whatItsServerKeepsFromBeingAppliedIsTheServersFinding() {
        String status = ready("False", "NotApplied", "vpn/office: its configuration cannot be written");
        String reconciled = "conditions: [{type: Reconciled, status: 'False', reason: InvalidSpec, message: m,"
                + " lastTransitionTime: '2026-06-01T11:00:00Z'}]";

        assertThat(UserDiagnosis.of(new UserExam("alice", Optional.of(user("", status)), SecretState.THERE,
                List.of(server("", reconciled)), List.of(), false, Optional.empty(), NOW)))
                .noneMatch(it -> it.level() == Level.PROBLEM);
        assertThat(findings("", status)).anyMatch(it -> it.level() == Level.PROBLEM);
    }

    @Test
    void ofAUserThatOnlyRadiusKnowsTheLogIsAsked() {
        List<PptpServer> servers = List.of(server("users: {source: ResourcesThenRadius}, radius: {servers: [{host: r,"
                + " secret: {secretKeyRef: {name: r, key: s}}}]}", ""));
        Optional<LogLine> refused = LogLine
                .parse("2026-06-01T12:00:00.000Z INFO  io.pptpoperator.sessions: Login failed"
                        + " user=carol reason=radius-rejected");
        List<Finding> findings = UserDiagnosis.of(
                new UserExam("carol", Optional.empty(), SecretState.MISSING, servers, List.of(), false, refused, NOW));
        assertThat(findings.getFirst().found())
                .isEqualTo("no VpnUser has this name: the RADIUS servers of PptpServer office decide");
        assertThat(findings.get(1).level()).isEqualTo(Finding.Level.PROBLEM);
        assertThat(findings.get(1).found()).contains("Login failed (radius-rejected)");
        assertThat(String.join(" ", findings.get(1).remedies())).contains("with_ntdomain_hack");

        assertThat(UserDiagnosis.of(new UserExam("carol", Optional.empty(), SecretState.MISSING, servers, List.of(),
                false, Optional.empty(), NOW)).get(1).level()).isEqualTo(Finding.Level.UNKNOWN);
        assertThat(UserDiagnosis
                .of(new UserExam("carol", Optional.empty(), SecretState.MISSING, List.of(server("", "")), List.of(),
                        false, Optional.empty(), NOW))
                .getFirst()
                .found()).as("where VpnUsers alone decide").isEqualTo("there is none in this namespace");
    }
}
