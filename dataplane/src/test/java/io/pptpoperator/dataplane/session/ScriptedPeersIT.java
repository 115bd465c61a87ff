package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows 10 and Android, byte by byte, against the server's own process over real TCP and GRE. */
class ScriptedPeersIT {
    private static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    private static final String SERVER_YAML = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            dns: [9.9.9.9, 1.1.1.1]
            drainTimeout: 0s
            """;
    private static final int PINGS = 20;

    @TempDir
    private Path directory;
    private NetworkNamespace serverHost;
    private NetworkNamespace clientHost;
    private ServerProcess server;

    @BeforeEach
    void startServer() throws IOException {
        Requirement.root();
        Requirement.programs("ip", "ping", "curl", "tshark");
        serverHost = new NetworkNamespace();
        clientHost = new NetworkNamespace();
        serverHost.command("ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                clientHost.id());
        for (NetworkNamespace host : new NetworkNamespace[]{serverHost, clientHost}) {
            host.command("ip", "addr", "add", host == serverHost ? SERVER + "/24" : "198.51.100.7/24", "dev", "cable");
            host.command("ip", "link", "set", "cable", "up");
        }
        serverHost.command("ip", "route", "add", "default", "via", "198.51.100.7");
        server = ServerProcess.start(serverHost, directory, SERVER_YAML, World.USERS);
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

    @Tried(with = Foreign.WINDOWS,
            what = "login with a domain, name servers, pings both ways, IPv6 offered in vain, hanging up")
    @Test
    void windowsConnectsEncryptedPingsBothWaysAndHangsUp() throws IOException, InterruptedException {
        WindowsPeer windows = new WindowsPeer("LAB\\alice", "secret-a");
        try (RealLine line = RealLine.connect(clientHost, SERVER, windows)) {
            assertConnectedAndPinging(line, windows);
            assertThat(server.sessions()).contains("\"user\":\"alice\"")
                    .contains("\"computer\":\"MSEDGEWIN10\"")
                    .contains("\"encryption\":\"MPPE 128 bits, stateless\"");
            assertThat(line.ask(() -> windows.ipv6Rejected)).isTrue();
            assertThat(line.ask(() -> windows.option(0x83))).isEqualTo(Ipv4Address.parse("1.1.1.1"));
            hangUp(line, windows);
        }
    }

    @Tried(with = Foreign.ANDROID, what = "login, name server, pings both ways without any acknowledgment, hanging up")
    @Test
    void androidConnectsEncryptedPingsBothWaysAndHangsUpWithoutEverAcknowledging()
            throws IOException, InterruptedException {
        AndroidPeer android = new AndroidPeer("bob", "secret-b");
        try (RealLine line = RealLine.connect(clientHost, SERVER, android)) {
            assertConnectedAndPinging(line, android);
            assertThat(server.sessions()).contains("\"user\":\"bob\"");
            assertThat(line.ask(() -> android.option(0x81))).isEqualTo(Ipv4Address.parse("9.9.9.9"));
            hangUp(line, android);
        }
    }

    private void assertConnectedAndPinging(RealLine line, ScriptedPeer peer) {
        line.awaitUp(peer);
        Await.until("the server says so", Await.PATIENCE, () -> server.log().contains("Connected"));
        for (int i = 0; i < PINGS; i++) {
            line.pingUntilAnswered(peer, World.GATEWAY, i, 68 * i);
        }
        serverHost.command("ping", "-q", "-c", Integer.toString(PINGS), "-i", "0.01", "-s", "1300", "-W", "10",
                line.ask(() -> peer.option(3)).toString());
    }

    private void hangUp(RealLine line, ScriptedPeer peer) throws IOException, InterruptedException {
        line.ask(() -> {
            peer.hangUp();
            return true;
        });
        line.awaitPeer("the connection is closed", () -> peer.hungUp);
        Await.until("the server says so", Await.PATIENCE, () -> server.log().contains("peer-request"));
        assertThat(server.sessions().strip()).isEqualTo("[]");
        Path capture = directory.resolve("gre.pcap");
        line.writeCapture(capture);
        assertThat(seenByTshark(capture, "gre")).hasSizeGreaterThan(2 * PINGS);
        assertThat(seenByTshark(capture, "_ws.malformed")).isEmpty();
    }

    private static List<String> seenByTshark(Path capture, String filter) throws IOException, InterruptedException {
        return NetworkNamespace.output("tshark", "-n", "-r", capture.toString(), "-Y", filter)
                .lines()
                .filter(line -> !line.startsWith("Running as user"))
                .toList();
    }
}
