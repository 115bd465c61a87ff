package io.pptpoperator.kubectl.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.kubectl.session.SessionList.Format;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionListTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final SessionRow BOB = new SessionRow("vpn", "bob", "office", "office-pptp-0", "192.168.10.101",
            "198.51.100.7", NOW.minusSeconds(11_520), "5f0c2a11-7", 1_234_567L, 89L, "MPPE-128 stateless", "mschapv2",
            3L, "PC-7", "2M/10M");
    /** From a status: the pod was not asked. */
    private static final SessionRow ALICE = new SessionRow("vpn", "alice", "office", "office-pptp-1", "192.168.10.100",
            "203.0.113.9", NOW.minusSeconds(42), null, null, null, null, null, null, null, null);

    private static String text(Format format) {
        return SessionList.text(List.of(BOB, ALICE), format, false, NOW);
    }

    @Test
    void table() {
        assertThat(text(Format.TABLE)).isEqualTo("""
                USER    SERVER   POD             ADDRESS          FROM           SINCE   UP          DOWN
                alice   office   office-pptp-1   192.168.10.100   203.0.113.9    42s     <unknown>   <unknown>
                bob     office   office-pptp-0   192.168.10.101   198.51.100.7   3h12m   1.2 MB      89 B
                """);
    }

    @Test
    void namespacesStandInFront() {
        assertThat(SessionList.text(List.of(ALICE), Format.TABLE, true, NOW)).startsWith("NAMESPACE   USER ")
                .contains("\nvpn         alice ");
    }

    @Test
    void wide() {
        assertThat(SessionList.text(List.of(BOB), Format.WIDE, false, NOW).lines()).satisfiesExactly(
                header -> assertThat(header).endsWith("ENCRYPTION           METHOD     IDLE   LIMIT    COMPUTER   ID"),
                row -> assertThat(row)
                        .endsWith("MPPE-128 stateless   mschapv2   3s     2M/10M   PC-7       5f0c2a11-7"));
    }

    @Test
    void namesAreWhatKickTakes() {
        assertThat(text(Format.NAME)).isEqualTo("192.168.10.100\n5f0c2a11-7\n");
    }

    @Test
    void json() {
        assertThat(SessionList.text(List.of(ALICE), Format.JSON, false, NOW)).isEqualTo("""
                [ {
                  "namespace" : "vpn",
                  "user" : "alice",
                  "server" : "office",
                  "pod" : "office-pptp-1",
                  "address" : "192.168.10.100",
                  "from" : "203.0.113.9",
                  "since" : "2026-06-01T11:59:18Z"
                } ]
                """);
    }

    @Test
    void yaml() {
        assertThat(SessionList.text(List.of(BOB), Format.YAML, false, NOW)).isEqualTo("""
                - namespace: vpn
                  user: bob
                  server: office
                  pod: office-pptp-0
                  address: 192.168.10.101
                  from: 198.51.100.7
                  since: 2026-06-01T08:48:00Z
                  id: 5f0c2a11-7
                  uploadedBytes: 1234567
                  downloadedBytes: 89
                  encryption: MPPE-128 stateless
                  method: mschapv2
                  idleSeconds: 3
                  computer: PC-7
                  rateLimit: 2M/10M
                """);
    }
}
