package io.pptpoperator.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTlsTest {

    private static final X509Bundle CA = authority("CN=pptp admin CA");
    private static final X509Bundle OTHER_CA = authority("CN=somebody else's CA");

    @TempDir
    private Path directory;

    private ServerConfig.Tls files;

    @BeforeEach
    void issue() throws Exception {
        files = new ServerConfig.Tls(directory.resolve("tls.crt"), directory.resolve("tls.key"),
                directory.resolve("ca.crt"));
        write(leaf(CA, "CN=first").ecp256(), CA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientWithACertificateOfTheAuthorityIsServed(String protocol) throws Exception {
        try (AdminServer server = start(); HttpClient client = client(protocol, clientOf(CA))) {
            HttpResponse<String> response = get(client, server);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(protocol);
        }
    }

    @ParameterizedTest
    @CsvSource({"/healthz, 200", "/readyz, 200", "/metrics, 403", "/sessions, 403", "/logins, 403",
            "/healthz/../sessions, 403", "/nowhere, 403"})
    void withoutACertificateOnlyTheProbesAreAnswered(String path, int status) throws Exception {
        try (AdminServer server = start();
                HttpClient kubelet = client("TLSv1.3", null);
                HttpClient operator = client("TLSv1.3", clientOf(CA))) {
            assertThat(get(kubelet, server, path).statusCode()).isEqualTo(status);
            assertThat(get(operator, server, path).statusCode()).isIn(200, 404);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNoCertificate() throws Exception {
        try (AdminServer server = start(); HttpClient stranger = client("TLSv1.3", clientOf(OTHER_CA))) {
            assertThat(get(stranger, server, "/sessions").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void strangersCannotKeepOthersOut() throws Exception {
        try (AdminServer server = start();
                HttpClient operator = client("TLSv1.3", clientOf(CA));
                var sockets = new Strangers(server.address().getPort())) {
            assertThat(get(operator, server).statusCode()).isEqualTo(200);
            sockets.open(200);
            // Those it has not let in yet would send away who comes before them.
            Await.until("the server has sent most of them away", Await.PATIENCE, () -> sockets.sentAway() >= 200 - 70);
            try (HttpClient kubelet = client("TLSv1.3", null)) {
                assertThat(get(kubelet, server).statusCode()).isEqualTo(200);
            }
            assertThat(get(operator, server, "/sessions").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFloodOfHandshakesIsCutShortAndNeitherOperatorNorProbesNoticeIt() throws Exception {
        var control = new FakeControl();
        try (AdminServer server = start();
                ProbeServer probes = ProbeServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        control);
                var flood = new Flood(server.address().getPort(), clientContext())) {
            Await.until("the flood is on", Await.PATIENCE, () -> flood.refused.sum() > 100);
            for (int i = 0; i < 10; i++) {
                try (HttpClient operator = client("TLSv1.3", clientOf(CA));
                        HttpClient kubelet = HttpClient.newHttpClient()) {
                    assertThat(get(operator, server, "/sessions").statusCode()).isEqualTo(200);
                    var probe = URI.create("http://127.0.0.1:" + probes.address().getPort() + "/healthz");
                    assertThat(
                            kubelet.send(HttpRequest.newBuilder(probe).build(), HttpResponse.BodyHandlers.discarding())
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
            double seconds = flood.seconds();
            assertThat((double) flood.handshakes.sum()).isLessThanOrEqualTo(
                    HandshakeLimits.STRANGER_AT_ONCE + HandshakeLimits.STRANGER_PER_SECOND * (seconds + 1));
        }
    }

    private static SSLContext clientContext() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[]{trustBoth()}, null);
        return context;
    }

    /** A stranger who shakes hands as often as it can. */
    private static final class Flood implements AutoCloseable {
        private final LongAdder handshakes = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final long began = System.nanoTime();
        private final int port;
        private final SSLContext context;
        private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
        private volatile boolean stopping;

        Flood(int port, SSLContext context) {
            this.port = port;
            this.context = context;
            thread.start();
        }

        private void run() {
            while (!stopping) {
                try (var socket = (SSLSocket) context.getSocketFactory()
                        .createSocket("127.0.0.1", port, InetAddress.ofLiteral("127.0.0.2"), 0)) {
                    socket.startHandshake();
                    handshakes.increment();
                } catch (IOException e) {
                    refused.increment();
                }
            }
        }

        double seconds() {
            return (System.nanoTime() - began) / 1e9;
        }

        @Override
        public void close() {
            stopping = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Connections of somebody who connects and says nothing. */
    private static final class Strangers implements AutoCloseable {
        private final List<SocketChannel> sockets = new ArrayList<>();
        private final ByteBuffer received = ByteBuffer.allocate(100);
        private final int port;

        Strangers(int port) {
            this.port = port;
        }

        void open(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                SocketChannel socket = SocketChannel.open();
                // Not where those come from who must be let in.
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.configureBlocking(false);
                sockets.add(socket);
            }
        }

        /** How many the server has disconnected. */
        long sentAway() {
            return sockets.stream().filter(this::isSentAway).count();
        }

        private boolean isSentAway(SocketChannel socket) {
            try {
                int count;
                do {
                    count = socket.read(received.clear());
                } while (count > 0);
                return count < 0;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void clientsWithoutTlsAreNotServed() throws Exception {
        try (AdminServer server = start(); HttpClient client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/healthz");
            assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
                    HttpResponse.BodyHandlers.ofString())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void exchangedFilesAreUsedByTheNextConnection() throws Exception {
        try (AdminServer server = start(); HttpClient before = client("TLSv1.3", clientOf(CA))) {
            assertThat(serverName(get(before, server))).isEqualTo("CN=first");
            write(leaf(OTHER_CA, "CN=second").rsa2048(), OTHER_CA);
            try (HttpClient after = client("TLSv1.3", clientOf(OTHER_CA));
                    HttpClient late = client("TLSv1.3", clientOf(CA))) {
                assertThat(serverName(get(after, server))).isEqualTo("CN=second");
                assertThat(get(after, server, "/sessions").statusCode()).isEqualTo(200);
                assertThat(get(late, server, "/sessions").statusCode()).isEqualTo(403);
            }
            assertThat(serverName(get(before, server))).as("its connection stays open").isEqualTo("CN=first");
        }
    }

    @Test
    void brokenFilesLeaveTheFormerOnesInForce() throws Exception {
        try (AdminServer server = start(); HttpClient client = client("TLSv1.3", clientOf(CA))) {
            replace(files.key(), "half a file");
            assertThat(serverName(get(client, server))).isEqualTo("CN=first");
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamedAtTheStart() throws Exception {
        String key = Files.readString(files.key());
        replace(files.key(), leaf(CA, "CN=x").ecp256().buildIssuedBy(CA).getPrivateKeyPEM());
        assertThatThrownBy(this::start).isInstanceOf(TlsFileException.class)
                .hasMessage("adminTLS.key: " + files.key() + " is not the key of the certificate in "
                        + files.certificate());
        replace(files.key(), key.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertThatThrownBy(this::start).isInstanceOf(TlsFileException.class)
                .hasMessageContaining("openssl pkcs8 -topk8")
                .hasMessageNotContaining(key.lines().toList().get(1));
        replace(files.key(), key);
        replace(files.certificate(), "");
        assertThatThrownBy(this::start).isInstanceOf(TlsFileException.class)
                .hasMessageStartingWith("adminTLS.certificate: ")
                .hasMessageContaining("has no certificate");
        replace(files.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(this::start).isInstanceOf(TlsFileException.class).hasMessageContaining("is not PEM");
        Files.delete(files.certificate());
        assertThatThrownBy(this::start).isInstanceOf(TlsFileException.class).hasMessageContaining("cannot be read");
    }

    private AdminServer start() throws Exception {
        return AdminServer.start(new ServerConfig.Admin(Ipv4Address.ANY, 0, Optional.of(files)), new FakeControl(),
                () -> "");
    }

    private void write(CertificateBuilder server, X509Bundle authority) throws Exception {
        X509Bundle bundle = server.buildIssuedBy(authority);
        replace(files.certificate(), bundle.getCertificatePathPEM());
        replace(files.key(), bundle.getPrivateKeyPEM());
        replace(files.clientCA(), authority.getCertificatePEM());
    }

    private static void replace(Path file, String text) throws IOException {
        Path temporary = Files.writeString(file.resolveSibling("new"), text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static X509Bundle authority(String name) {
        try {
            return new CertificateBuilder().subject(name).setIsCertificateAuthority(true).ecp256().buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError("an authority can be made", e);
        }
    }

    private static CertificateBuilder leaf(X509Bundle authority, String name) {
        assertThat(authority.isCertificateAuthority()).isTrue();
        return new CertificateBuilder().subject(name).addSanIpAddress("127.0.0.1");
    }

    private static X509Bundle clientOf(X509Bundle authority) throws Exception {
        return leaf(authority, "CN=operator").ecp256().buildIssuedBy(authority);
    }

    private static HttpClient client(String protocol, X509Bundle certificate) throws Exception {
        SSLContext context = SSLContext.getInstance(protocol);
        KeyManager[] keys = certificate == null ? null : certificate.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[]{trustBoth()}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static TrustManager trustBoth() throws Exception {
        var store = java.security.KeyStore.getInstance(java.security.KeyStore.getDefaultType());
        store.load(null);
        store.setCertificateEntry("one", CA.getCertificate());
        store.setCertificateEntry("other", OTHER_CA.getCertificate());
        var factory = javax.net.ssl.TrustManagerFactory
                .getInstance(javax.net.ssl.TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }

    private static HttpResponse<String> get(HttpClient client, AdminServer server) throws Exception {
        return get(client, server, "/healthz");
    }

    private static HttpResponse<String> get(HttpClient client, AdminServer server, String path) throws Exception {
        var uri = URI.create("https://127.0.0.1:" + server.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String serverName(HttpResponse<String> response) throws Exception {
        var certificate = (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }
}
