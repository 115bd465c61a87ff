package io.pptpoperator.operator.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.SessionViews;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SessionLimitsTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final UserSession first = session("alice", "pod-0", "10.8.0.50", 0);
    private final UserSession second = session("alice", "pod-1", "10.8.0.50", 60);

    @Test
    void aUserHasItsOwnAddressAtOnePodOnlyHoweverManySessionsItMayHave() {
        assertThat(SessionLimits.surplus(server("{perUser: 0}"), List.of(first, second), OptionalInt.empty()))
                .isEmpty();
        assertThat(SessionLimits.duplicates(server("{perUser: 0}"), List.of(second, first))).containsExactly(first);
        assertThat(SessionLimits.duplicates(server("{perUser: 0, whenExceeded: Deny}"), List.of(second, first)))
                .containsExactly(second);
    }

    @Test
    void ofTwoUsersWithOneAddressTheNewerOneHasToDialAgain() {
        UserSession other = session("bob", "pod-1", "10.8.0.50", 60);

        assertThat(SessionLimits.duplicates(server("{perUser: 1}"), List.of(other, first))).containsExactly(other);
    }

    @Test
    void differentAddressesAndOnePodAlone() {
        UserSession samePod = session("alice", "pod-0", "10.8.0.50", 30);
        UserSession otherAddress = session("alice", "pod-1", "10.8.0.51", 60);

        assertThat(SessionLimits.duplicates(server("{perUser: 0}"), List.of(first, samePod))).as("one pod knows better")
                .isEmpty();
        assertThat(SessionLimits.duplicates(server("{perUser: 0}"), List.of(first, otherAddress))).isEmpty();
    }

    private static PptpServer server(String policy) {
        return Manifests.server("office", "localIP: 10.8.0.1, pools: [10.8.0.2-101], sessionPolicy: " + policy);
    }

    private static UserSession session(String user, String pod, String address, int seconds) {
        return new UserSession(new ObjectKey("vpn", "office"), pod,
                SessionViews.of(user + seconds, user, address, "198.51.100.1", NOON.plusSeconds(seconds)));

    }
}
