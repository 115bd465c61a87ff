package io.pptpoperator.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.adminapi.AdminJson;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {

    private static final Ipv4Address LOOPBACK = Ipv4Address.parse("127.0.0.1");

    private final FakeControl control = new FakeControl();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = AdminServer.start(new ServerConfig.Admin(LOOPBACK, 0, Optional.empty()), control,
                () -> "pptp_sessions 1.0\n");
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    GET    | /healthz             | 200 | application/json | {"status":"up"}
                    GET    | /readyz              | 200 | application/json | {"ready":true,"problems":[]}
                    GET    | /sending             | 200 | application/json | {"packetsSent":{"raw-socket":3},"packetSocketObstacles":[{"reason":"off","what":"packet sockets are switched off"}],"xdpSocketObstacles":[]}
                    DELETE | /sessions?user=alice | 200 | application/json | {"ended":1}
                    DELETE | /sessions?user=a%20b | 200 | application/json | {"ended":0}
                    DELETE | /sessions/17         | 204 | '' | ''
                    POST   | /drain               | 202 | application/json | {"draining":true}
                    PUT    | /debug/203.0.113.7   | 204 | '' | ''
                    DELETE | /debug/203.0.113.7   | 204 | '' | ''
                    """)
    void answersWhatItIsAsked(String method, String path, int status, String type, String body) throws Exception {
        HttpResponse<String> response = send(method, path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type").orElse("")).isEqualTo(type);
        assertThat(response.body()).isEqualTo(body);
    }

    @Test
    void passesOnWhatItIsAskedToDo() throws Exception {
        send("DELETE", "/sessions/17");
        send("DELETE", "/sessions?user=J%C3%BCrgen%26Co");
        send("POST", "/drain");
        send("PUT", "/debug/203.0.113.7");
        send("DELETE", "/debug/203.0.113.7");
        assertThat(control.asked).containsExactly("end 17", "end user Jürgen&Co", "drain", "debug 203.0.113.7 true",
                "debug 203.0.113.7 false");
    }

    @Test
    void sessionsComeWithTheDigestsOfTheFilesInForce() throws Exception {
        HttpResponse<String> response = send("GET", "/sessions");
        assertThat(response.headers().firstValue("X-Pptp-Server-Config")).contains("0123");
        assertThat(response.headers().firstValue("X-Pptp-Users-Config")).contains("4567");
        assertThat(response.headers().firstValue("X-Pptp-Radius-Config")).contains("89ab");
    }

    @Test
    void sessionsReadBackAndLoginsAreToldWithTheirReasons() throws Exception {
        String sessions = send("GET", "/sessions").body();
        assertThat(sessions).contains("\"peer\":\"203.0.113.7\"").contains("\"since\":\"2026-11-22T08:00:00Z\"");
        assertThat(AdminJson.readSessions(sessions.getBytes(StandardCharsets.UTF_8)))
                .containsExactly(FakeControl.ALICE);
        assertThat(send("GET", "/logins").body()).contains("\"user\":\"bob\"",
                "\"lastFailure\":\"2026-11-22T08:00:00.500Z\"", "\"lastFailureReason\":\"bad-credentials\"",
                "\"from\":\"203.0.113.8\"");
        assertThatThrownBy(() -> AdminJson.readSessions("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("it is no list");
    }

    @Test
    void metricsArePrometheusText() throws Exception {
        HttpResponse<String> response = send("GET", "/metrics");
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).isEqualTo("pptp_sessions 1.0\n");
    }

    @Test
    void whatOnlyANewProcessCanPutRightFailsTheLivenessProbe() throws Exception {
        control.defects = List.of("a datapath worker has stopped");
        HttpResponse<String> response = send("GET", "/healthz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"status\":\"down\",\"problems\":[\"a datapath worker has stopped\"]}");
    }

    @Test
    void whatKeepsItFromBeingReadyIsSaid() throws Exception {
        control.problems = List.of("the TUN device pptpd0 is down");
        HttpResponse<String> response = send("GET", "/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"ready\":false,\"problems\":[\"the TUN device pptpd0 is down\"]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            GET    | /                    | 404 | there is nothing at /
            GET    | /sessionsx           | 404 | there is nothing at /sessionsx
            DELETE | /sessions/           | 404 | there is nothing at /sessions/
            DELETE | /sessions/99         | 404 | there is no session 99
            POST   | /healthz             | 405 | POST is not possible on /healthz; GET would be right
            PUT    | /sessions            | 405 | PUT is not possible on /sessions; GET, DELETE would be right
            GET    | /sessions/17         | 405 | GET is not possible on /sessions/17; DELETE would be right
            GET    | /drain               | 405 | GET is not possible on /drain; POST would be right
            DELETE | /sessions            | 400 | which sessions? /sessions/{id} or /sessions?user={name} would be right
            PUT    | /debug/somebody      | 400 | 'somebody' is not an IPv4 address such as 192.168.10.1
            GET    | /debug/203.0.113.7   | 405 | GET is not possible on /debug/203.0.113.7; PUT, DELETE would be right
            """)
    void problemsAreJsonThatSaysWhatWouldBeRight(String method, String path, int status, String detail)
            throws Exception {
        HttpResponse<String> response = send(method, path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"status\":" + status).contains("\"detail\":\"" + detail + "\"");
        assertThat(response.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
    }

    @Test
    void aFailureInsideIsOneAnswerAndNotTheEnd() throws Exception {
        control.failing = true;
        assertThat(send("GET", "/sessions")).satisfies(response -> {
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("broken");
        });
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            "POST /drain HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n"})
    void webPagesInABrowserOnThisMachineAreRefused(String request) throws Exception {
        assertThat(raw(request)).startsWith("HTTP/1.1 403 ");
        assertThat(control.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET /healthz?x=y HTTP/1.1\r\nHost: 127.0.0.1:9723\r\nConnection: close\r\n\r\n"})
    void simpleClientsAreAnswered(String request) throws Exception {
        assertThat(raw(request)).matches("(?s)HTTP/1.[01] 200 .*\\{\"status\":\"up\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0016\u0003\u0001\u0002\r\n\r\n", "GET\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n", "GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"})
    void whatIsNotHttpIsRefusedAndDisconnected(String request) throws Exception {
        assertThat(raw(request)).startsWith("HTTP/1.1 400 ").contains("\"status\":400");
    }

    @Test
    void addressesThatAreNotEncodedAreRefused() throws Exception {
        assertThat(raw("GET /sessions%zz HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void longHeadersAndBodiesAreRefused() throws Exception {
        assertThat(raw("GET /healthz HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("POST /drain HTTP/1.1\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(control.asked).isEmpty();
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        String twice = "GET /healthz HTTP/1.1\r\n\r\n".repeat(2) + "GET /readyz HTTP/1.1\r\nConnection: close\r\n\r\n";
        assertThat(raw(twice).split("HTTP/1.1 200 OK", -1)).hasSize(4);
    }

    @Test
    void aClientThatAsksButNeverReadsHoldsOneAnswerOnly() throws Exception {
        control.sessions = Collections.nCopies(10_000, FakeControl.ALICE);
        try (var socket = connect(server)) {
            socket.getOutputStream()
                    .write("GET /sessions HTTP/1.1\r\n\r\n".repeat(500).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write("DELETE /sessions/1 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
            assertThat(control.asked).as("the last request waits for the client to read").isEmpty();
        }
    }

    @Test
    void aClientThatIsTooSlowIsDisconnected() throws Exception {
        try (AdminServer impatient = AdminServer.start(new ServerConfig.Admin(LOOPBACK, 0, Optional.empty()), control,
                () -> "", Duration.ofMillis(100)); var socket = connect(impatient)) {
            socket.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void moreConnectionsThanItServesAreClosedAtOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                Socket socket = connect(server);
                sockets.add(socket);
                socket.getOutputStream().write("GET /healthz HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            try (Socket oneMore = connect(server)) {
                assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aTakenPortIsNamed() {
        var taken = new ServerConfig.Admin(LOOPBACK, server.address().getPort(), Optional.empty());
        assertThatThrownBy(() -> AdminServer.start(taken, control, () -> "")).isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.address().getPort())
                .hasMessageContaining("another adminAddress or adminPort would be right");
    }

    @Test
    void withoutTlsItStaysOnLoopback() {
        var open = new ServerConfig.Admin(Ipv4Address.ANY, 0, Optional.empty());
        assertThatThrownBy(() -> AdminServer.start(open, control, () -> ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs TLS");
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends bytes and reads until the server closes. */
    private String raw(String request) throws Exception {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Socket connect(AdminServer server) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(60_000);
        socket.connect(server.address());
        return socket;

    }
}
