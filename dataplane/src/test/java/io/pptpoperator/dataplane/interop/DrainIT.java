package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import org.junit.jupiter.api.Test;

/** The server's orderly end. */
@InteropLab
final class DrainIT {

    private static final String PATIENT = withDrainTimeout("10m");
    private static final String IMPATIENT = withDrainTimeout("1s");

    private final Lab lab;

    DrainIT(Lab lab) {
        this.lab = lab;
    }

    private static String withDrainTimeout(String timeout) {
        return Configuration.SERVER + """
                drainTimeout: %s
                """.formatted(timeout);
    }

    @Test
    void afterSigtermNoNewCallIsTakenAndTheServerEndsWhenItsLastClientHasHungUp() {
        try (var server = lab.serve("drain-patient", PATIENT, Configuration.USERS)) {
            try (var alice = PppClient.connect(lab.laptop(), ALICE)) {
                server.terminate();
                Await.until("the draining server is no longer ready", Await.PATIENCE, () -> !server.isReady());
                try (var bob = PppClient.start(lab.desktop(), BOB)) {
                    bob.awaitExit();
                    assertThat(bob.output().text()).doesNotContain("CHAP authentication succeeded");
                }
                assertThat(alice.isRunning()).isTrue();
                assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            }
            assertThat(server.awaitExit(Await.PATIENCE)).as("exit status").isIn(0, 143);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a server that is stopped", result = "the client is told")
    @Test
    void sigtermEndsSessionsInOrderWhenTheTimeToDrainIsOverAndLeavesNothingBehind() {
        try (var server = lab.serve("drain-impatient", IMPATIENT, Configuration.USERS)) {
            try (var alice = PppClient.connect(lab.laptop(), ALICE)) {
                int logged = server.log().size();
                server.terminate();
                alice.output().await("LCP terminated by peer", Await.PATIENCE);
                alice.awaitExit();
                assertThat(server.awaitExit(Await.PATIENCE)).as("exit status").isIn(0, 143);
                assertThat(server.log().awaitFrom(logged, "alice", Await.PATIENCE)).contains(alice.localAddress());
            }
            String notify = "ip.src == " + Lab.SERVER + " and pptp.control_message_type == 13"
                    + " and not tcp.analysis.retransmission";
            assertThat(server.capture().packets(notify)).as("Call-Disconnect-Notify").hasSize(1);
        }
        assertThat(lab.serverHost().run("ip", "link", "show", "pptpd0").succeeded()).isFalse();
        assertThat(lab.serverHost().must("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void aServerWithoutClientsEndsAtOnce() {
        try (var server = lab.serve("drain-idle", PATIENT, Configuration.USERS)) {
            server.terminate();
            assertThat(server.awaitExit(Await.PATIENCE)).isIn(0, 143);
        }
    }
}
