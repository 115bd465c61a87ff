package io.pptpoperator.dataplane.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What a run is summed up to. */
class LoadStatsTest {

    private static final long MILLI = 1_000_000;
    private static final SessionEnd WRONG = new SessionEnd(Optional.of(LoginStep.AUTHENTICATION),
            Optional.of(TerminationReason.AUTHENTICATION_FAILED), Optional.of(LoginFailure.BAD_CREDENTIALS),
            "error 691");

    private static LoadStats hundredLogins() {
        var stats = new LoadStats();
        for (int i = 1; i <= 100; i++) {
            stats.started();
            stats.stepDone(LoginStep.TCP, i * MILLI / 10);
            stats.connected(i * MILLI, i * 10L * MILLI);
        }
        return stats;
    }

    @Test
    void percentilesAndRatesAreThoseOfTheLogins() {
        LoadSummary summary = hundredLogins().summary(0);
        assertThat(summary.clean()).isTrue();
        assertThat(summary.loginsPerSecond()).isCloseTo(100, within(0.01));
        assertThat(summary.logins().p50()).isCloseTo(50, Percentage.withPercentage(1));
        assertThat(summary.logins().p99()).isCloseTo(99, Percentage.withPercentage(1));
        assertThat(summary.steps().get(LoginStep.TCP).max()).isCloseTo(10, Percentage.withPercentage(1));
        assertThat(summary.lines()).anyMatch(line -> line.startsWith("logins    100 succeeded (100.0/s), 0 failed"))
                .anyMatch(line -> line.contains("whole login"))
                .noneMatch(line -> line.contains("round trip"));
    }

    @Test
    void failuresAreCountedByReason() throws JsonProcessingException {
        LoadStats stats = hundredLogins();
        stats.failed(WRONG);
        stats.failed(WRONG);
        stats.disconnected();
        stats.dropped(new SessionEnd(Optional.empty(), Optional.empty(), Optional.empty(), "TCP closed"));
        LoadSummary summary = stats.summary(0);
        assertThat(summary.clean()).isFalse();
        assertThat(summary.lines()).contains("failed    2 x authentication, bad-credentials: error 691",
                "dropped   1 x connected, ended: TCP closed");
        JsonNode json = new ObjectMapper().readTree(summary.json());
        assertThat(json.get("failed").longValue()).isEqualTo(2);
        assertThat(json.get("dropped").longValue()).isEqualTo(1);
        assertThat(json.get("login").get("count").longValue()).isEqualTo(100);
        assertThat(json.get("steps").get("tcp").get("p50").doubleValue()).isPositive();
    }

    @Test
    void anIntervalHasOnlyWhatCameSinceTheLast() {
        LoadStats stats = hundredLogins();
        assertThat(stats.interval().logins().count()).isEqualTo(100);
        stats.sent();
        stats.answered(2 * MILLI);
        LoadInterval second = stats.interval();
        assertThat(second.logins().count()).isZero();
        assertThat(second.loggedIn()).isEqualTo(100);
        assertThat(second.connected()).isEqualTo(100);
        assertThat(second.line(7, 1)).startsWith("    7 s").contains("connected    100", "packets        1/s");
    }

    @Test
    void theWarmUpIsForgottenButItsFailuresAreNot() {
        LoadStats stats = hundredLogins();
        stats.failed(WRONG);
        stats.forgetTimes();
        LoadSummary summary = stats.summary(0);
        assertThat(summary.logins().count()).isZero();
        assertThat(summary.loginsPerSecond()).isZero();
        assertThat(summary.failed()).isEqualTo(1);
    }
}
