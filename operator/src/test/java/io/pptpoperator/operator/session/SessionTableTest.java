package io.pptpoperator.operator.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.SessionPolicy.WhenExceeded;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SessionViews;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTableTest {

    private static final ObjectKey OFFICE = new ObjectKey("vpn", "office");

    private final SessionTable table = new SessionTable();

    @Test
    void onlyUsersWithAChangeAreNamed() {
        assertThat(table.update(OFFICE, "pod-0", report(session("1", "alice", 1), session("2", "bob", 2))))
                .containsExactlyInAnyOrder("alice", "bob");
        assertThat(table.update(OFFICE, "pod-0", report(session("1", "alice", 1), session("2", "bob", 2)))).isEmpty();
        assertThat(table.update(OFFICE, "pod-0", report(session("1", "alice", 1)))).containsExactly("bob");
        assertThat(table.forget(OFFICE, "pod-0")).containsExactly("alice");
        assertThat(table.servers()).isEmpty();
    }

    @Test
    void sessionsOfAllPodsCountTogether() {
        table.update(OFFICE, "pod-0", report(session("2", "alice", 2)));
        table.update(OFFICE, "pod-1", report(session("1", "alice", 1), session("3", "bob", 3)));

        assertThat(table.count(OFFICE)).isEqualTo(3);
        assertThat(table.sessions(OFFICE, "alice")).extracting(UserSession::pod)
                .as("oldest first")
                .containsExactly("pod-1", "pod-0");
        assertThat(table.sessions(OFFICE, "nobody")).isEmpty();
        assertThat(table.addresses(OFFICE)).hasSize(3);
    }

    @Test
    void theNewestPartsOfLoginHistoriesCount() {
        table.update(OFFICE, "pod-0",
                new PodReport("u0", "m0", List.of(),
                        List.of(new LoginView("alice", time(5), time(1), "disabled", null, null)), Optional.empty(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0));
        table.update(OFFICE, "pod-1",
                new PodReport("u1", "m1", List.of(),
                        List.of(new LoginView("alice", null, time(3), "bad-credentials", null, null)), Optional.empty(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0));

        assertThat(table.logins(OFFICE, "alice"))
                .contains(new LoginView("alice", time(5), time(3), "bad-credentials", null, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            perUser: 1                       | ''  | 1,2
            perUser: 2                       | ''  | 1
            perUser: 3                       | ''  | ''
            perUser: 0                       | ''  | ''
            perUser: 1                       | 2   | 1
            perUser: 1                       | 0   | ''
            perUser: 1, whenExceeded: Deny   | ''  | 2,3
            perUser: 2, whenExceeded: Deny   | ''  | 3
            """)
    void aUsersSessionsOverAllPodsKeepTheLimit(String policy, String own, String ended) {
        table.update(OFFICE, "pod-0", report(session("1", "alice", 1), session("3", "alice", 3)));
        table.update(OFFICE, "pod-1", report(session("2", "alice", 2)));
        var server = Manifests.server("office",
                "localIP: 10.8.0.1, pools: [10.8.0.2-254], sessionPolicy: {" + policy + "}");

        List<UserSession> surplus = SessionLimits.surplus(server, table.sessions(OFFICE, "alice"),
                own.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(own)));

        assertThat(String.join(",", surplus.stream().map(it -> it.session().id()).toList())).isEqualTo(ended);
    }

    @ParameterizedTest
    @CsvSource({"Replace, 1", "Deny, 2"})
    void onlySessionsThatWereThereTogetherAreTooMany(WhenExceeded policy, String ended) {
        table.update(OFFICE, "pod-0", report(session("1", "alice", 1)));
        table.update(OFFICE, "pod-1", report(session("2", "alice", 2)));
        List<UserSession> told = table.sessions(OFFICE, "alice");
        var server = Manifests.server("office",
                "localIP: 10.8.0.1, pools: [10.8.0.2-254], sessionPolicy: {whenExceeded: " + policy + "}");

        assertThat(SessionLimits.surplus(server, told, Set.of(told.getLast()), OptionalInt.empty()))
                .as("the user has gone from one pod to the other")
                .isEmpty();
        assertThat(SessionLimits.surplus(server, told, Set.copyOf(told), OptionalInt.empty()))
                .extracting(it -> it.session().id())
                .containsExactly(ended);
    }

    @Test
    void whatHappensAtOnePodIsThatPodsOwnMatter() {
        table.update(OFFICE, "pod-0", report(session("1", "alice", 1), session("2", "alice", 2)));
        var server = Manifests.server("office", "localIP: 10.8.0.1, pools: [10.8.0.2-254]");

        assertThat(SessionLimits.surplus(server, table.sessions(OFFICE, "alice"), OptionalInt.empty())).isEmpty();
    }

    private static PodReport report(SessionView... sessions) {
        return new PodReport("uid", "member", List.of(sessions), List.of(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0);
    }

    private static SessionView session(String id, String username, int second) {
        return SessionViews.of(id, username, "10.8.0." + id, "203.0.113.9", time(second));
    }

    private static Instant time(int second) {
        return Instant.parse("2026-06-01T12:00:00Z").plusSeconds(second);

    }
}
