package io.pptpoperator.operator.reconciler.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.metrics.OperatorMetrics;
import io.pptpoperator.operator.metrics.ResourceCensus;
import io.pptpoperator.operator.metrics.ResourceCensus.Server;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CensusTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private static PptpServer server(String name, int observed, String ready, String reason) {
        return YAML.unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: PptpServer
                metadata: {name: %1$s, namespace: vpn, generation: 2}
                spec: {localIP: 10.8.0.1, pools: [10.8.0.2-9]}
                status:
                  observedGeneration: %2$d
                  conditions: [{type: Ready, status: '%3$s', reason: %4$s, message: m,
                    lastTransitionTime: '2026-06-01T12:00:00Z'},
                    {type: Available, status: '%3$s', reason: %4$s, message: m,
                    lastTransitionTime: '2026-06-01T12:00:00Z'}]
                """.formatted(name, observed, ready, reason), PptpServer.class);
    }

    private static VpnUser user(int observed, String state) {
        return YAML.unmarshal("""
                apiVersion: pptp-operator.io/v1alpha1
                kind: VpnUser
                metadata: {name: alice, namespace: vpn, generation: 2}
                spec: {}
                status: {observedGeneration: %d, state: %s}
                """.formatted(observed, state), VpnUser.class);
    }

    @Test
    void aServerIsReadyByItsConditionAboutItsNewestSpec() {
        ResourceCensus census = Census.of(Stream.of(server("office", 2, "True", "Serving"),
                server("branch", 2, "False", "PodForbidden"), server("stale", 1, "True", "Serving")), Stream.of());

        assertThat(census.servers()).extracting(Server::name, it -> it.ready().yes(), it -> it.ready().reason())
                .containsExactly(tuple("office", true, "Serving"), tuple("branch", false, "PodForbidden"),
                        tuple("stale", false, "Unknown"));
        assertThat(census.servers()).extracting(it -> it.available().yes())
                .as("what serves goes on serving")
                .containsExactly(true, false, true);
    }

    @Test
    void usersAreCountedByStateAndThoseNobodyLookedAtApart() {
        ResourceCensus census = Census.of(Stream.of(),
                Stream.of(user(2, "Connected"), user(2, "Disabled"), user(2, "Disabled"), user(1, "Disconnected")));

        assertThat(census.users()).containsEntry("Connected", 1)
                .containsEntry("Disabled", 2)
                .containsEntry("Disconnected", 0)
                .containsEntry("Unknown", 1)
                .hasSize(6);
    }

    @Test
    void whatIsGoneOrChangedLeavesNoSeriesBehind() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var metrics = new OperatorMetrics(registry);
        var now = new AtomicReference<>(
                Census.of(Stream.of(server("office", 2, "True", "Serving")), Stream.of(user(2, "Connected"))));
        metrics.setCensus(now::get);
        metrics.look();
        assertThat(registry.scrape())
                .contains("pptp_operator_server_ready{namespace=\"vpn\",reason=\"Serving\",server=\"office\"} 1.0")
                .contains("pptp_operator_users{state=\"Connected\"} 1.0");

        now.set(Census.of(Stream.of(server("office", 2, "False", "PodForbidden")), Stream.of()));
        metrics.look();

        assertThat(registry.scrape())
                .contains("pptp_operator_server_ready{namespace=\"vpn\",reason=\"PodForbidden\",server=\"office\"} 0.0")
                .contains("pptp_operator_users{state=\"Connected\"} 0.0")
                .doesNotContain("Serving");
    }
}
