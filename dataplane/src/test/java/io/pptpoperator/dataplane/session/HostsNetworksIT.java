package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is configured for users, the host of the server keeps its own networks, and the server runs. */
class HostsNetworksIT {

    private static final String SERVER = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            drainTimeout: 0s
            """;
    private static final String USERS = """
            users:
              - {username: alice, password: secret-a, address: 10.9.0.7}
            """;
    private static final String IN_THE_WAY = """
              - {username: bob, password: secret-b, address: 10.1.1.7, routes: [10.0.0.0/8, 192.168.50.0/24]}
            """;

    @TempDir
    private Path directory;
    private NetworkNamespace host;

    @BeforeEach
    void makeHost() {
        Requirement.root();
        Requirement.programs("ip", "curl");
        host = new NetworkNamespace();
        host.command("ip", "link", "add", "lan", "type", "veth", "peer", "name", "neighbour");
        host.command("ip", "addr", "add", "10.1.1.5/24", "dev", "lan");
        host.command("ip", "link", "set", "lan", "up");
        host.command("ip", "link", "set", "neighbour", "up");
        host.command("ip", "route", "add", "default", "via", "10.1.1.1");
    }

    @AfterEach
    void close() {
        if (host != null) {
            host.close();
        }
    }

    private String wayTo(String address) {
        return host.command("ip", "route", "get", address);
    }

    @Test
    void aUserInTheWayKeepsNoServerFromStarting() throws IOException {
        try (ServerProcess server = ServerProcess.start(host, directory, SERVER, USERS + IN_THE_WAY)) {
            assertThat(server.log()).contains("address 10.1.1.7 overlaps 10.1.1.0/24")
                    .contains("route 10.0.0.0/8 overlaps 10.1.1.0/24")
                    .doesNotContain("192.168.50.0/24 overlaps");
            assertThat(wayTo("10.1.1.7")).contains("dev lan");
            assertThat(wayTo("10.9.0.7")).contains("dev pptpd0");
        }
    }

    @Test
    void aUserWhoComesLaterDoesNotGetInTheWayEither() throws IOException {
        try (ServerProcess server = ServerProcess.start(host, directory, SERVER, USERS)) {
            Files.writeString(directory.resolve("config/users.yaml"),
                    USERS + IN_THE_WAY + "  - {username: carol, password: secret-c, address: 10.9.0.8}\n");

            Await.until("the users are applied", Await.PATIENCE, () -> server.log().contains("Configuration applied"));
            assertThat(server.log()).contains("address 10.1.1.7 overlaps 10.1.1.0/24");
            assertThat(wayTo("10.1.1.7")).contains("dev lan");
            assertThat(wayTo("10.9.0.8")).contains("dev pptpd0");
        }
    }

    @Test
    void poolsInTheWayAreNotTakenOnWhileUsersAre() throws IOException {
        try (ServerProcess server = ServerProcess.start(host, directory, SERVER, USERS)) {
            Files.writeString(directory.resolve("config/users.yaml"),
                    USERS + "  - {username: carol, password: secret-c, address: 10.9.0.8}\n");
            Files.writeString(directory.resolve("config/server.yaml"),
                    SERVER.replace("pools: [", "pools: [10.1.1.16/28, "));

            Await.until("the pools are refused and the user is there", Await.PATIENCE,
                    () -> server.log().contains("pools: stays as it is") && wayTo("10.9.0.8").contains("dev pptpd0"));
            assertThat(wayTo("10.1.1.17")).contains("dev lan");
            assertThat(wayTo("192.168.10.150")).contains("dev pptpd0");
        }
    }
}
