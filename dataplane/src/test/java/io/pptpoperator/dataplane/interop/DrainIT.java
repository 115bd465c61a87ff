package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The server's orderly end. */
@InteropLab
final class DrainIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PATIENT = Configuration.SERVER + """
            drain:
              timeout: 6s
            """;

    private final Lab lab;

    DrainIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void sigtermRefusesNewCallsLetsOldOnesBeForAWhileThenEndsThemAndLeavesNothingBehind() {
        try (var server = lab.serve("drain", PATIENT, Configuration.USERS)) {
            try (var alice = PppClient.connect(lab.laptop(), ALICE)) {
                server.terminate();
                Await.until("the draining server is no longer ready", SOON, () -> !server.isReady());
                try (var bob = PppClient.start(lab.desktop(), BOB)) {
                    bob.awaitExit();
                    assertThat(bob.output().text()).doesNotContain("CHAP authentication succeeded");
                }
                assertThat(alice.output().text()).doesNotContain("terminated by peer", "hangup");
                assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);

                alice.output().await("terminated by peer|Modem hangup", SOON);
                alice.awaitExit();
            }
            assertThat(server.awaitExit(SOON)).as("exit status").isIn(0, 143);
            assertThat(server.capture()
                    .packets("ip.src == " + Lab.SERVER + " and pptp.control_message_type == 13"))
                    .as("Call-Disconnect-Notify").hasSize(1);
        }
        assertThat(lab.serverHost().run("ip", "link", "show", "pptpd0").status()).as("its TUN is gone")
                .isNotZero();
        assertThat(lab.serverHost().must("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void aServerWithoutClientsEndsAtOnce() {
        var server = lab.serve("drain-idle", PATIENT, Configuration.USERS);
        try (server) {
            server.terminate();
            assertThat(server.awaitExit(Duration.ofSeconds(4))).isIn(0, 143);
        }
    }
}
