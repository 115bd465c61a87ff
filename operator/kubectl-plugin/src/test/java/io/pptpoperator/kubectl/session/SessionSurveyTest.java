package io.pptpoperator.kubectl.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionSurveyTest {

    private static SessionRow row(String user, String pod, Long uploaded) {
        return new SessionRow("vpn", user, "office", pod, "10.8.0.2", "203.0.113.9",
                Instant.parse("2026-06-01T12:00:00Z"), null, uploaded, uploaded, null, null, null, null, null);
    }

    @Test
    void whatAPodAnsweredIsTrueAndTheStatusFillsTheGaps() {
        SessionRow live = row("alice", "office-pptp-0", 7L);
        Map<ObjectKey, List<SessionRow>> answers = Map.of(new ObjectKey("vpn", "office-pptp-0"), List.of(live),
                new ObjectKey("vpn", "office-pptp-2"), List.of());

        assertThat(SessionSurvey.together(answers,
                List.of(row("alice", "office-pptp-0", null), row("bob", "office-pptp-1", null),
                        row("carol", "office-pptp-2", null))))
                .as("carol has gone since her status was written")
                .containsExactly(live, row("bob", "office-pptp-1", null));
    }
}
