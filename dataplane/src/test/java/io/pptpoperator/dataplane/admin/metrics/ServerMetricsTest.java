package io.pptpoperator.dataplane.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {

    private enum LogLevel {
        INFO
    }

    private enum Limit {
        SESSIONS
    }

    private enum Path {
        PACKET_SOCKET, RAW_SOCKET
    }

    private enum Reason {
        FIREWALL, ROUTING_RULES
    }

    private enum Drop {
        SPOOFED_SOURCE
    }

    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong spoofed = new AtomicLong();
    private final ServerMetrics metrics = new ServerMetrics("vpn1", new MetricSources(sessions::get, () -> 2, () -> 101,
            () -> 7, new MetricSources.Traffic(bytes::get, () -> 11, () -> 12, () -> 13),
            new MetricSources.Sending(Map.of(Path.PACKET_SOCKET, () -> 16, Path.RAW_SOCKET, () -> 17),
                    Map.of(Reason.FIREWALL, () -> true, Reason.ROUTING_RULES, () -> false),
                    Map.of(Reason.FIREWALL, () -> true)),
            Map.of(Drop.SPOOFED_SOURCE, spoofed::get), () -> 14, () -> 15, () -> 19, Map.of(LogLevel.INFO, () -> 18),
            List.of(TerminationReason.values()), List.of(Limit.values())));

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void everySeriesExistsBeforeTheFirstEvent() {
        assertThat(lines()).contains("pptp_sessions{server=\"vpn1\"} 0.0",
                "pptp_sessions_ended_total{reason=\"user-request\",server=\"vpn1\"} 0.0",
                "pptp_limit_refused_total{limit=\"sessions\",server=\"vpn1\"} 0.0",
                "pptp_logins_total{method=\"mschapv2\",reason=\"none\",result=\"success\",server=\"vpn1\"} 0.0",
                "pptp_logins_total{method=\"pap\",reason=\"bad-credentials\",result=\"failure\",server=\"vpn1\"} 0.0",
                "pptp_pool_exhausted_total{server=\"vpn1\"} 0.0", "pptp_network_heals_total{server=\"vpn1\"} 0.0",
                "pptp_config_reloads_total{result=\"failed\",server=\"vpn1\"} 0.0",
                "pptp_login_phase_seconds_count{phase=\"authentication\",server=\"vpn1\"} 0");
    }

    @Test
    void eventsAreCounted() {
        metrics.loginSucceeded(AuthMethod.MSCHAPV2);
        metrics.loginFailed(AuthMethod.PAP, LoginFailure.BAD_CREDENTIALS);
        metrics.loginStep(LoginStep.LCP, Duration.ofMillis(30));
        metrics.poolExhausted();
        metrics.sessionEnded(TerminationReason.AUTHENTICATION_FAILED);
        metrics.limitRefused(Limit.SESSIONS);
        metrics.configReloaded(ServerMetrics.Reload.PARTLY_REFUSED);
        metrics.networkHealed();
        assertThat(lines()).contains(
                "pptp_logins_total{method=\"mschapv2\",reason=\"none\",result=\"success\",server=\"vpn1\"} 1.0",
                "pptp_logins_total{method=\"pap\",reason=\"bad-credentials\",result=\"failure\",server=\"vpn1\"} 1.0",
                "pptp_login_phase_seconds_bucket{phase=\"lcp\",server=\"vpn1\",le=\"0.025\"} 0",
                "pptp_login_phase_seconds_bucket{phase=\"lcp\",server=\"vpn1\",le=\"0.05\"} 1",
                "pptp_pool_exhausted_total{server=\"vpn1\"} 1.0",
                "pptp_sessions_ended_total{reason=\"auth-failed\",server=\"vpn1\"} 1.0",
                "pptp_limit_refused_total{limit=\"sessions\",server=\"vpn1\"} 1.0",
                "pptp_config_reloads_total{result=\"partly-refused\",server=\"vpn1\"} 1.0",
                "pptp_network_heals_total{server=\"vpn1\"} 1.0");
    }

    @Test
    void whatTheServerCountsItselfIsReadWhenAsked() {
        sessions.set(5);
        bytes.set(1_000_000);
        spoofed.set(3);
        assertThat(lines()).contains("pptp_sessions{server=\"vpn1\"} 5.0",
                "pptp_connections_pending{server=\"vpn1\"} 2.0", "pptp_pool_size{server=\"vpn1\"} 101.0",
                "pptp_pool_used{server=\"vpn1\"} 7.0", "pptp_control_messages_dropped_total{server=\"vpn1\"} 19.0",
                "pptp_log_lines_dropped_total{level=\"info\",server=\"vpn1\"} 18.0",
                "pptp_traffic_bytes_total{direction=\"in\",server=\"vpn1\"} 1000000.0",
                "pptp_traffic_bytes_total{direction=\"out\",server=\"vpn1\"} 11.0",
                "pptp_packets_total{direction=\"in\",server=\"vpn1\"} 12.0",
                "pptp_packets_total{direction=\"out\",server=\"vpn1\"} 13.0",
                "pptp_gre_packets_sent_total{path=\"packet-socket\",server=\"vpn1\"} 16.0",
                "pptp_gre_packets_sent_total{path=\"raw-socket\",server=\"vpn1\"} 17.0",
                "pptp_packet_socket_obstacle{reason=\"firewall\",server=\"vpn1\"} 1.0",
                "pptp_packet_socket_obstacle{reason=\"routing-rules\",server=\"vpn1\"} 0.0",
                "pptp_xdp_socket_obstacle{reason=\"firewall\",server=\"vpn1\"} 1.0",
                "pptp_packets_dropped_total{cause=\"spoofed-source\",server=\"vpn1\"} 3.0",
                "pptp_packets_reordered_total{server=\"vpn1\"} 14.0", "pptp_mppe_resets_total{server=\"vpn1\"} 15.0");
    }

    @Test
    void theProcessIsMeasuredToo() {
        assertThat(metrics.scrape()).contains("jvm_memory_used_bytes", "jvm_threads_live_threads",
                "process_uptime_seconds", "process_start_time_seconds", "process_cpu_usage");
    }

    @Test
    void everyMetricIsDescribed() {
        assertThat(lines().stream().filter(line -> line.startsWith("# HELP pptp_"))).hasSize(25)
                .allMatch(line -> line.split(" ", 4)[3].length() > 10);
    }

    private List<String> lines() {
        return metrics.scrape().lines().toList();
    }
}
