package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PacketCapture;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.PptpdServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Shows that the lab is sound, with a server that nobody doubts: what fails here is the lab's fault, not ours. */
@InteropLab
final class ReferenceServerIT {

    private static final Dial ALICE = Dial.to(Lab.REFERENCE_SERVER, "alice", "secret")
            .with("require-mppe-128");

    private final Lab lab;
    private final PptpdServer server;

    ReferenceServerIT(Lab lab) {
        this.lab = lab;
        server = PptpdServer.start(lab.reference(), "alice * secret *\nbob * secret *",
                "require-mschap-v2\nrequire-mppe-128\nms-dns " + Lab.DNS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aClientReachesTheInternetThroughPptpdAndTsharkUnderstandsEveryPacket() {
        Guest laptop = lab.laptop();
        try (var capture = PacketCapture.start(lab.wires(), "access",
                lab.directory().resolve("reference.pcap"),
                "host " + Lab.REFERENCE_SERVER)) {
            try (var client = PppClient.connect(laptop, ALICE)) {
                assertThat(client.output().text()).contains("CHAP authentication succeeded",
                        "MPPE 128-bit stateless compression enabled");
                assertThat(client.localAddress()).startsWith("198.18.2.1");
                assertThat(laptop.pings(Lab.REFERENCE_TUNNEL)).isEqualTo(5);
                assertThat(laptop.must("getent hosts " + Lab.WEB_NAME)).startsWith(Lab.WEB);
                assertThat(laptop.must("curl -s http://" + Lab.WEB_NAME + lab.page().path() + " | sha256sum"))
                        .startsWith(lab.page().sha256());
            }
            assertThat(capture.malformedFrom(Lab.REFERENCE_SERVER)).isEmpty();
        }
    }

    @Test
    void aClientIsToldError691WhenItsPasswordIsWrong() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.REFERENCE_SERVER, "alice", "wrong"))) {
            client.output().await("E=691", Duration.ofSeconds(20));
            assertThat(client.awaitExit()).isNotZero();
        }
    }

    @Test
    void theHomeRouterKeepsTwoClientsApartWithTheKernelsPptpHelper() {
        try (var home = lab.moveClientsHome();
                var first = PppClient.connect(home.laptop(), ALICE);
                var second = PppClient.connect(home.desktop(),
                        Dial.to(Lab.REFERENCE_SERVER, "bob", "secret").with("require-mppe-128"))) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(home.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(home.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(lab.natHost().counted("gateway", "helped")).isPositive();
        }
    }

    @Test
    void theStubbornWebServerDefeatsAServerThatOnlyReportsThePathMtu() {
        try (var client = PppClient.connect(lab.laptop(), ALICE.with("mru 1400", "mtu 1400"))) {
            assertThat(lab.laptop().run("curl -sfI http://" + Lab.STUBBORN_WEB + lab.page().path()).status())
                    .as("its headers, one small packet, pass").isZero();
            assertThat(lab.laptop().run("curl -s --max-time 5 -o /dev/null http://" + Lab.STUBBORN_WEB
                    + lab.page().path()).status()).as("exit status of curl, 28: timed out").isEqualTo(28);
            assertThat(client.isRunning()).isTrue();
        }
    }
}
