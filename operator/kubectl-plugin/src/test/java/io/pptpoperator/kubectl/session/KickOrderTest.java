package io.pptpoperator.kubectl.session;

import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.VpnUser;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KickOrderTest {

    private static VpnUser connected(int sessions, String since) {
        return user("", "sessions: " + sessions + ", session: {server: vpn/office, pod: office-pptp-0,"
                + " address: 192.168.10.100, from: 203.0.113.9, since: '" + since + "'}");
    }

    @Test
    void endsWhatTheUserHasByTheServersClock() {
        KickOrder order = KickOrder.all(connected(1, "2026-06-01T12:00:00Z")).orElseThrow();

        assertThat(order.order()).hasToString("2026-06-01T12:00:01Z");
    }

    @Test
    void nobodyIsKickedWhoIsNotThere() {
        assertThat(KickOrder.all(user("", "sessions: 0"))).isEmpty();
        assertThat(KickOrder.all(user("", ""))).isEmpty();
    }

    @Test
    void oneSessionIsFoundByIdAndByAddress() {
        VpnUser alice = connected(2, "2026-06-01T12:00:00Z");
        var older = new SessionRow("vpn", "alice", "office", "office-pptp-0", "192.168.10.105", "203.0.113.9",
                Instant.parse("2026-06-01T11:00:00.400Z"), "5f0c2a11-7", 0L, 0L, "", "", 0L, "", null);

        for (String target : List.of("5f0c2a11-7", "192.168.10.105")) {
            assertThat(KickOrder.one(List.of(alice), List.of(older), target)).get()
                    .satisfies(it -> assertThat(it.order()).hasToString("2026-06-01T11:00:01Z " + target));
        }
        assertThat(KickOrder.one(List.of(alice), List.of(older), "192.168.10.106")).isEmpty();
        assertThat(KickOrder.one(List.of(), List.of(older), "5f0c2a11-7")).isEmpty();
    }

    @Test
    void sessionsOfUsersThatOnlyRadiusKnowsAreFoundByNameToo() {
        VpnUser alice = connected(2, "2026-06-01T12:00:00Z");
        var ofRadius = new SessionRow("vpn", "carol", "office", "office-pptp-0", "192.168.10.107", "203.0.113.9",
                Instant.parse("2026-06-01T11:00:00Z"), "5f0c2a11-8", 0L, 0L, "", "", 0L, "", null);
        var ofAlice = new SessionRow("vpn", "alice", "office", "office-pptp-0", "192.168.10.105", "203.0.113.9",
                Instant.parse("2026-06-01T11:00:00Z"), "5f0c2a11-7", 0L, 0L, "", "", 0L, "", null);

        for (String target : List.of("carol", "5f0c2a11-8", "192.168.10.107")) {
            assertThat(KickOrder.withoutVpnUser(List.of(alice), List.of(ofAlice, ofRadius), target)).as(target)
                    .containsExactly(ofRadius);
        }
        assertThat(KickOrder.withoutVpnUser(List.of(alice), List.of(ofAlice, ofRadius), "alice")).isEmpty();
    }

    @Test
    void isDoneWhenTheStatusHasNoOlderSession() {
        KickOrder order = KickOrder.all(connected(1, "2026-06-01T12:00:00Z")).orElseThrow();

        assertThat(order.isObeyed(connected(1, "2026-06-01T12:00:00Z"))).isFalse();
        assertThat(order.isObeyed(user("", "sessions: 0"))).isTrue();
        assertThat(order.isObeyed(connected(1, "2026-06-01T12:00:09Z"))).as("the client dialled in again").isTrue();
    }

    @Test
    void oneOfSeveralIsDoneWhenThereAreFewer() {
        VpnUser before = connected(2, "2026-06-01T12:00:00Z");
        SessionRow older = SessionRow.of(connected(1, "2026-06-01T12:00:00Z")).orElseThrow();
        KickOrder order = KickOrder.one(List.of(before), List.of(older), "192.168.10.100").orElseThrow();

        assertThat(order.isObeyed(before)).isFalse();
        assertThat(order.isObeyed(connected(1, "2026-06-01T11:00:00Z"))).isTrue();
    }
}
