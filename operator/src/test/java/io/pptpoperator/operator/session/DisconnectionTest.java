package io.pptpoperator.operator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.SessionViews;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DisconnectionTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private static SessionView session(String id, String address, Instant since) {
        return SessionViews.of(id, "alice", address, "198.51.100.1", since);
    }

    @Test
    void endsWhatBeganBefore() {
        Disconnection order = Disconnection.parse("2026-06-01T12:00:00Z");

        assertThat(order.ends(session("a-1", "10.8.0.2", NOON.minusMillis(1)))).isTrue();
        assertThat(order.ends(session("a-2", "10.8.0.3", NOON))).isFalse();
    }

    @Test
    void endsTheOneSessionThatItNames() {
        Instant before = NOON.minusSeconds(1);
        Disconnection byId = Disconnection.parse("2026-06-01T12:00:00Z a-1");
        assertThat(byId.ends(session("a-1", "10.8.0.2", before))).isTrue();
        assertThat(byId.ends(session("a-2", "10.8.0.2", before))).isFalse();
        assertThat(byId.ends(session("a-1", "10.8.0.2", NOON))).isFalse();

        Disconnection byAddress = Disconnection.parse("2026-06-01T12:00:00Z 10.8.0.2");
        assertThat(byAddress.ends(session("a-1", "10.8.0.2", before))).isTrue();
        assertThat(byAddress.ends(session("a-1", "10.8.0.3", before))).isFalse();
    }

    @Test
    void readsWhatItWrites() {
        for (Disconnection order : new Disconnection[]{new Disconnection(NOON, Optional.empty()),
                new Disconnection(NOON, Optional.of("a-1"))}) {
            assertThat(Disconnection.parse(order.toString())).isEqualTo(order);
        }
    }

    @Test
    void saysWhatWouldBeRight() {
        assertThatThrownBy(() -> Disconnection.parse("yesterday a-1")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("annotation pptp-operator.io/disconnect: 'yesterday' is not a time such as"
                        + " 2030-01-01T00:00:00Z");

    }
}
