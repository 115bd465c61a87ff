package io.pptpoperator.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.cache.WatchHealth.Pulse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchHealthTest {

    private static final Instant BEGIN = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATE = BEGIN.plus(WatchHealth.PATIENCE);
    private static final Pulse PODS = new Pulse("Pods in namespace vpn", true, false, false);
    private static final Pulse SILENT = new Pulse("VpnUsers in namespace vpn", false, false, false);
    private static final Pulse HEALTHY = new Pulse("VpnUsers in namespace vpn", true, false, false);

    private final WatchHealth health = new WatchHealth();

    @Test
    void aWatchThatStaysSilentWhileOthersRunIsDead() {
        assertThat(health.dead(List.of(PODS, SILENT), BEGIN)).as("it is being started again").isEmpty();
        assertThat(health.dead(List.of(PODS, SILENT), LATE.minusSeconds(1))).isEmpty();

        assertThat(health.dead(List.of(PODS, SILENT), LATE)).containsExactly(
                "the watch of VpnUsers in namespace vpn has not run since 2026-06-01T12:00:00Z, although others do");
    }

    @Test
    void oneThatRunsAgainBeginsAnew() {
        health.dead(List.of(PODS, SILENT), BEGIN);
        health.dead(List.of(PODS, HEALTHY), BEGIN.plusSeconds(60));

        assertThat(health.dead(List.of(PODS, SILENT), LATE)).isEmpty();
    }

    @Test
    void whileTheApiServerIsAwayNobodyIsDead() {
        Pulse away = new Pulse(PODS.name(), false, false, false);
        health.dead(List.of(away, SILENT), BEGIN);

        assertThat(health.dead(List.of(away, SILENT), LATE.plusSeconds(3600))).isEmpty();
        assertThat(health.dead(List.of(PODS, SILENT), LATE.plusSeconds(3600))).as("the time counts from then")
                .isEmpty();
    }

    @Test
    void oneThatWasGivenUpIsDeadEvenAlone() {
        Pulse over = new Pulse("Nodes in all namespaces", false, true, false);
        health.dead(List.of(over), BEGIN);

        assertThat(health.dead(List.of(over), LATE)).containsExactly(
                "the watch of Nodes in all namespaces has not run since 2026-06-01T12:00:00Z, and was given up");
    }

    @Test
    void aNewProcessWouldBeRefusedAsWell() {
        Pulse refused = new Pulse("Nodes in all namespaces", false, false, true);
        health.dead(List.of(PODS, refused), BEGIN);

        assertThat(health.dead(List.of(PODS, refused), LATE)).isEmpty();
    }
}
