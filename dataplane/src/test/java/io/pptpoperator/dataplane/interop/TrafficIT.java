package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Guest;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a connected client's packets meet: the internet, web servers that break the rules, other clients. Each with all
 * that makes the datapath fast, without XDP sockets, and with nothing of it, as on hosts that have it not.
 */
@InteropLab
@ParameterizedClass(name = "datapath: {1}, XDP sockets: {2}")
@CsvSource(textBlock = """
        fast,  Auto,  Never
        plain, Never, Never
        xdp,   Auto,  Always
        """)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TrafficIT {

    @Parameter(0)
    private String name;
    @Parameter(1)
    private String datapath;
    @Parameter(2)
    private String xdpSockets;
    private final Lab lab;
    private String configuration;
    private RunningServer server;

    TrafficIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeParameterizedClassInvocation
    void start() {
        configuration = Configuration.SERVER + "offload: " + datapath + "\npacketSockets: " + datapath
                + "\nxdpSockets: " + xdpSockets + "\n";
        server = lab.serve("traffic-" + name, configuration, Configuration.USERS);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "names, asked of the name server that the client was given",
            result = "resolved through the tunnel")
    @Test
    void namesAreResolvedThroughTheTunnelByTheDnsServerThatTheClientWasGiven() {
        int asked = lab.dnsLog().size();
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(lab.laptop().must("getent hosts " + Lab.WEB_NAME)).startsWith(Lab.WEB);
            assertThat(lab.dnsLog().awaitFrom(asked, "query\\[A\\] " + Lab.WEB_NAME, Await.PATIENCE))
                    .as("the DNS server sees the server's masqueraded address")
                    .endsWith("from " + Lab.SERVER_UPLINK);
            assertThat(client.isRunning()).isTrue();
        }
    }

    // Last, because it fills the capture.
    @Tried(with = Foreign.PPTP_LINUX, what = "100 MB from a web server through masquerade", result = "unharmed")
    @Test
    @Order(Integer.MAX_VALUE)
    void aHundredMegabytesArriveUnharmedThroughMasquerade() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            Outcome download = lab.laptop()
                    .run("curl -sS http://" + Lab.WEB + lab.largeFile().path() + " | sha256sum", Duration.ofMinutes(8));
            assertThat(download.output()).startsWith(lab.largeFile().sha256());
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a page from a web server that heeds neither MSS nor ICMP",
            result = "loads")
    @Test
    void aPageLoadsFromAWebServerThatHeedsNeitherMssNorIcmp() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            Outcome page = lab.laptop()
                    .run("curl -sS --max-time 100 http://" + Lab.STUBBORN_WEB + lab.page().path() + " | sha256sum");
            assertThat(page.output()).startsWith(lab.page().sha256());
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "packets out of order", result = "sorted, not lost")
    @Test
    void packetsThatReachTheServerOutOfOrderAreSortedNotLost() {
        // pptp lets 20 packets pass, then holds ten back and sends them in reverse order, and so on.
        try (var client = PppClient.connect(lab.laptop(), ALICE.withPptp("--test-type 3", "--test-rate 20"))) {
            String pings = lab.laptop().run("ping -n -q -c 300 -i 0.01 -W 1 " + Lab.WEB).output();
            assertThat(received(pings)).as("answers to 300 pings; without sorting nearly a third is lost")
                    .isGreaterThan(250);
            assertThat(client.isRunning()).isTrue();
        }
    }

    private static int received(String pingStatistics) {
        var matcher = Pattern.compile("(\\d+) received").matcher(pingStatistics);
        assertThat(matcher.find()).as("ping printed its statistics: " + pingStatistics).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a ping of another client",
            result = "only where the configuration allows it")
    @Test
    void clientsReachEachOtherOnlyWhenTheConfigurationAllowsIt() {
        try (var first = PppClient.connect(lab.laptop(), ALICE); var second = PppClient.connect(lab.desktop(), BOB)) {
            assertThat(lab.laptop().pings(second.localAddress())).isZero();
            assertThat(lab.desktop().pings(first.localAddress())).isZero();

            server.writeServer(configuration + "isolateClients: false\n");
            Await.until("the changed configuration lets clients reach each other", Await.PATIENCE,
                    () -> lab.laptop().pings(second.localAddress()) == 5);
        } finally {
            server.writeServer(configuration);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "packets with a source that is not the client's", result = "dropped")
    @Test
    void packetsWithASourceAddressThatIsNotTheClientsAreDropped() {
        Guest laptop = lab.laptop();
        try (var client = PppClient.connect(laptop, ALICE)) {
            List<String> stolen = List.of("192.168.10.199", Configuration.TUNNEL, "198.18.9.9");
            long spoofedBefore = lab.internetHost().counted("witness", "spoofed");
            long ownBefore = lab.internetHost().counted("witness", "own");
            stolen.forEach(source -> {
                laptop.must("ip address add " + source + "/32 dev lo");
                laptop.must("echo spoofed | socat -u - UDP4:" + Lab.WEB + ":9002,bind=" + source);
                laptop.must("ip address del " + source + "/32 dev lo");
            });
            // Sent last, so that the others would have arrived before it.
            laptop.must("echo own | socat -u - UDP4:" + Lab.WEB + ":9001,bind=" + client.localAddress());

            Await.until("the packet with the client's own address has arrived", Await.PATIENCE,
                    () -> lab.internetHost().counted("witness", "own") == ownBefore + 1);
            assertThat(lab.internetHost().counted("witness", "spoofed")).isEqualTo(spoofedBefore);
        }
    }
}
