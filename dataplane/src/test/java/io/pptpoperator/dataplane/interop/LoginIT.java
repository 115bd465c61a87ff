package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE;
import static io.pptpoperator.dataplane.interop.Configuration.ALICE_AS_IS;
import static io.pptpoperator.dataplane.interop.Configuration.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients log in to a server with default settings, or are refused. */
@InteropLab
final class LoginIT {

    private final Lab lab;
    private final RunningServer server;

    LoginIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("login", Configuration.SERVER + """
                keepalive:
                  interval: 1s
                  failures: 30
                """, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A client has gone a little before its server has noticed: a test before this one may have left a session. */
    private void awaitSessionsWith(String text, long count) {
        Await.until("the server has " + count + " sessions with " + text, Await.PATIENCE,
                () -> server.sessionsWith(text) == count);
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "login, addresses, name server, pings of server and internet")
    @Test
    void aClientLogsInWithMsChapV2AndMppe128AndReachesTheInternet() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            assertThat(client.output().text()).contains("CHAP authentication succeeded",
                    "MPPE 128-bit stateless compression enabled", "remote IP address " + Configuration.TUNNEL);
            assertThat(client.output().await("primary   DNS address", Await.PATIENCE)).endsWith(Lab.DNS);
            assertThat(client.localAddress()).startsWith("192.168.10.1");
            assertThat(lab.laptop().pings(Configuration.TUNNEL)).isEqualTo(5);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            awaitSessionsWith("alice", 1);
        }
        assertThat(server.log().await("alice.*" + Lab.LAPTOP + "|" + Lab.LAPTOP + ".*alice", Await.PATIENCE))
                .isNotBlank();
    }

    @Tried(with = Foreign.PPTP_LINUX, encryption = Tried.NONE, what = "a wrong password",
            result = "refused with error 691")
    @Test
    void aWrongPasswordIsAnsweredWithError691() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.SERVER, "alice", "wrong"))) {
            client.output().await("E=691", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
        awaitSessionsWith("alice", 0);
    }

    @Tried(with = Foreign.PPTP_LINUX, encryption = Tried.NONE, what = "an unknown user",
            result = "refused like a wrong password")
    @Test
    void anUnknownUserIsAnsweredLikeAWrongPassword() {
        try (var client = PppClient.start(lab.laptop(), Dial.to(Lab.SERVER, "nobody", "secret-a"))) {
            client.output().await("E=691", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, encryption = Tried.CLEAR,
            what = "a client that refuses encryption which is required", result = "hung up on, and the log says why")
    @ParameterizedTest
    @ValueSource(strings = {"nomppe", "noccp"})
    void aClientThatRefusesEncryptionIsHungUpAndTheLogSaysWhy(String refusal) {
        int logged = server.log().size();
        try (var client = PppClient.start(lab.laptop(), ALICE_AS_IS.with(refusal))) {
            client.output().await("CHAP authentication succeeded", Await.PATIENCE);
            client.awaitExit();
            assertThat(client.output().text()).contains("terminated by peer").doesNotContain("local  IP address");
        }
        assertThat(server.log().awaitFrom(logged, "(?i)encrypt", Await.PATIENCE)).contains("alice");
    }

    @Tried(with = Foreign.PPTP_LINUX, encryption = Tried.MPPE_40,
            what = "a client that may use 40 bits only, where 128 are required",
            result = "hung up on, and the log says what each end insists on")
    @Test
    void aClientOf40BitsIsHungUpAndTheLogSaysWhatEachEndInsistsOn() {
        int logged = server.log().size();
        try (var client = PppClient.start(lab.laptop(), ALICE_AS_IS.with("require-mppe-40", "nomppe-128"))) {
            client.awaitExit();
            assertThat(client.output().text()).doesNotContain("local  IP address");
        }
        assertThat(server.log().awaitFrom(logged, "encryption-refused", Await.PATIENCE)).contains(
                "the peer insists on MPPE with 40 bits, and only 128 bits are allowed here", "require-mppe-128");
        assertThat(server.lastFailure("alice")).as("what kubectl pptp doctor goes by").isEqualTo("encryption-refused");
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "two clients at once")
    @Test
    void twoClientsAreConnectedAtOnce() {
        try (var first = PppClient.connect(lab.laptop(), ALICE); var second = PppClient.connect(lab.desktop(), BOB)) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
            awaitSessionsWith("alice", 1);
            awaitSessionsWith("bob", 1);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "two clients behind one router with the kernel's PPTP helper")
    @Test
    void twoClientsBehindOneRouterAreConnectedAtOnce() {
        try (var home = lab.moveClientsHome();
                var first = PppClient.connect(home.laptop(), ALICE);
                var second = PppClient.connect(home.desktop(), BOB)) {
            assertThat(first.localAddress()).isNotEqualTo(second.localAddress());
            assertThat(home.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(home.desktop().pings(Lab.WEB)).isEqualTo(5);
            awaitSessionsWith(Lab.NAT_OUTSIDE, 2);
        }
        assertThat(lab.natHost().counted("gateway", "helped")).as("packets that the router's PPTP helper saw")
                .isPositive();
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a user's second login", result = "takes the place of the first")
    @Test
    void aUsersSecondLoginTakesThePlaceOfTheFirst() {
        try (var first = PppClient.connect(lab.laptop(), ALICE); var second = PppClient.connect(lab.desktop(), ALICE)) {
            first.output().await("terminated by peer|Modem hangup", Await.PATIENCE);
            assertThat(lab.desktop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(second.isRunning()).isTrue();
            awaitSessionsWith("alice", 1);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "the client's LCP echoes", result = "answered")
    @Test
    void theServerAnswersAClientsLcpEchoes() {
        try (var client = PppClient.connect(lab.laptop(), ALICE.with("lcp-echo-interval 1", "lcp-echo-failure 30"))) {
            client.output().await("sent \\[LCP EchoReq", Await.PATIENCE);
            client.output().await("rcvd \\[LCP EchoRep", Await.PATIENCE);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "the server's LCP echoes", result = "answered")
    @Test
    void theServerAsksASilentClientForLcpEchoes() {
        try (var client = PppClient.connect(lab.laptop(), ALICE)) {
            client.output().await("rcvd \\[LCP EchoReq", Await.PATIENCE);
            client.output().await("sent \\[LCP EchoRep", Await.PATIENCE);
            int afterTheFirst = client.output().size();
            client.output().awaitFrom(afterTheFirst, "rcvd \\[LCP EchoReq", Await.PATIENCE);
            assertThat(client.isRunning()).isTrue();
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "echoes of the control connection", result = "answered")
    @Test
    void theServerAnswersAClientsControlConnectionEchoes() {
        int logged = lab.laptop().syslog().size();
        try (var client = PppClient.connect(lab.laptop(), ALICE.withPptp("--idle-wait 1", "--max-echo-wait 60"))) {
            lab.laptop().syslog().awaitFrom(logged, "Echo Reply received", Await.PATIENCE);
            assertThat(client.isRunning()).isTrue();
        }
    }
}
