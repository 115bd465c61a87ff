package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose packets are written to the log. */
class ServerEventsTest {
    private static final Ipv4Address CONFIGURED = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address ASKED = Ipv4Address.parse("203.0.113.8");

    private final ServerEvents events = new ServerEvents(InstantSource.system(), null);

    @Test
    void aTraceThatWasAskedForOutlivesAChangedConfiguration() {
        events.trace(ASKED, true);
        events.traceAlways(List.of(CONFIGURED));
        assertThat(events.traces(ASKED)).isTrue();
        assertThat(events.traces(CONFIGURED)).isTrue();
        events.traceAlways(List.of());
        assertThat(events.traces(ASKED)).isTrue();
        assertThat(events.traces(CONFIGURED)).isFalse();
    }

    @Test
    void anyTraceCanBeSwitchedOff() {
        events.trace(ASKED, true);
        events.traceAlways(List.of(CONFIGURED));
        events.trace(ASKED, false);
        events.trace(CONFIGURED, false);
        assertThat(events.traces(ASKED)).isFalse();
        assertThat(events.traces(CONFIGURED)).isFalse();
    }
}
