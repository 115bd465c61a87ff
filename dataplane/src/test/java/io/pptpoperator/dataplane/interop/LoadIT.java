package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two hundred simulated clients and our server. */
@InteropLab
final class LoadIT {

    private static final int CLIENTS = 200;

    private final Lab lab;
    private final RunningServer server;

    LoadIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("load", """
                localIP: 10.64.0.1
                pools: ["10.64.1.0-10.64.4.255"]
                limits:
                  connectionsPerSource: 1000
                  connectionsPerSecond: 1000
                """, IntStream.range(0, CLIENTS).mapToObj(number -> """
                  - username: load%04d
                    password: "secret"
                """.formatted(number)).collect(Collectors.joining("", "users:\n", "")));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode load(int status, String password, String... options) {
        List<String> arguments = new ArrayList<>(List.of("load", Lab.SERVER, "--users", "load%04d", "--json"));
        arguments.addAll(List.of(options));
        try (var load = ClientProgram.start(lab, lab.crowd(), password, arguments.toArray(String[]::new))) {
            assertThat(load.awaitExit(Await.PATIENCE)).as(load.output()::text).isEqualTo(status);
            return new ObjectMapper().readTree(load.output().text());
        } catch (JsonProcessingException e) {
            throw new AssertionError("the summary is no JSON", e);
        }
    }

    @Test
    void twoHundredClientsLogInPingAndLeave() {
        JsonNode summary = load(0, "secret", "--clients", "200", "--rate", "40", "--duration", "15s", "--ping",
                "--packets", "2");
        assertThat(summary.get("logins").longValue()).isEqualTo(CLIENTS);
        assertThat(summary.get("failed").longValue()).isZero();
        assertThat(summary.get("roundTrip").get("count").longValue()).isPositive();
        assertThat(summary.get("steps").get("mppe").get("count").longValue()).isEqualTo(CLIENTS);
        Await.until("all sessions have ended", Await.PATIENCE, () -> server.sessions().isEmpty());
    }

    @Test
    void clientsComeAndGoOverABadNetwork() {
        JsonNode summary = load(0, "secret", "--clients", "50", "--rate", "20", "--duration", "8s", "--stay", "1s",
                "--think", "200ms", "--abandon", "20", "--loss", "2", "--reorder", "2", "--ping", "--packets", "10");
        assertThat(summary.get("logins").longValue()).isGreaterThan(50);
    }

    @Test
    void aLoginThatFailsShowsInTheExitStatus() {
        JsonNode summary = load(3, "wrong", "--clients", "3", "--rate", "3", "--duration", "1s");
        assertThat(summary.get("logins").longValue()).isZero();
        assertThat(summary.get("failed").longValue()).isGreaterThanOrEqualTo(3);
        assertThat(summary.get("failures").toString()).contains("691");
    }
}
