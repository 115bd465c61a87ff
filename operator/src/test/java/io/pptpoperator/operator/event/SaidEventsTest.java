package io.pptpoperator.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SaidEventsTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final SaidEvents said = new SaidEvents();

    private boolean isNews(EventReason reason, String note, int minutes) {
        return said.isNews("uid", reason, note, NOON.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void aRepetitionIsNoNewsForHalfAnHour() {
        assertThat(isNews(EventReason.NameTaken, "is somebody else's", 0)).isTrue();
        assertThat(isNews(EventReason.NameTaken, "is somebody else's", 1)).isFalse();
        assertThat(isNews(EventReason.NameTaken, "is somebody else's", 29)).isFalse();
        assertThat(isNews(EventReason.NameTaken, "is somebody else's", 30)).isTrue();
        assertThat(said.isNews("another", EventReason.NameTaken, "is somebody else's", NOON)).isTrue();
    }

    @Test
    void everyOutageIsToldAndItsEndToo() {
        for (int outage = 0; outage < 3; outage++) {
            assertThat(isNews(EventReason.NotReady, "0 of 1 pods are ready", outage)).isTrue();
            assertThat(isNews(EventReason.NotReady, "0 of 1 pods are ready", outage)).isFalse();
            assertThat(isNews(EventReason.Ready, "clients can connect", outage)).isTrue();
        }
    }

    @Test
    void whatIsSaidOfAnotherMatterBetweenMakesNothingNew() {
        assertThat(isNews(EventReason.Restarting, "a setting changed", 0)).isTrue();
        assertThat(isNews(EventReason.Ready, "clients can connect", 0)).isTrue();
        assertThat(isNews(EventReason.Restarting, "a setting changed", 1)).isFalse();
    }
}
