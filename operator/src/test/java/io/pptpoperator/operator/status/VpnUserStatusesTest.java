package io.pptpoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.Condition;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SessionViews;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.session.UserSession;
import io.pptpoperator.operator.status.UserFacts.NotServing;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VpnUserStatusesTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");
    private static final ObjectKey OFFICE = new ObjectKey("vpn", "office");
    private static final ObjectKey BRANCH = new ObjectKey("vpn", "branch");
    private static final UserVerdict ACCEPTED = new UserVerdict.Accepted(
            UserConfig.withDefaults("alice", new Credentials.Password("secret")));
    private static final UserVerdict REJECTED = new UserVerdict.Rejected(UserVerdict.Reason.DuplicateUsername,
            "username alice is taken by the older VpnUser vpn/bob");

    @Test
    void aUserThatCanLogInIsReady() {
        VpnUserStatus status = status("password: {secretKeyRef: {name: a, key: b}}", Map.of(OFFICE, ACCEPTED));

        assertThat(status.state()).isEqualTo(State.Disconnected);
        assertReady(status, Condition.Status.True, "Accepted", "can log in at vpn/office");
        assertThat(status.servers()).containsExactly("vpn/office");
        assertThat(status.passwordSecret()).isNull();
    }

    @Test
    void aGeneratedPasswordsSecretIsNamed() {
        assertThat(status("", Map.of(OFFICE, ACCEPTED)).passwordSecret()).isEqualTo("alice-vpn");
    }

    @Test
    void theNewestSessionIsShown() {
        VpnUserStatus status = VpnUserStatuses
                .of(new UserFacts(Manifests.user("alice", ""), Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(),
                        List.of(session("1", "2026-06-01T11:00:00Z"), session("2", "2026-06-01T11:30:00.5Z")),
                        Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);

        assertThat(status.state()).isEqualTo(State.Connected);
        assertThat(status.sessions()).isEqualTo(2);
        assertThat(status.session()).isEqualTo(new VpnUserStatus.Session("vpn/office", "office-pptp-0", "10.8.0.2",
                "203.0.113.9", Instant.parse("2026-06-01T11:30:00Z"), List.of("route 203.0.113.0/24 is left out")));
        assertThat(status.lastLogin()).isEqualTo("2026-06-01T11:30:00Z");
    }

    /** An operator that has just started knows of no session before it has asked. */
    @Test
    void aSessionIsBelievedUntilItsPodHasBeenAsked() {
        VpnUser user = Manifests.user("alice", "");
        user.setStatus(VpnUserStatuses.of(withSessions(user, Optional.empty(), session("1", "2026-06-01T11:00:00Z"),
                session("2", "2026-06-01T11:30:00Z")), NOW));
        Optional<VpnUserStatus.Session> remembered = Optional.of(user.getStatus().session());

        assertThat(VpnUserStatuses.of(withSessions(user, remembered), NOW.plusSeconds(60))).isEqualTo(user.getStatus());
        assertThat(VpnUserStatuses.of(withSessions(user, remembered, session("1", "2026-06-01T11:00:00Z")),
                NOW.plusSeconds(60))).as("one of two pods has answered").isEqualTo(user.getStatus());
        assertThat(VpnUserStatuses
                .of(withSessions(user, remembered, session("3", "2026-06-01T11:45:00Z")), NOW.plusSeconds(60))
                .session()
                .since()).as("newer").isEqualTo("2026-06-01T11:45:00Z");
        assertThat(VpnUserStatuses.of(withSessions(user, Optional.empty()), NOW.plusSeconds(60)))
                .extracting(VpnUserStatus::state, VpnUserStatus::sessions, VpnUserStatus::session)
                .containsExactly(State.Disconnected, 0, null);
    }

    private static UserFacts withSessions(VpnUser user, Optional<VpnUserStatus.Session> remembered,
            UserSession... sessions) {
        return new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(), List.of(sessions), remembered,
                Optional.empty(), Optional.empty(), Map.of());
    }

    @Test
    void aUsersTimeIsOverToTheMillisecond() {
        VpnUserStatus status = status("validUntil: '2026-06-01T12:00:00.120Z'", Map.of(OFFICE, ACCEPTED));

        assertThat(status.state()).isEqualTo(State.Expired);
    }

    @Test
    void aUserThatIsSwitchedOffIsDisabledWhateverElseIsWrong() {
        VpnUserStatus status = status("enabled: false", Map.of(OFFICE, REJECTED));

        assertThat(status.state()).isEqualTo(State.Disabled);
        assertReady(status, Condition.Status.False, "Disabled", "spec.enabled is false");
    }

    @Test
    void aUserIsExpiredFromTheSecondOn() {
        VpnUserStatus before = status("validUntil: '2026-06-01T12:00:01Z'", Map.of(OFFICE, ACCEPTED));
        VpnUserStatus after = status("validUntil: '2026-06-01T12:00:00Z'", Map.of(OFFICE, ACCEPTED));

        assertThat(before.state()).isEqualTo(State.Disconnected);
        assertThat(after.state()).isEqualTo(State.Expired);
        assertReady(after, Condition.Status.False, "Expired", "spec.validUntil 2026-06-01T12:00:00Z has passed");
    }

    @Test
    void aUserThatOneServerLeavesOutCanStillUseTheOther() {
        VpnUserStatus status = status("", Map.of(OFFICE, REJECTED, BRANCH, ACCEPTED));

        assertReady(status, Condition.Status.True, "Accepted", "can log in at vpn/branch");
        assertThat(Conditions.find(status.conditions(), "Accepted")).hasValueSatisfying(condition -> {
            assertThat(condition.status()).isEqualTo(Condition.Status.False);
            assertThat(condition.reason()).isEqualTo("DuplicateUsername");
            assertThat(condition.message()).startsWith("vpn/office: username alice is taken by");
        });
    }

    @Test
    void aUserThatNobodySelectsIsInvalidWithTheReason() {
        assertReady(status("", Map.of()), Condition.Status.False, "NoServer", "no PptpServer selects this VpnUser");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        VpnUserStatus status = VpnUserStatuses.of(new UserFacts(Manifests.user("alice", "servers: [{name: branch}]"),
                Map.of(), Map.of(BRANCH, UserFacts.NotServing.ServerNotFound), Map.of(), List.of(), Optional.empty(),
                Optional.empty(), Optional.empty(), Map.of()), NOW);

        assertThat(status.state()).isEqualTo(State.Invalid);
        assertReady(status, Condition.Status.False, "ServerNotFound", "vpn/branch: there is no such PptpServer");
    }

    @Test
    void aUserWhomAServerWasNotToldOfCannotLogInThere() {
        VpnUserStatus status = notApplied("", Map.of(), List.of());

        assertThat(status.state()).isEqualTo(State.Invalid);
        assertThat(ready(status).reason()).isEqualTo("NotApplied");
        assertThat(ready(status).message()).startsWith("vpn/office: its configuration cannot be written");
        assertReady(notApplied("", Map.of(BRANCH, ACCEPTED), List.of()), Condition.Status.True, "Accepted",
                "can log in at vpn/branch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled: false", "validUntil: '2026-06-01T12:00:00Z'"})
    void aUserWhoseTimeIsOverButNotEverywhereIsNotSaidToBeOut(String over) {
        VpnUserStatus gone = notApplied(over, Map.of(BRANCH, ACCEPTED), List.of());
        VpnUserStatus connected = notApplied(over, Map.of(BRANCH, ACCEPTED),
                List.of(session("a", "2026-06-01T10:00:00Z")));

        assertThat(gone.state()).isEqualTo(State.Disconnected);
        assertThat(connected.state()).isEqualTo(State.Connected);
        assertThat(ready(connected).status()).isEqualTo(Condition.Status.False);
        assertThat(ready(connected).reason()).isEqualTo("NotApplied");
    }

    private static VpnUserStatus notApplied(String spec, Map<ObjectKey, UserVerdict> elsewhere,
            List<UserSession> sessions) {
        return VpnUserStatuses.of(
                new UserFacts(Manifests.user("alice", spec), elsewhere, Map.of(OFFICE, UserFacts.NotServing.NotApplied),
                        Map.of(), sessions, Optional.empty(), Optional.empty(), Optional.empty(), Map.of()),
                NOW);
    }

    @Test
    void aPodsForgettingLosesNoHistory() {
        VpnUser user = Manifests.user("alice", "");
        var login = new LoginView("alice", Instant.parse("2026-06-01T10:00:00Z"), Instant.parse("2026-06-01T09:00:00Z"),
                "bad-credentials", null, null);
        user.setStatus(VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.of(login), Optional.empty(), Map.of()), NOW));

        VpnUserStatus later = VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(),
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW.plusSeconds(60));

        assertThat(later).isEqualTo(user.getStatus());
        assertThat(later.lastLogin()).isEqualTo("2026-06-01T10:00:00Z");
        assertThat(later.lastFailure())
                .isEqualTo(new VpnUserStatus.LoginFailure(Instant.parse("2026-06-01T09:00:00Z"), "bad-credentials"));
    }

    @Test
    void aConditionKeepsItsTimeWhileItsStatusStays() {
        VpnUser user = Manifests.user("alice", "");
        user.setStatus(VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, REJECTED), Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW));

        VpnUserStatus same = VpnUserStatuses.of(new UserFacts(user, Map.of(), Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW.plusSeconds(60));
        VpnUserStatus other = VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(),
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW.plusSeconds(60));

        assertThat(ready(same).lastTransitionTime()).isEqualTo("2026-06-01T12:00:00Z");
        assertThat(ready(other).lastTransitionTime()).isEqualTo("2026-06-01T12:01:00Z");
    }

    @Test
    void aForeignServerThatSelectsTheUserIsNoTroubleOfAUserWhoIsServed() {
        Map<ObjectKey, String> foreign = Map.of(BRANCH, "it is in another namespace");
        VpnUser user = Manifests.user("alice", "");

        VpnUserStatus served = VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), foreign,
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);
        VpnUserStatus alone = VpnUserStatuses.of(new UserFacts(user, Map.of(), Map.of(), foreign, List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);

        assertThat(Conditions.find(served.conditions(), "Accepted").orElseThrow().status())
                .isEqualTo(Condition.Status.True);
        assertReady(alone, Condition.Status.False, "NoConsent", "vpn/branch: it is in another namespace");
    }

    /** An operator of an earlier release wrote the other's there. */
    @Test
    void aTakenNamesFactsDoNotStay() {
        VpnUser user = Manifests.user("alice", "");
        var login = new LoginView("alice", Instant.parse("2026-06-01T10:00:00Z"), Instant.parse("2026-06-01T09:00:00Z"),
                "bad-credentials", null, null);
        user.setStatus(VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(),
                List.of(session("1", "2026-06-01T11:00:00Z")), Optional.empty(), Optional.of(login), Optional.empty(),
                Map.of()), NOW));

        VpnUserStatus rejected = VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, REJECTED), Map.of(), Map.of(),
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);

        assertThat(rejected)
                .extracting(VpnUserStatus::session, VpnUserStatus::sessions, VpnUserStatus::lastLogin,
                        VpnUserStatus::lastFailure)
                .containsExactly(null, 0, null, null);
    }

    @Test
    void aUserThatCannotBeReadIsInvalidWhereverItIsMeantFor() {
        VpnUserStatus status = status("validUntil: '2030-01-01T00:00:00+19:00', enabled: true", Map.of());

        assertThat(status.state()).isEqualTo(State.Invalid);
        assertReady(status, Condition.Status.False, "InvalidSpec",
                "spec.validUntil: '2030-01-01T00:00:00+19:00' is not a time such as 2030-01-01T00:00:00Z");
    }

    @Test
    void whereItMayStillBeInForceIsSaidBesideWhatIsWrong() {
        VpnUserStatus status = VpnUserStatuses.of(new UserFacts(Manifests.user("alice", "validUntil: never"), Map.of(),
                Map.of(OFFICE, NotServing.NotApplied), Map.of(), List.of(), Optional.empty(), Optional.empty(),
                Optional.empty(), Map.of()), NOW);

        assertReady(status, Condition.Status.False, "InvalidSpec",
                "spec.validUntil: 'never' is not a time such as 2030-01-01T00:00:00Z; " + OFFICE + ": "
                        + NotServing.NotApplied.sentence());
    }

    @Test
    void aUserThatFinalizersHoldIsSaidToBeGone() {
        VpnUser user = Manifests.user("alice", "");
        user.getMetadata().setDeletionTimestamp("2026-06-01T11:00:00Z");
        user.getMetadata().setFinalizers(List.of("backup.example.com/keep"));

        VpnUserStatus status = VpnUserStatuses.of(new UserFacts(user, Map.of(), Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);

        assertThat(status.state()).isEqualTo(State.Disabled);
        assertReady(status, Condition.Status.False, "BeingDeleted", "is being deleted, and held only by "
                + "finalizers [backup.example.com/keep]: nobody logs in as it any more");
        assertReady(
                VpnUserStatuses.of(new UserFacts(user, Map.of(), Map.of(OFFICE, NotServing.NotApplied), Map.of(),
                        List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW),
                Condition.Status.False, "NotApplied", OFFICE + ": " + NotServing.NotApplied.sentence());
    }

    private static VpnUserStatus status(String spec, Map<ObjectKey, UserVerdict> verdicts) {
        return VpnUserStatuses.of(new UserFacts(Manifests.user("alice", spec), verdicts, Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);
    }

    private static UserSession session(String id, String since) {
        return new UserSession(OFFICE, "office-pptp-0", SessionViews.of(id, "alice", "10.8.0.2", "203.0.113.9",
                Instant.parse(since), "route 203.0.113.0/24 is left out"));
    }

    private static Condition ready(VpnUserStatus status) {
        return Conditions.find(status.conditions(), "Ready").orElseThrow();
    }

    private static void assertReady(VpnUserStatus status, Condition.Status given, String reason, String message) {
        Condition ready = ready(status);
        assertThat(ready.status()).isEqualTo(given);
        assertThat(ready.reason()).isEqualTo(reason);
        assertThat(ready.message()).isEqualTo(message);
        assertThat(ready.observedGeneration()).isEqualTo(1);
    }

    @Test
    void aGeneratedPasswordsAgeIsToldAndStaysWhileItsSecretIsAway() {
        VpnUser user = Manifests.user("alice", "");
        Instant made = Instant.parse("2026-05-01T08:00:00Z");
        user.setStatus(VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(), List.of(),
                Optional.empty(), Optional.empty(), Optional.of(made), Map.of()), NOW));
        assertThat(user.getStatus().passwordGenerated()).isEqualTo(made);
        assertThat(GeneratedPassword.wasThere(user)).isTrue();

        VpnUserStatus away = VpnUserStatuses.of(new UserFacts(user, Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(),
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()), NOW);
        assertThat(away.passwordGenerated()).isEqualTo(made);
        assertThat(GeneratedPassword.wasThere(Manifests.user("bob", ""))).isFalse();
    }

    @Test
    void whereAnImageIsTooOldForWhatLimitsAUserIsSaid() {
        VpnUserStatus status = VpnUserStatuses.of(
                new UserFacts(Manifests.user("alice", ""), Map.of(OFFICE, ACCEPTED), Map.of(), Map.of(), List.of(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Map.of(OFFICE, List.of("office-pptp-1"))),
                NOW);

        Condition accepted = Conditions.find(status.conditions(), "Accepted").orElseThrow();
        assertThat(accepted.status()).isEqualTo(Condition.Status.False);
        assertThat(accepted.reason()).isEqualTo("ImageTooOld");
        assertThat(accepted.message()).contains("vpn/office: cannot log in at office-pptp-1");
        assertThat(ready(status).status()).as("other pods take it").isEqualTo(Condition.Status.True);
    }
}
