package io.pptpoperator.operator.leader;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pptpoperator.operator.KubernetesClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteFenceTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final WriteFence fence = new WriteFence(Clock.fixed(NOW, ZoneOffset.UTC));
    private HttpServer api;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        api.start();
        client = KubernetesClients.builder(
                new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:" + api.getAddress().getPort())
                        .withNamespace("vpn")
                        .build())
                .withHttpClientBuilderConsumer(fence::guard)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        api.stop(0);
    }

    @Test
    void beforeAndAfterTheLeaseNothingIsWritten() {
        assertThatThrownBy(this::write).hasStackTraceContaining("does not hold the Lease")
                .hasStackTraceContaining("POST /api/v1/namespaces/vpn/configmaps");
        fence.openUntil(NOW.plusSeconds(1));
        assertThatCode(this::write).doesNotThrowAnyException();
        fence.openUntil(NOW);
        assertThatThrownBy(this::write).hasStackTraceContaining("does not hold the Lease");
    }

    @Test
    void readingAndStandingForElectionArePossibleAtAnyTime() {
        assertThatCode(() -> client.configMaps().withName("x").get()).doesNotThrowAnyException();
        assertThatCode(() -> client
                .resource(new LeaseBuilder().withNewMetadata().withName("x").withNamespace("vpn").endMetadata().build())
                .create()).doesNotThrowAnyException();
    }

    private void write() {
        client.resource(
                new ConfigMapBuilder().withNewMetadata().withName("x").withNamespace("vpn").endMetadata().build())
                .create();
    }
}
