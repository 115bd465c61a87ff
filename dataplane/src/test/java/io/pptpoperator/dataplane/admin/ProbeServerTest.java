package io.pptpoperator.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The port for the kubelet alone. */
class ProbeServerTest {

    private final FakeControl control = new FakeControl();
    private ProbeServer server;

    @BeforeEach
    void start() throws IOException {
        server = ProbeServer.start(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), control);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        try (HttpClient kubelet = HttpClient.newHttpClient()) {
            return kubelet
                    .send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /healthz, 200", "GET, /readyz, 200", "GET, /metrics, 403", "GET, /sessions, 403",
            "DELETE, /sessions/17, 403", "POST, /drain, 403", "GET, /healthz/../sessions, 403"})
    void answersProbesAndNothingElse(String method, String path, int status) throws Exception {
        assertThat(ask(method, path).statusCode()).isEqualTo(status);
        assertThat(control.asked).isEmpty();
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        control.problems = List.of("the TUN device pptpd0 is down");
        assertThat(ask("GET", "/readyz")).satisfies(answer -> {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("the TUN device pptpd0 is down");
        });
    }

    @Test
    void whoeverHoldsConnectionsKeepsNobodyOut() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 5 * ProbeServer.MAX_CONNECTIONS; i++) {
                held.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), server.address().getPort()));
            }
            assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
            int sentAway = 0;
            for (Socket socket : held.subList(0, 4 * ProbeServer.MAX_CONNECTIONS)) {
                sentAway += socket.getInputStream().read() < 0 ? 1 : 0;
            }
            assertThat(sentAway).isEqualTo(4 * ProbeServer.MAX_CONNECTIONS);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        assertThatThrownBy(() -> ProbeServer.start(server.address(), control)).isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.address().getPort())
                .hasMessageContaining("PPTP_PROBES");
    }
}
