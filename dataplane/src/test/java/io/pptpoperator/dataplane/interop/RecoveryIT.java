package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.GuestCommand;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The server goes on, or comes back, when it is killed, its rules vanish, a user is switched off, a client is gone. */
@InteropLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RecoveryIT {

    private static final String BOB_HAS_A_NEW_PASSWORD = """
            users:
              - username: alice
                password: "secret-a"
              - username: bob
                password: "changed"
            """;
    private static final String ALICE_IS_DISABLED = """
            users:
              - username: alice
                password: "secret-a"
                enabled: false
              - username: bob
                password: "secret-b"
            """;

    private final Lab lab;
    private final RunningServer server;

    RecoveryIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("recovery", Configuration.SERVER + """
                keepalive:
                  interval: 1s
                  failures: 8
                """, Configuration.USERS);
    }

    @AfterEach
    void restoreUsers() {
        server.applyUsers(Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a client that persists, while the server is killed and started",
            result = "connects again")
    @Test
    void aClientReconnectsByItselfAfterTheServerWasKilledAndStartedAgain() {
        try (var client = PppClient.connect(lab.laptop(),
                ALICE.with("persist", "maxfail 0", "holdoff 1", "lcp-echo-interval 1", "lcp-echo-failure 8"))) {
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            String rules = rules();
            int before = client.output().size();

            server.kill();
            server.start();

            client.awaitUpAgain(before);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(rules()).as("the rules are there once, as before").isEqualTo(rules);
        }
    }

    @Test
    void rulesThatSomebodyFlushesAreBackSoon() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            String rules = rules();
            assertThat(rules).contains("masquerade");

            lab.serverHost().must("nft", "flush", "ruleset");

            // The promise is five seconds; the rest is for busy machines.
            Duration healed = Await.until("the flushed rules are back", Await.PATIENCE, () -> rules().equals(rules));
            System.out.println("Flushed rules were back after " + healed.toMillis() + " ms.");
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(client.isRunning()).isTrue();
        }
    }

    private String rules() {
        return lab.serverHost().must("nft", "--stateless", "list", "ruleset");
    }

    // Last, because it fills the capture.
    @Test
    @Order(Integer.MAX_VALUE)
    void aDisabledUsersSessionEndsAtOnceWhileAnothersDownloadGoesOn() {
        try (var alice = PppClient.connect(lab.laptop(), ALICE); var bob = PppClient.connect(lab.desktop(), BOB)) {
            GuestCommand download = lab.desktop()
                    .start("curl -sS --limit-rate 1M http://" + Lab.WEB + lab.mediumFile().path() + " | sha256sum");
            Await.until("the download has begun", Await.PATIENCE,
                    () -> Long.parseLong(lab.desktop().must("cat /sys/class/net/ppp0/statistics/rx_bytes")) > 100_000);

            long disabled = System.nanoTime();
            server.writeUsers(ALICE_IS_DISABLED);
            alice.output().await("terminated by peer|Modem hangup", Await.PATIENCE);
            Duration took = Duration.ofNanos(System.nanoTime() - disabled);

            System.out.println("A disabled user's client was hung up on after " + took.toMillis() + " ms.");
            // The promise is one second; a busy machine can keep that the download, of twenty seconds, still runs.
            assertThat(download.isRunning()).isTrue();
            alice.awaitExit();
            try (var again = PppClient.start(lab.laptop(), ALICE)) {
                again.output().await("E=647", Await.PATIENCE);
                assertThat(again.awaitExit()).isNotZero();
            }
            download.awaitExit(Duration.ofMinutes(5));
            assertThat(download.output().text()).startsWith(lab.mediumFile().sha256());
            assertThat(bob.isRunning()).isTrue();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a password changed while connected", result = "counts at the next login")
    @Test
    void aChangedPasswordCountsForNewLoginsAndDisturbsNobody() {
        Dial bobWithNewPassword = Dial.to(Lab.SERVER, "bob", "changed").with("require-mppe-128");
        try (var alice = PppClient.connect(lab.laptop(), ALICE)) {
            server.writeUsers(BOB_HAS_A_NEW_PASSWORD);
            Await.until("the new password is accepted", Await.PATIENCE, () -> {
                try (var bob = PppClient.start(lab.desktop(), bobWithNewPassword)) {
                    bob.output().await("CHAP authentication (succeeded|failed)|E=\\d+", Await.PATIENCE);
                    return bob.output().has("CHAP authentication succeeded");
                }
            });
            try (var bob = PppClient.start(lab.desktop(), BOB)) {
                bob.output().await("E=691", Await.PATIENCE);
                assertThat(bob.awaitExit()).isNotZero();
            }
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(alice.isRunning()).isTrue();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a client that vanishes", result = "missed, its session ends")
    @Test
    void aClientThatVanishesIsMissedAfterItsEchoesStayUnanswered() {
        try (var client = PppClient.connect(lab.desktop(), BOB)) {
            assertThat(server.sessionsWith("bob")).isEqualTo(1);
            lab.desktop().must("ip link set vec0 down");
            Await.until("the server has ended the session of the client that is gone", Await.PATIENCE,
                    () -> server.sessionsWith("bob") == 0);
            assertThat(client.isRunning()).as("the client itself knows nothing of it").isTrue();
        } finally {
            lab.desktop().must("ip link set vec0 up");
        }
    }
}
