package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.ClientProgram;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Namespace;
import io.pptpoperator.dataplane.interop.lab.Pppd;
import io.pptpoperator.dataplane.interop.lab.PptpdServer;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client, behind a home router, with our server and with pptpd. */
@InteropLab
final class ConnectIT {

    private static final String OWN_ROUTES = "148";

    private final Lab lab;
    private final Namespace host;
    private final RunningServer server;
    private final String routesBefore;

    ConnectIT(Lab lab) {
        this.lab = lab;
        host = lab.homeClient();
        routesBefore = host.must("ip", "route");
        server = lab.serve("connect", Configuration.SERVER, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Whatever a test does, the host is as it was. */
    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(host.must("ip", "route")).isEqualTo(routesBefore);
        assertThat(host.must("ip", "-br", "link", "show", "type", "tun")).isEmpty();
    }

    private ClientProgram connect(String password, String address, String... options) {
        List<String> arguments = new ArrayList<>(List.of("connect", address, "--user", "alice"));
        arguments.addAll(List.of(options));
        return ClientProgram.start(lab, host, password, arguments.toArray(String[]::new));
    }

    private String ownRoutes() {
        return host.must("ip", "route", "show", "proto", OWN_ROUTES);
    }

    @Test
    void everythingGoesThroughTheTunnelAndTheWayToTheServerStaysOutside() {
        assertThat(host.pings(Lab.WEB)).as("pings of the internet without a tunnel").isZero();
        try (var client = connect("secret-a", Lab.SERVER, "--route", "default")) {
            client.output()
                    .await("connected as alice: 192\\.168\\.10\\.1\\d\\d .*MPPE 128 bits, stateless", Await.PATIENCE);
            client.output().await("routed into the tunnel: everything", Await.PATIENCE);
            assertThat(client.output().await("name servers: ", Await.PATIENCE)).contains(Lab.DNS);
            assertThat(host.must("ip", "route", "get", Lab.SERVER)).contains("via " + Lab.NAT_INSIDE, "dev eth0");
            assertThat(host.must("ip", "route", "get", Lab.WEB)).contains("dev pptp0");
            assertThat(host.pings(Lab.WEB)).isEqualTo(5);
            String page = "http://" + Lab.WEB + lab.page().path();
            assertThat(host.must("sh", "-c", "curl -s --max-time 100 " + page + " | sha256sum"))
                    .startsWith(lab.page().sha256());
            client.terminate();
            client.awaitExit(Await.PATIENCE);
            assertThat(client.output().text()).contains("disconnected");
        }
        Await.until("the server has no session any more", Await.PATIENCE, () -> server.sessions().isEmpty());
    }

    @Test
    void aKilledClientsRouteIsRemovedByTheNextOne() {
        try (var client = connect("secret-a", Lab.SERVER, "--route", "default")) {
            client.output().await("routed into the tunnel", Await.PATIENCE);
            client.kill();
        }
        assertThat(ownRoutes()).as("what is left of a killed client")
                .contains(Lab.SERVER + " via " + Lab.NAT_INSIDE)
                .hasLineCount(1);
        try (var client = connect("secret-a", Lab.SERVER, "--route", "203.0.113.0/24")) {
            client.output().await("removed 1 route", Await.PATIENCE);
            client.output().await("routed into the tunnel: 203.0.113.0/24", Await.PATIENCE);
            assertThat(ownRoutes()).doesNotContain(Lab.SERVER);
            assertThat(host.pings(Lab.WEB)).isEqualTo(5);
        }
    }

    @Test
    void nameServersAreAppliedAndPutBackAlsoAfterAKill() throws IOException {
        Path resolvConf = Files.writeString(lab.directory().resolve("resolv.conf"), "nameserver 198.18.1.1\n");
        String[] options = {"--dns", "apply", "--resolv-conf", resolvConf.toString()};
        try (var client = connect("secret-a", Lab.SERVER, options)) {
            client.output().await("name servers: ", Await.PATIENCE);
            assertThat(resolvConf).content().contains("nameserver " + Lab.DNS).doesNotContain("198.18.1.1");
            assertThat(host.must("ip", "route", "get", Lab.DNS)).contains("dev pptp0");
            client.kill();
        }
        assertThat(resolvConf).content().contains("nameserver " + Lab.DNS);
        try (var client = connect("wrong", Lab.SERVER, options)) {
            client.output().await("put .*resolv.conf back", Await.PATIENCE);
            assertThat(client.awaitExit(Await.PATIENCE)).isEqualTo(1);
        }
        assertThat(resolvConf).hasContent("nameserver 198.18.1.1");
    }

    @Test
    void aWrongPasswordAtTheFirstAttemptIsTheEnd() {
        try (var client = connect("wrong", Lab.SERVER, "--route", "default")) {
            assertThat(client.awaitExit(Await.PATIENCE)).isEqualTo(1);
            assertThat(client.output().text()).contains("not connected: ", "691").doesNotContain("dialling again");
        }
    }

    @Test
    void aWrongPasswordIsTriedAgainByAClientThatPersists() {
        try (var client = connect("wrong", Lab.SERVER, "--route", "default", "--persist")) {
            client.output().await("not connected: .*691", Await.PATIENCE);
            client.output().await("dialling again in", Await.PATIENCE);
        }
    }

    @Test
    void aClientDialsAgainWhenTheServerComesBack() {
        try (var client = connect("secret-a", Lab.SERVER, "--route", "default")) {
            client.output().await("routed into the tunnel", Await.PATIENCE);
            int before = client.output().size();
            server.kill();
            client.output().awaitFrom(before, "dialling again in", Await.PATIENCE);
            assertThat(ownRoutes()).as("routes between two sessions").isEmpty();
            server.start();
            client.output().awaitFrom(before, "routed into the tunnel", Await.PATIENCE);
            assertThat(host.pings(Lab.WEB)).isEqualTo(5);
        }
    }

    @Tried(with = Foreign.PPTPD, what = "login, pings of the internet")
    @Tried(with = Foreign.PPTPD, encryption = Tried.MPPE_40, what = "login, pings of the internet")
    @Tried(with = Foreign.PPTPD, method = "MS-CHAPv1", what = "login, pings of the internet")
    @Tried(with = Foreign.PPTPD, method = "CHAP-MD5", encryption = Tried.CLEAR, what = "login, pings of the internet")
    @Tried(with = Foreign.PPTPD, method = "PAP", encryption = Tried.CLEAR, what = "login, pings of the internet")
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"require-mschap-v2, require-mppe-128 | mschapv2 | required | 128 | MPPE 128 bits, stateless",
                    "require-mschap-v2, require-mppe-40 | mschapv2 | required | 40 | MPPE 40 bits, stateless",
                    "require-mschap, require-mppe-128 | mschapv1 | required | 128 | MPPE 128 bits, stateless",
                    "require-chap, nomppe | chap-md5 | off | 128 | NOT ENCRYPTED",
                    "require-pap, nomppe | pap | off | 128 | NOT ENCRYPTED"})
    void pptpdLetsOurClientInWithEveryMethodAndStrength(String options, String method, String encryption, String bits,
            String outcome) {
        try (var pptpd = PptpdServer.start(lab.reference(), "alice * secret-a *", options.replace(", ", "\n"));
                var client = connect("secret-a", Lab.REFERENCE_SERVER, "--route", "203.0.113.0/24", "--auth", method,
                        "--encryption", encryption, "--key-lengths", bits)) {
            assertThat(client.output().await("connected as alice", Await.PATIENCE)).contains(outcome);
            client.output().await("routed into the tunnel", Await.PATIENCE);
            if (method.equals("mschapv1") && Pppd.isFaulty()) {
                assertThat(host.pings(Lab.REFERENCE_TUNNEL)).as("a pppd with a key of zeros understands nothing")
                        .isZero();
                return;
            }
            Await.until("pptpd's end of the link is up", Await.PATIENCE, () -> host.pings(Lab.REFERENCE_TUNNEL) > 0);
            assertThat(host.pings(Lab.REFERENCE_TUNNEL)).isEqualTo(5);
            assertThat(host.pings(Lab.WEB)).isEqualTo(5);
            assertThat(pptpd).isNotNull();
        }
    }

    @Tried(with = Foreign.PPTPD, encryption = Tried.MPPE_40,
            what = "a client that may use 40 bits only, where 128 are required",
            result = "not connected, and told what each end insists on")
    @Test
    void aClientOf40BitsIsToldWhatEachEndInsistsOn() {
        try (var pptpd = PptpdServer.start(lab.reference(), "alice * secret-a *",
                "require-mschap-v2\nrequire-mppe-128")) {
            for (String address : List.of(Lab.SERVER, Lab.REFERENCE_SERVER)) {
                try (var client = connect("secret-a", address, "--route", "203.0.113.0/24", "--key-lengths", "40")) {
                    assertThat(client.awaitExit(Await.PATIENCE)).isEqualTo(1);
                    assertThat(client.output().text()).as(address)
                            .contains("the peer insists on MPPE with 128 bits, and only 40 bits are allowed here");
                }
            }
            assertThat(pptpd).isNotNull();
        }
    }
}
