package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.Requirement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is told to end while it starts. */
class PacServerIT {
    private static final String USERS = "users: [{username: alice, password: secret-a}]\n";

    private NetworkNamespace host;

    @BeforeEach
    void prepare() {
        Requirement.root();
        Requirement.programs("ip", "nft");
        host = new NetworkNamespace();
        host.command("ip", "link", "add", "wire", "type", "veth", "peer", "name", "end");
        host.command("ip", "link", "set", "end", "up");
        host.command("ip", "addr", "add", "198.51.100.1/24", "dev", "wire");
        host.command("ip", "link", "set", "wire", "up");
        host.command("ip", "route", "add", "default", "via", "198.51.100.7");
    }

    @AfterEach
    void remove() {
        if (host != null) {
            host.close();
        }
    }

    private static PacServer server(String address) {
        return new PacServer(ConfigReader.parse("""
                localIP: 192.168.10.1
                pools: [192.168.10.100-200]
                listen: {address: %s}
                """.formatted(address), USERS));
    }

    @Test
    void whatWasSetUpMeanwhileIsTakenDownAgain() throws Exception {
        PacServer server = server("198.51.100.1");
        CompletableFuture<Void> end = CompletableFuture.runAsync(server::drainAndClose);
        host.run(server::start);
        end.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(server.awaitStop()).isTrue();
        assertThat(host.command("nft", "list", "ruleset")).isEmpty();
        assertThat(host.command("ip", "link")).doesNotContain("pptpd0");
    }

    @Test
    void aStartThatFailsLeavesNothingToWaitFor() throws Exception {
        PacServer server = server("203.0.113.99");
        CompletableFuture<Void> end = CompletableFuture.runAsync(server::drainAndClose);
        assertThatThrownBy(() -> host.run(server::start)).isInstanceOf(StartupException.class)
                .hasMessageContaining("203.0.113.99");
        end.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(host.command("nft", "list", "ruleset")).isEmpty();
    }
}
