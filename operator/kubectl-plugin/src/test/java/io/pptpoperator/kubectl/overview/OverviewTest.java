package io.pptpoperator.kubectl.overview;

import static io.pptpoperator.kubectl.Resources.server;
import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverviewTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static String ready(int observed, String reason) {
        return "observedGeneration: " + observed + ", conditions: [{type: Ready, status: 'True', reason: " + reason
                + ", message: m, lastTransitionTime: '2026-06-01T11:00:00Z'}]";
    }

    @Test
    void aServerThatNobodyLookedAtSinceItsChangeIsUnknown() {
        String more = ", address: 203.0.113.1, replicas: 2, readyReplicas: 1, sessions: 3, users: 4";

        assertThat(Overview.ofServers(List.of(server("", ready(3, "Serving") + more)))).isEqualTo("""
                SERVER   READY   REASON    ADDRESS       PODS   SESSIONS   USERS
                office   True    Serving   203.0.113.1   1/2    3          4
                """);
        assertThat(Overview.ofServers(List.of(server("", ready(2, "Serving") + more)))).isEqualTo("""
                SERVER   READY     REASON        ADDRESS       PODS   SESSIONS   USERS
                office   Unknown   NotLookedAt   203.0.113.1   1/2    3          4
                """);
        assertThat(Overview.ofServers(List.of(server("", "")))).contains("office   Unknown   NotLookedAt");
    }

    @Test
    void aUsersLastFailureAges() {
        String more = ", state: Disconnected, lastLogin: '2026-06-01T10:00:00Z', lastFailure: {time:"
                + " '2026-06-01T11:58:20Z', reason: bad-credentials}";

        assertThat(Overview.ofUsers(List.of(user("", ready(3, "Accepted") + more)), NOW)).isEqualTo("""
                USER    READY   STATE          ADDRESS   FROM     SINCE    LAST LOGIN   LAST FAILURE
                alice   True    Disconnected   <none>    <none>   <none>   120m ago     100s ago: bad-credentials
                """);
        assertThat(Overview.ofUsers(List.of(user("", ready(2, "Accepted") + more)), NOW))
                .contains("alice   Unknown   NotLookedAt");
    }
}
