package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PacketCapture;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.PptpdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Shows that the lab is sound, with a server that nobody doubts: what fails here is the lab's fault, not ours. */
@InteropLab
final class ReferenceServerIT {

    private static final Dial ALICE = Dial.to(Lab.REFERENCE_SERVER, "alice", "secret").with("require-mppe-128");

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

    /** Connects; pptpd's end of the link may be up a little later than the client's. */
    private static PppClient connect(Guest guest, Dial dial) {
        PppClient client = PppClient.connect(guest, dial);
        Await.until("pptpd's end of the link is up", Await.PATIENCE, () -> guest.pings(Lab.REFERENCE_TUNNEL) > 0);
        return client;
    }

    @Test
    void aClientReachesTheInternetThroughPptpdAndTsharkUnderstandsEveryPacket() {
        Guest laptop = lab.laptop();
        try (var capture = PacketCapture.start(lab.wires(), "access", lab.directory().resolve("reference.pcap"),
                "host " + Lab.REFERENCE_SERVER)) {
            try (var client = connect(laptop, ALICE)) {
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
    void tsharkCallsAnLcpOptionThatRunsPastItsPacketMalformed() throws IOException {
        String pcapHeader = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000";
        String ipv4 = "4500 0030 0001 0000 40 2f 0000 c0000201 c0000202";
        String gre = "3001 880b 000c 0001 00000000";
        String lcpConfigureRequest = "ff03 c021 01 01 0008 0506 1234";
        Path file = lab.directory().resolve("malformed.pcap");
        Files.write(file,
                HexFormat.of()
                        .parseHex((pcapHeader + "00000000 00000000 30000000 30000000" + ipv4 + gre + lcpConfigureRequest
                                + "00000000").replace(" ", "")));

        assertThat(PacketCapture.malformedFrom("192.0.2.1", file)).hasSize(1);
    }

    @Test
    void aClientIsToldError691WhenItsPasswordIsWrong() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.REFERENCE_SERVER, "alice", "wrong"))) {
            client.output().await("E=691", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
    }

    @Test
    void theHomeRouterKeepsTwoClientsApartWithTheKernelsPptpHelper() {
        try (var home = lab.moveClientsHome();
                var first = connect(home.laptop(), ALICE);
                var second = connect(home.desktop(),
                        Dial.to(Lab.REFERENCE_SERVER, "bob", "secret").with("require-mppe-128"))) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(home.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(home.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(lab.natHost().counted("gateway", "helped")).isPositive();
        }
    }

    @Test
    void theStubbornWebServerDefeatsAServerThatOnlyReportsThePathMtu() {
        try (var client = connect(lab.laptop(), ALICE.with("mru 1400", "mtu 1400"))) {
            assertThat(lab.laptop().run("curl -sfI http://" + Lab.STUBBORN_WEB + lab.page().path()).status())
                    .as("its headers, one small packet, pass")
                    .isZero();
            assertThat(lab.laptop()
                    .run("curl -s --max-time 5 -o /dev/null http://" + Lab.STUBBORN_WEB + lab.page().path())
                    .status()).as("exit status of curl, 28: timed out").isEqualTo(28);
            assertThat(client.isRunning()).isTrue();
        }
    }
}
