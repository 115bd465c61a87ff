package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.ALICE_AS_IS;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients log in to a server with default settings, or are refused. */
@InteropLab
final class LoginIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Lab lab;
    private final RunningServer server;

    LoginIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("login", Configuration.SERVER + """
                ppp:
                  echoInterval: 1s
                """, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aClientLogsInWithMsChapV2AndMppe128AndReachesTheInternet() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(client.output().text()).contains("CHAP authentication succeeded",
                    "MPPE 128-bit stateless compression enabled",
                    "remote IP address " + Configuration.TUNNEL);
            assertThat(client.output().await("primary   DNS address", SOON)).endsWith(Lab.DNS);
            assertThat(client.localAddress()).startsWith("192.168.10.1");
            assertThat(lab.laptop().pings(Configuration.TUNNEL)).isEqualTo(5);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(server.sessionsWith("alice")).isEqualTo(1);
        }
        assertThat(server.log().await("alice.*" + Lab.LAPTOP + "|" + Lab.LAPTOP + ".*alice", SOON))
                .isNotBlank();
    }

    @Test
    void aWrongPasswordIsAnsweredWithError691() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.SERVER, "alice", "wrong"))) {
            client.output().await("E=691", SOON);
            assertThat(client.awaitExit()).isNotZero();
        }
        assertThat(server.sessionsWith("alice")).isZero();
    }

    @Test
    void anUnknownUserIsAnsweredLikeAWrongPassword() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.SERVER, "nobody", "secret-a"))) {
            client.output().await("E=691", SOON);
            assertThat(client.awaitExit()).isNotZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nomppe", "noccp"})
    void aClientThatRefusesEncryptionIsHungUpAndTheLogSaysWhy(String refusal) {
        int logged = server.log().size();
        try (var client = PppClient.start(lab.laptop(), ALICE_AS_IS.with(refusal))) {
            client.output().await("CHAP authentication succeeded", SOON);
            client.awaitExit();
            assertThat(client.output().text()).contains("terminated by peer")
                    .doesNotContain("local  IP address");
        }
        assertThat(server.log().awaitFrom(logged, "(?i)encrypt", SOON)).contains("alice");
    }

    @Test
    void twoClientsAreConnectedAtOnce() {
        try (var first = PppClient.connect(lab.laptop(), ALICE);
                var second = PppClient.connect(lab.desktop(), BOB)) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(server.sessions()).hasSize(2);
        }
    }

    @Test
    void twoClientsBehindOneRouterAreConnectedAtOnce() {
        try (var home = lab.moveClientsHome();
                var first = PppClient.connect(home.laptop(), ALICE);
                var second = PppClient.connect(home.desktop(), BOB)) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(home.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(home.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(server.sessionsWith(Lab.NAT_OUTSIDE)).isEqualTo(2);
        }
        assertThat(lab.natHost().counted("gateway", "helped")).as("packets that the router's PPTP helper saw")
                .isPositive();
    }

    @Test
    void aUsersSecondLoginTakesThePlaceOfTheFirst() {
        try (var first = PppClient.connect(lab.laptop(), ALICE);
                var second = PppClient.connect(lab.desktop(), ALICE)) {
            first.output().await("terminated by peer|Modem hangup", SOON);
            assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(second.isRunning()).isTrue();
            assertThat(server.sessionsWith("alice")).isEqualTo(1);
        }
    }

    @Test
    void theServerAnswersAClientsLcpEchoes() {
        try (var client = PppClient.connect(lab.laptop(),
                ALICE.with("lcp-echo-interval 1", "lcp-echo-failure 3"))) {
            client.output().await("sent \\[LCP EchoReq", SOON);
            client.output().await("rcvd \\[LCP EchoRep", SOON);
        }
    }

    @Test
    void theServerAsksASilentClientForLcpEchoes() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            client.output().await("rcvd \\[LCP EchoReq", SOON);
            client.output().await("sent \\[LCP EchoRep", SOON);
            int afterTheFirst = client.output().size();
            client.output().awaitFrom(afterTheFirst, "rcvd \\[LCP EchoReq", SOON);
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Test
    void theServerAnswersAClientsControlConnectionEchoes() {
        int logged = lab.laptop().syslog().size();
        try (var client = PppClient.connect(lab.laptop(),
                ALICE.withPptp("--idle-wait 1", "--max-echo-wait 5"))) {
            lab.laptop().syslog().awaitFrom(logged, "Echo Reply received", SOON);
            assertThat(client.isRunning()).isTrue();
        }
    }
}
