package io.pptpoperator.dataplane.interop;

import static io.pptpoperator.dataplane.interop.Configuration.ALICE_AS_IS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.Pppd;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Real clients log in to a server that allows what is off by default: older methods, weaker or no encryption. */
@InteropLab
final class OtherMethodsIT {

    private final Lab lab;
    private final RunningServer server;

    OtherMethodsIT(Lab lab) {
        this.lab = lab;
        server = lab.serve("other-methods", Configuration.SERVER + """
                authentication:
                  methods: [MSCHAPv2, MSCHAPv1, CHAP-MD5, PAP]
                encryption:
                  policy: Preferred
                  keyLengths: [128, 40]
                """, Configuration.USERS);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Tried(with = Foreign.PPTP_LINUX,
            what = "a client that leaves the choice to a server with all methods and key lengths",
            result = "the strongest of each")
    @Test
    void theStrongestOfAllMethodsAndKeyLengthsIsOfferedFirst() {
        try (var client = PppClient.connect(lab.laptop(), ALICE_AS_IS.with("require-mppe-40", "require-mppe-128"))) {
            assertThat(client.output().await("rcvd \\[LCP ConfReq", Await.PATIENCE)).contains("auth chap MS-v2");
            assertThat(client.output().text()).contains("MPPE 128-bit stateless compression enabled");
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, encryption = Tried.MPPE_40, what = "login, pings of the internet")
    @Test
    void aClientLogsInWithMsChapV2AndMppe40() {
        assertConnected(ALICE_AS_IS.with("require-mppe-40", "nomppe-128"), "CHAP authentication succeeded",
                "MPPE 40-bit stateless compression enabled");
    }

    /** NetworkManager calls it "All Available". */
    @Tried(with = Foreign.PPTP_LINUX, what = "a client with the option require-mppe, where all key lengths are allowed",
            result = "128 bits; 2.5.0 to 2.5.2 ask for 40 alone and get them, and the log says what to set")
    @Test
    void aClientToldRequireMppeGetsTheStrongestThatItAsksFor() {
        int logged = server.log().size();
        try (var client = PppClient.connect(lab.laptop(), ALICE_AS_IS.with("require-mppe"))) {
            assertThat(client.output().text()).contains(Pppd.isFaulty()
                    ? "MPPE 40-bit stateless compression enabled"
                    : "MPPE 128-bit stateless compression enabled");
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            assertThat(server.log().lines().stream().skip(logged).anyMatch(line -> line.contains("require-mppe-128")))
                    .isEqualTo(Pppd.isFaulty());
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "MS-CHAPv1", what = "login, pings of the internet",
            result = "works; 2.5.0 to 2.5.2 can read nothing of what comes back, and the log says so")
    @Test
    void aClientLogsInWithMsChapV1AndMppe128() {
        int logged = server.log().size();
        try (var client = PppClient.connect(lab.laptop(), onlyMsChapV1(ALICE_AS_IS).with("require-mppe-128"))) {
            assertThat(client.output().text()).contains("auth chap MS>", "CHAP authentication succeeded",
                    "MPPE 128-bit stateless compression enabled");
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(Pppd.isFaulty() ? 0 : 5);
            if (Pppd.isFaulty()) {
                assertThat(server.log().awaitFrom(logged, "decrypts with other keys", Await.PATIENCE))
                        .contains("MS-CHAPv2");
            }
        }
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "CHAP-MD5", encryption = Tried.CLEAR,
            what = "login, pings of the internet")
    @Test
    void aClientLogsInWithChapMd5() {
        assertConnected(onlyChapMd5(ALICE_AS_IS), "auth chap MD5", "CHAP authentication succeeded");
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "PAP", encryption = Tried.CLEAR, what = "login, pings of the internet")
    @Test
    void aClientLogsInWithPap() {
        assertConnected(onlyPap(ALICE_AS_IS), "auth pap", "PAP authentication succeeded");
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "MS-CHAPv1", encryption = Tried.NONE, what = "a wrong password",
            result = "refused with error 691")
    @Tried(with = Foreign.PPTP_LINUX, method = "CHAP-MD5", encryption = Tried.NONE, what = "a wrong password",
            result = "refused")
    @Tried(with = Foreign.PPTP_LINUX, method = "PAP", encryption = Tried.NONE, what = "a wrong password",
            result = "refused")
    @Test
    void aWrongPasswordIsRefusedWithEveryMethod() {
        Dial wrong = Dial.to(Lab.SERVER, "alice", "wrong");
        assertRefused(onlyMsChapV1(wrong), "E=691");
        assertRefused(onlyChapMd5(wrong), "CHAP authentication failed");
        assertRefused(onlyPap(wrong), "PAP authentication failed");
    }

    // To pppd, "chap" is CHAP with MD5. It answers an offer it refuses with a Nak that names its own first choice.

    private static Dial onlyMsChapV1(Dial dial) {
        return dial.with("refuse-mschap-v2", "refuse-chap", "refuse-pap");
    }

    private static Dial onlyChapMd5(Dial dial) {
        return dial.with("refuse-mschap-v2", "refuse-mschap", "refuse-pap");
    }

    private static Dial onlyPap(Dial dial) {
        return dial.with("refuse-mschap-v2", "refuse-mschap", "refuse-chap");
    }

    private void assertConnected(Dial dial, String... printed) {
        try (var client = PppClient.connect(lab.laptop(), dial)) {
            assertThat(client.output().text()).contains(printed);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
        }
    }

    private void assertRefused(Dial dial, String printed) {
        try (var client = PppClient.start(lab.laptop(), dial)) {
            client.output().await(printed, Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
    }
}
