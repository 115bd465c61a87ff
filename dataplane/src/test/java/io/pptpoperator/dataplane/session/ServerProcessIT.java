package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.EchoRequest;
import io.pptpoperator.protocol.control.PnsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server's process holds, how long, and when it ends by itself. */
class ServerProcessIT {
    private static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    private static final String STATIC = "192.168.20.5";
    private static final String SERVER_YAML = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            drainTimeout: 10m
            """;
    /** For a client that is to be given up; others, on a busy machine, may need the time that they have by default. */
    private static final String IMPATIENT_YAML = SERVER_YAML + "authentication: {timeout: 5s}\n";
    private static final String USERS = "users: [{username: alice, password: secret-a}]\n";
    private static final String USERS_WITH_STATIC = "users: [{username: alice, password: secret-a, address: " + STATIC
            + "}]\n";
    private static final Duration SOON = Await.PATIENCE;

    @TempDir
    private Path directory;
    private NetworkNamespace serverHost;
    private NetworkNamespace clientHost;
    private ServerProcess server;

    @BeforeEach
    void cableHosts() {
        Requirement.root();
        Requirement.programs("ip", "nft", "curl");
        serverHost = new NetworkNamespace();
        clientHost = new NetworkNamespace();
        serverHost.command("ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                clientHost.id());
        serverHost.command("ip", "addr", "add", SERVER + "/24", "dev", "cable");
        clientHost.command("ip", "addr", "add", "198.51.100.7/24", "dev", "cable");
        serverHost.command("ip", "link", "set", "cable", "up");
        clientHost.command("ip", "link", "set", "cable", "up");
        serverHost.command("ip", "route", "add", "default", "via", "198.51.100.7");
    }

    private void serve(String serverYaml) throws IOException {
        server = ServerProcess.start(serverHost, directory, serverYaml, USERS_WITH_STATIC);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
        if (serverHost != null) {
            serverHost.close();
            clientHost.close();
        }
    }

    @Test
    void aClientThatNeverReadsIsGoneWithItsDescriptorSoonAfterTheServerGaveItUp() throws IOException {
        serve(IMPATIENT_YAML);
        // The watch on the files has descriptors too, and begins a little after the server says that it serves.
        int applied = applied();
        server.writeUsers(USERS);
        Await.until("the edit is applied", SOON, () -> applied() > applied);
        long before = server.descriptors();
        try (SocketChannel deaf = clientHost.call(SocketChannel::open)) {
            deaf.setOption(StandardSocketOptions.SO_RCVBUF, 1);
            deaf.connect(new InetSocketAddress(SERVER.toInetAddress(), 1723));
            deaf.configureBlocking(false);
            deaf.write(ByteBuffer.wrap(ControlMessageCodec.encode(PnsSettings.windowsLike(1).start())));
            Await.until("the connection has a descriptor", SOON, () -> server.descriptors() > before);
            ByteBuffer questions = echoRequests(500_000);
            Await.until("the server has given up", SOON, () -> {
                writeWhatIsTaken(deaf, questions);
                return server.log().contains("Connection closed without a call");
            });
            assertThat(questions.hasRemaining()).as("the server no longer reads").isTrue();
            Await.until("the descriptor is gone", SOON, () -> server.descriptors() <= before);
        }
    }

    private static ByteBuffer echoRequests(int count) {
        byte[] request = ControlMessageCodec.encode(new EchoRequest(1));
        ByteBuffer requests = ByteBuffer.allocate(count * request.length);
        for (int i = 0; i < count; i++) {
            requests.put(request);
        }
        return requests.flip();
    }

    /** Nothing is taken any more once the server has closed its end, with what it had not read. */
    private static void writeWhatIsTaken(SocketChannel client, ByteBuffer bytes) {
        try {
            client.write(bytes);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Connection reset( by peer)?|Broken pipe");
        }
    }

    @Test
    void aServerWhoseTunDeviceIsRemovedEndsWithoutWaitingForItsSessions() throws IOException {
        serve(SERVER_YAML);
        WindowsPeer windows = new WindowsPeer("alice", "secret-a");
        try (RealLine line = RealLine.connect(clientHost, SERVER, windows)) {
            line.awaitUp(windows);
            serverHost.command("ip", "link", "delete", "pptpd0");
            assertThat(server.awaitExit(SOON)).isEqualTo(1);
            line.awaitPeer("the client is told", () -> windows.hungUp);
        }
        assertThat(server.log()).contains("the TUN device pptpd0 is gone", "Stopped");
        assertThat(serverHost.command("nft", "list", "ruleset")).isEmpty();
        server = null;
    }

    @Test
    void aStaticAddressThatAnEditTakesAwayIsRoutedUntilItsSessionIsOver() throws IOException {
        serve(SERVER_YAML);
        WindowsPeer windows = new WindowsPeer("alice", "secret-a");
        try (RealLine line = RealLine.connect(clientHost, SERVER, windows)) {
            line.awaitUp(windows);
            assertThat(line.ask(() -> windows.option(3))).hasToString(STATIC);
            int applied = applied();
            server.writeUsers(USERS);
            Await.until("the edit is applied", SOON, () -> applied() > applied);
            assertThat(routes()).contains(STATIC);
            line.ask(() -> {
                windows.hangUp();
                return true;
            });
            line.awaitPeer("the connection is closed", () -> windows.hungUp);
            Await.until("the route is gone", SOON, () -> !routes().contains(STATIC));
        }
    }

    private int applied() {
        return server.log().split("Configuration applied", -1).length;
    }

    private String routes() {
        return serverHost.command("ip", "route", "show", "dev", "pptpd0");
    }
}
