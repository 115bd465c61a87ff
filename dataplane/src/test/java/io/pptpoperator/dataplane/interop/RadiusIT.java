package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pptpoperator.dataplane.conformance.Foreign;
import io.pptpoperator.dataplane.conformance.Tried;
import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Dial;
import io.pptpoperator.dataplane.interop.lab.InteropLab;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.PppClient;
import io.pptpoperator.dataplane.interop.lab.RunningServer;
import io.pptpoperator.dataplane.linux.Requirement;
import io.pptpoperator.dataplane.radius.Certificates;
import io.pptpoperator.dataplane.radius.FreeRadius;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real clients log in to a server whose users FreeRADIUS has; it is told of them, and ends and changes their sessions. */
@InteropLab
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RadiusIT {
    private static final int PORT = 21_812;
    private static final String ADDRESS = "10.77.0.7";
    private static final String ORDERS_SECRET = "0rders";
    private static final String USERS = """
            alice Cleartext-Password := "secret-a"
                Framed-IP-Address = %s,
                Class = 0x676f6c64,
                Acct-Interim-Interval = 60
            bob Cleartext-Password := "secret-b"
            """.formatted(ADDRESS);
    private static final String RADIUS = """
            source: ResourcesThenRadius
            servers:
              - {host: 127.0.0.1, authenticationPort: %d, accountingPort: %d, secret: %s}
            dynamicAuthorization: {enabled: true, clients: [127.0.0.1/32], secret: %s}
            """.formatted(PORT, PORT + 1, FreeRadius.SECRET, ORDERS_SECRET);
    /** One who has a VpnUser. */
    private static final String OWN_USERS = """
            users:
              - {username: carol, password: "secret-c"}
            """;

    private final Lab lab;
    private RunningServer server;
    private FreeRadius freeRadius;
    private Certificates certificates;

    RadiusIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeAll
    void ask(@TempDir Path folder) {
        Requirement.programs("freeradius", "radclient", "openssl");
        certificates = Certificates.in(folder).with("server", "radius.lab.test").with("alice", "alice");
        freeRadius = FreeRadius.start(folder, PORT, USERS, true, lab.serverHost()::inside);
        server = lab.serve("radius", Configuration.SERVER + """
                authentication:
                  methods: [EAP, MSCHAPv2, MSCHAPv1, CHAP-MD5, PAP]
                encryption:
                  policy: Preferred
                  keyLengths: [128, 40]
                """, OWN_USERS, RADIUS);
        server.applyRadius(RADIUS);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        if (freeRadius != null) {
            freeRadius.close();
        }
    }

    private static Dial dial(String name, String password, String... options) {
        return Dial.to(Lab.SERVER, name, password).with(options);
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "login decided by FreeRADIUS, which gives the address")
    @Test
    void msChapV2ComesWithKeysOfFreeRadius() {
        assertServed(dial("alice", "secret-a", "require-mppe-128"), "MPPE 128-bit stateless compression enabled");
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "MS-CHAPv1", what = "login decided by FreeRADIUS")
    @Test
    void msChapV1ComesWithKeysOfFreeRadius() {
        assertServed(dial("alice", "secret-a", "require-mppe-128", "refuse-mschap-v2", "refuse-chap", "refuse-pap"),
                "MPPE 128-bit stateless compression enabled");
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "CHAP-MD5", encryption = Tried.CLEAR,
            what = "login decided by FreeRADIUS")
    @Test
    void chapMd5IsJudgedByFreeRadius() {
        assertServed(dial("alice", "secret-a", "refuse-mschap-v2", "refuse-mschap", "refuse-pap"), "auth chap MD5");
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "PAP", encryption = Tried.CLEAR, what = "login decided by FreeRADIUS")
    @Test
    void papIsJudgedByFreeRadius() {
        assertServed(dial("alice", "secret-a", "refuse-mschap-v2", "refuse-mschap", "refuse-chap"), "auth pap");
    }

    @Tried(with = Foreign.PPTP_LINUX, what = "a name with a domain, decided by FreeRADIUS")
    @Test
    void aNameWithADomainIsTheUsersToo() {
        assertServed(dial("CORP\\alice", "secret-a", "require-mppe-128"), "MPPE 128-bit stateless");
    }

    private void assertServed(Dial dial, String printed) {
        try (var client = PppClient.connect(lab.laptop(), dial)) {
            assertThat(client.output().text()).contains(printed);
            assertThat(client.localAddress()).isEqualTo(ADDRESS);
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
        }
        Await.until("the session is over", Await.PATIENCE, () -> server.sessionsWith(ADDRESS) == 0);
    }

    @Tried(with = Foreign.PPTP_LINUX, method = "EAP-TLS", what = "a certificate that FreeRADIUS judges",
            result = "works")
    @Test
    void aCertificateLetsInWithoutAPassword() {
        assertServed(certified("alice"), "MPPE 128-bit stateless compression enabled");
        assertThat(server.log().text()).contains("method=eap");
    }

    /** The certificate is in the guest's memory: its root is the machine's, where the tests' folders may not be. */
    private Dial certified(String name) {
        for (String file : List.of("ca.pem", name + ".pem", name + ".key")) {
            lab.laptop().must("cat >/run/" + file + " <<'PEM'\n" + certificates.text(file) + "PEM");
        }
        return Dial.to(Lab.SERVER, name, "")
                .with("require-mppe-128", "ca", "/run/ca.pem", "cert", "/run/" + name + ".pem", "key",
                        "/run/" + name + ".key");
    }

    @Test
    void aWrongPasswordIs691AndTheRightOneWorksAfterwards() {
        try (var client = PppClient.start(lab.laptop(), dial("bob", "wrong", "require-mppe-128"))) {
            client.output().await("E=691", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
        assertThat(server.log().text()).contains("radius-rejected");
        try (var client = PppClient.connect(lab.laptop(), dial("bob", "secret-b", "require-mppe-128"))) {
            assertThat(client.localAddress()).startsWith("192.168.10.");
        }
    }

    @Test
    void whoHasAVpnUserIsLetInWithoutFreeRadius() {
        try (var client = PppClient.connect(lab.desktop(), dial("carol", "secret-c", "require-mppe-128"))) {
            assertThat(client.localAddress()).startsWith("192.168.10.");
            assertThat(server.sessionsWith("carol")).isEqualTo(1);
        }
    }

    @Test
    void theBooksSayWhatTheSessionsSay() {
        String id;
        try (var client = PppClient.connect(lab.laptop(), dial("alice", "secret-a", "require-mppe-128"))) {
            assertThat(client.isRunning()).isTrue();
            assertThat(lab.laptop().pings(Lab.WEB)).isEqualTo(5);
            id = session("alice").get("id").textValue();
        }
        String line = server.log().await("Disconnected session=" + id + " .*", Await.PATIENCE);
        Await.until("the books have the Stop", Await.PATIENCE, () -> records(id).size() == 2);
        String start = records(id).getFirst();
        assertThat(start).contains("Acct-Status-Type = Start", "Framed-IP-Address = " + ADDRESS, "Class = 0x676f6c64",
                "Acct-Authentic = RADIUS", "Calling-Station-Id = \"" + Lab.LAPTOP + "\"");
        assertThat(records(id).getLast()).contains("Acct-Status-Type = Stop", "Acct-Terminate-Cause = User-Request",
                "Acct-Input-Octets = " + number(line, "bytesIn"), "Acct-Output-Octets = " + number(line, "bytesOut"));
    }

    private List<String> records(String session) {
        return Arrays.stream(freeRadius.detail().split("\n\n"))
                .filter(it -> it.contains("Acct-Session-Id = \"" + session + "\""))
                .toList();
    }

    private static String number(String line, String key) {
        var matcher = Pattern.compile(key + "=(\\d+)").matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return matcher.group(1);
    }

    private JsonNode session(String user) {
        return server.sessions()
                .stream()
                .filter(it -> it.get("user").textValue().equals(user))
                .findFirst()
                .orElseThrow();
    }

    private String order(String kind, String secret, String attributes) {
        return lab.serverHost()
                .run("sh", "-c",
                        "echo '" + attributes + "' | radclient -x -r 1 -t 2 127.0.0.1:3799 " + kind + " " + secret
                                + " 2>&1")
                .output();
    }

    @Test
    void freeRadiusEndsASession() {
        try (var client = PppClient.connect(lab.laptop(), dial("alice", "secret-a", "require-mppe-128"))) {
            String id = session("alice").get("id").textValue();
            assertThat(order("disconnect", "guess", "Acct-Session-Id=" + id)).contains("No reply");
            assertThat(order("disconnect", ORDERS_SECRET, "Acct-Session-Id=0-0")).contains("Disconnect-NAK",
                    "Session-Context-Not-Found");
            assertThat(order("disconnect", ORDERS_SECRET, "User-Name=alice,Framed-IP-Address=10.77.0.8"))
                    .as("all that is said must fit")
                    .contains("Disconnect-NAK");
            assertThat(server.sessionsWith("alice")).isEqualTo(1);
            assertThat(order("disconnect", ORDERS_SECRET, "User-Name=alice")).contains("Disconnect-ACK");
            client.output().await("LCP terminated by peer", Await.PATIENCE);
            Await.until("the session is over", Await.PATIENCE, () -> server.sessionsWith("alice") == 0);
            assertThat(client.awaitExit()).isNotZero();
        }
    }

    @Test
    void freeRadiusChangesASessionOrLeavesItAsItIs() {
        try (var client = PppClient.connect(lab.laptop(), dial("alice", "secret-a", "require-mppe-128"))) {
            assertThat(order("coa", ORDERS_SECRET, "User-Name=alice,Session-Timeout=1,Framed-Pool=other"))
                    .contains("CoA-NAK", "Unsupported-Attribute");
            assertThat(order("coa", ORDERS_SECRET, "User-Name=alice,Session-Timeout=1,Filter-Id=silver"))
                    .contains("CoA-NAK", "Invalid-Attribute-Value");
            assertThat(order("coa", ORDERS_SECRET, "User-Name=alice,Mikrotik-Rate-Limit=\"1M/2M\""))
                    .contains("CoA-ACK");
            assertThat(lab.laptop().pings(Lab.WEB)).as("nothing of the impossible order was done").isEqualTo(5);
            assertThat(order("coa", ORDERS_SECRET, "User-Name=alice,Session-Timeout=1")).contains("CoA-ACK");
            server.log().await("Disconnected .*user=alice.*session-timeout", Await.PATIENCE);
            assertThat(client.awaitExit()).isNotZero();
        }
    }
}
