package io.pptpoperator.operator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pptpoperator.dataplane.admin.AdminControl;
import io.pptpoperator.dataplane.admin.AdminServer;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SendingView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ConfigDigests;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.operator.SessionViews;
import io.pptpoperator.operator.pki.Identity;
import io.pptpoperator.operator.pki.OperatorPki;
import io.pptpoperator.operator.pki.ServerTls;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's client against the data plane's own administration port, with the operator's certificates. */
class AdminClientTest {

    private final Instant now = Instant.now();
    private static final Instant LOGIN = Instant.parse("2026-06-01T12:00:00.5Z");
    private static final String HOST = "office.vpn.pptp-operator.internal";
    private static final String SERVER = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";
    private static final String USERS = "users: []\n";

    private final SecureRandom random = new SecureRandom();
    private final OperatorPki pki = OperatorPki.of(Map.of(), now, random);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> ended = new ArrayList<>();

    @TempDir
    private Path folder;

    private final AnswerMemory memory = new AnswerMemory(20 << 20);
    private AdminServer dataPlane;

    @BeforeEach
    void start() throws Exception {
        Identity server = pki.server(new Identity("", ""), HOST, now, random);
        var tls = new ServerConfig.Tls(write("tls.crt", server.certificate()), write("tls.key", server.key()),
                write("ca.crt", pki.trusted()));
        dataPlane = AdminServer.start(new ServerConfig.Admin(Ipv4Address.parse("127.0.0.1"), 0, Optional.of(tls)),
                new Control(), () -> "");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @AfterEach
    void stop() {
        dataPlane.close();
        threads.shutdownNow();
    }

    private final class Control implements AdminControl {

        @Override
        public List<String> defects() {
            return List.of();
        }

        @Override
        public List<String> readiness() {
            return List.of();
        }

        @Override
        public ConfigDigests configDigests() {
            return ConfigReader.parse(SERVER, USERS).digests();
        }

        @Override
        public List<SessionView> sessions() {
            return List.of(new SessionView("17", "alice", Ipv4Address.parse("203.0.113.7"),
                    Ipv4Address.parse("10.8.0.2"), "mschapv2", "MPPE-128 stateless", LOGIN, 1, 2, 3, 4, 5, "PC", null,
                    "2M/10M", List.of("route 10.9.0.0/24 is left out")));
        }

        @Override
        public boolean endSession(String id) {
            ended.add(id);
            return id.equals("17");
        }

        @Override
        public int endUser(String user) {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public void drain() {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public List<LoginView> logins() {
            return List
                    .of(new LoginView("bob", null, LOGIN, "bad-credentials", null, Ipv4Address.parse("203.0.113.8")));
        }

        @Override
        public RadiusView radius() {
            return new RadiusView(List.of(), 0, 0);
        }

        @Override
        public SendingView sending() {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public void setDebug(Ipv4Address peer, boolean on) {
            throw new AssertionError("nobody asks for that");
        }
    }

    @Test
    void aDataPlaneTellsItsSessionsItsLoginsAndItsFiles() throws Exception {
        try (var client = new AdminClient(pki, HOST, threads, memory)) {
            PodReport report = client.report(address(), "uid", "office-pptp-0");

            assertThat(report.sessions()).containsExactly(
                    SessionViews.of("17", "alice", "10.8.0.2", "203.0.113.7", LOGIN, "route 10.9.0.0/24 is left out"));
            assertThat(report.logins()).containsExactly(
                    new LoginView("bob", null, LOGIN, "bad-credentials", null, Ipv4Address.parse("203.0.113.8")));
            assertThat(report.serverDigest()).as("what the operator compares with").contains(Digests.of(SERVER));
            assertThat(report.usersDigest()).contains(Digests.of(USERS));
        }
    }

    @Test
    void aSessionIsEndedAndOneThatIsOverIsFine() throws Exception {
        try (var client = new AdminClient(pki, HOST, threads, memory)) {
            client.end(address(), "17");
            client.end(address(), "18");
        }
        assertThat(ended).containsExactly("17", "18");
    }

    @Test
    void anotherServersPodAndAnotherInstallationsOperatorAreStrangers() throws Exception {
        try (var elsewhere = new AdminClient(pki, "branch.vpn.pptp-operator.internal", threads, memory)) {
            assertThatThrownBy(() -> elsewhere.report(address(), "uid", "x")).isInstanceOf(IOException.class)
                    .hasStackTraceContaining("is not made out to branch");
        }
        var other = OperatorPki.of(Map.of(), now, random);
        var impostor = new OperatorPki(other.authority(), other.client(), pki.trusted());
        try (var client = new AdminClient(impostor, HOST, threads, memory)) {
            assertThatThrownBy(() -> client.report(address(), "uid", "x")).isInstanceOf(IOException.class);
        }
    }

    /** A partition in the middle of an answer: no byte comes any more, and no end of the connection either. */
    @Test
    @Timeout(120)
    void anAnswerWhoseEndNeverComesIsGivenUp() throws Exception {
        Identity server = pki.server(new Identity("", ""), HOST, now, random);
        var tls = ServerTls.of(server.certificate(), server.key(), pki.trusted());
        try (ServerSocket listener = tls.getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new AdminClient(pki, HOST, threads, memory, Duration.ofMillis(500))) {
            Future<Integer> pod = threads.submit(() -> {
                try (Socket connection = listener.accept()) {
                    var request = new BufferedReader(
                            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                    while (!request.readLine().isEmpty()) {
                        // The headers do not matter.
                    }
                    connection.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{"
                                    .getBytes(StandardCharsets.US_ASCII));
                    return request.read();
                }
            });

            assertThatThrownBy(() -> client.report("127.0.0.1:" + listener.getLocalPort(), "uid", "x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/sessions was not answered to the end within 500 ms");
            assertThat(pod.get()).as("the connection is closed").isEqualTo(-1);
        }
    }

    /** Whoever may name an image may have the operator talk to anything. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    [{"id":"1","user":"a","address":"everywhere","peer":"203.0.113.9","since":"2026-06-01T12:00:00Z"}]        | is not
                    [{"id":"1","user":"a","peer":"203.0.113.9","since":"2026-06-01T12:00:00Z"}]                               | address is missing
                    [{"id":"1","address":"10.8.0.2","user":"a","peer":"203.0.113.9"}]                    | since is missing
                    [{"id":"1","user":7e99999999999999999999999999999999999999999999}]         | Number value length
                    {"sessions":[]}                                                            | it is no list
                    [[[[[[[[[[[[[[1]]]]]]]]]]]]]]                                              | Cannot deserialize
                    [{"id":"1","more":[[[[[[[[[[[]]]]]]]]]]]}]                                 | nesting depth
                    """)
    void anAnswerThatIsNoAnswerIsRefusedWithAReason(String body, String why) throws Exception {
        assertRefused(out -> out.write(body.getBytes(StandardCharsets.UTF_8)), why);
    }

    @Test
    void aTextThatIsTooLongIsRefused() throws Exception {
        assertRefused(out -> out.write(("[{\"id\":\"1\",\"user\":\"" + "x".repeat(300)
                + "\",\"address\":\"10.8.0.2\",\"peer\":\"203.0.113.9\",\"since\":\"2026-06-01T12:00:00Z\"}]")
                .getBytes(StandardCharsets.UTF_8)), "user is longer than 255 characters");
        assertRefused(out -> out.write(("[{\"user\":\"" + "x".repeat(5000) + "\"}]").getBytes(StandardCharsets.UTF_8)),
                "String value length");
    }

    @Test
    void moreEntriesThanAPodCanHaveAreRefused() throws Exception {
        byte[] entry = "{\"id\":\"1\",\"user\":\"a\",\"address\":\"10.8.0.2\",\"peer\":\"203.0.113.9\",\"since\":\"2026-06-01T12:00:00Z\"},"
                .getBytes(StandardCharsets.UTF_8);
        assertRefused(out -> {
            out.write('[');
            for (int i = 0; i < 70_000; i++) {
                out.write(entry);
            }
            out.write("{}]".getBytes(StandardCharsets.UTF_8));
        }, "more than 65535 entries");
    }

    /** 230 MB ended the operator; of an answer without end no more than 16 MiB are taken, and the connection closed. */
    @Test
    @Timeout(60)
    void anAnswerWithoutEndIsCutOff() throws Exception {
        var sent = new AtomicLong();
        assertRefused(out -> {
            var spaces = new byte[1 << 16];
            Arrays.fill(spaces, (byte) ' ');
            while (true) {
                out.write(spaces);
                sent.addAndGet(spaces.length);
            }
        }, "the answer is longer than 16777216 bytes");
        assertThat(sent.get()).isLessThan(64L << 20);
    }

    @Test
    @Timeout(60)
    void allAnswersTogetherAreBounded() throws Exception {
        assertThat(memory.take(19 << 20)).isTrue();
        assertRefused(out -> out.write(new byte[4 << 20]), "more than the operator has memory for");
        assertThat(memory.taken()).as("what it took it gave back").isEqualTo(19 << 20);
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Has a pod answer like that, and asserts that its report is refused for a reason. */
    private void assertRefused(Writing body, String why) throws Exception {
        Identity server = pki.server(new Identity("", ""), HOST, now, random);
        HttpsServer http = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setHttpsConfigurator(
                new HttpsConfigurator(ServerTls.of(server.certificate(), server.key(), pki.trusted())));
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                body.to(exchange.getResponseBody());
            }
        });
        http.start();
        long before = memory.taken();
        try (var client = new AdminClient(pki, HOST, threads, memory)) {
            assertThatThrownBy(() -> client.report("127.0.0.1:" + http.getAddress().getPort(), "uid", "x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(why);
        } finally {
            http.stop(0);
        }
        assertThat(memory.taken()).isEqualTo(before);
    }

    private String address() {
        return "127.0.0.1:" + dataPlane.address().getPort();

    }
}
