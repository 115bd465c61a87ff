package io.pptpoperator.protocol.hours;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.hours.OpeningHours.State;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time here is whatever the test says. */
class OpeningHoursTest {

    private static OpeningHours berlin(String... windows) {
        return new OpeningHours(ZoneId.of("Europe/Berlin"), Arrays.stream(windows).map(WeeklyWindow::parse).toList());
    }

    private static State open(String until) {
        return new State.Open(Optional.of(Instant.parse(until)));
    }

    private static State closed(String until) {
        return new State.Closed(Optional.of(Instant.parse(until)));
    }

    @ParameterizedTest
    @CsvSource({"2026-06-03T05:59:59Z,false,2026-06-03T06:00:00Z", "2026-06-03T06:00:00Z,true,2026-06-03T16:00:00Z",
            "2026-06-03T15:59:59.999Z,true,2026-06-03T16:00:00Z", "2026-06-03T16:00:00Z,false,2026-06-04T06:00:00Z",
            // From Friday evening to Monday morning; in winter an hour later.
            "2026-06-05T16:00:00Z,false,2026-06-08T06:00:00Z", "2026-12-31T12:00:00Z,true,2026-12-31T17:00:00Z"})
    void officeHours(Instant now, boolean open, Instant until) {
        State state = berlin("Mon-Fri 08:00-18:00").at(now);
        assertThat(state.isOpen()).isEqualTo(open);
        assertThat(state.until()).contains(until);
    }

    @Test
    void aNightBelongsToTheDayThatItBeginsOn() {
        OpeningHours weekend = berlin("Fri-Sun 22:00-06:00");
        assertThat(weekend.at(Instant.parse("2026-06-05T03:00:00Z"))).as("Friday, 05:00: of Thursday's night")
                .isEqualTo(closed("2026-06-05T20:00:00Z"));
        assertThat(weekend.at(Instant.parse("2026-06-08T03:00:00Z"))).as("Monday, 05:00: of Sunday's night")
                .isEqualTo(open("2026-06-08T04:00:00Z"));
        assertThat(weekend.at(Instant.parse("2026-06-08T04:00:00Z"))).isEqualTo(closed("2026-06-12T20:00:00Z"));
    }

    /** On 2026-03-29 there is no hour from 02:00 on; the Sunday after has one again. */
    @Test
    void whatTheClocksLeaveOutOnceComesRoundAgain() {
        Instant sundayBefore = Instant.parse("2026-03-22T10:00:00Z");
        assertThat(berlin("Mon-Sat 00:00-24:00", "Sun 00:00-02:00", "Sun 03:00-24:00").at(sundayBefore))
                .isEqualTo(open("2026-04-05T00:00:00Z"));
        assertThat(berlin("Sun 02:00-03:00").at(sundayBefore)).isEqualTo(closed("2026-04-05T00:00:00Z"));
    }

    @Test
    void aYearsEndIsADayLikeAnyOther() {
        assertThat(berlin("Mon-Sun 20:00-02:00").at(Instant.parse("2026-12-31T23:30:00Z")))
                .isEqualTo(open("2027-01-01T01:00:00Z"));
        assertThat(berlin("Mon 08:00-09:00").at(Instant.parse("2028-02-28T09:00:00Z"))).as("a leap year")
                .isEqualTo(closed("2028-03-06T07:00:00Z"));
    }

    @Test
    void windowsThatTouchOrOverlapAreOne() {
        OpeningHours hours = berlin("Mon 08:00-12:00", "Mon 12:00-14:00", "Mon 13:00-20:00", "Mon-Tue 19:00-24:00");
        assertThat(hours.at(Instant.parse("2026-06-01T08:00:00Z"))).isEqualTo(open("2026-06-01T22:00:00Z"));
    }

    @Test
    void whatIsAlwaysOpenNeverCloses() {
        OpeningHours always = berlin("Mon-Sun 00:00-24:00");
        OpeningHours also = berlin("Mon-Sun 12:00-11:59", "Mon-Sun 11:00-13:00");
        // Over both changes of the clocks.
        for (Instant now = Instant.parse("2026-03-20T00:00:00Z"); now
                .isBefore(Instant.parse("2026-11-05T00:00:00Z")); now = now.plus(Duration.ofMinutes(97))) {
            assertThat(always.at(now)).isEqualTo(new State.Open(Optional.empty()));
            assertThat(also.at(now)).isEqualTo(new State.Open(Optional.empty()));
        }
    }

    @Test
    void whatHasNoWindowNeverOpens() {
        assertThat(berlin().at(Instant.EPOCH)).isEqualTo(new State.Closed(Optional.empty()));
    }

    /** 2026-03-29: 02:00 is 03:00 in Berlin. */
    @Test
    void whereClocksArePutForwardWhatTheySkipIsNotThere() {
        assertThat(berlin("Sun 01:30-03:30").at(Instant.parse("2026-03-29T00:30:00Z"))).as("an hour, not two")
                .isEqualTo(open("2026-03-29T01:30:00Z"));
        assertThat(berlin("Sun 02:30-04:00").at(Instant.parse("2026-03-29T00:59:59Z"))).as("begins when it is over")
                .isEqualTo(closed("2026-03-29T01:00:00Z"));
        assertThat(berlin("Sun 01:00-02:30").at(Instant.parse("2026-03-29T00:10:00Z"))).as("ends when it begins")
                .isEqualTo(open("2026-03-29T01:00:00Z"));
        assertThat(berlin("Sun 02:00-03:00").at(Instant.parse("2026-03-29T00:59:00Z"))).as("is left out that day")
                .isEqualTo(closed("2026-04-05T00:00:00Z"));
        assertThat(berlin("Sat 22:00-06:00").at(Instant.parse("2026-03-28T21:00:00Z"))).as("a night of seven hours")
                .isEqualTo(open("2026-03-29T04:00:00Z"));
    }

    /** 2026-10-25: 03:00 is 02:00 in Berlin. */
    @Test
    void whereClocksArePutBackTheHourCountsTwice() {
        assertThat(berlin("Sun 01:00-02:30").at(Instant.parse("2026-10-24T23:00:00Z"))).as("ends in the second")
                .isEqualTo(open("2026-10-25T01:30:00Z"));
        assertThat(berlin("Sun 02:30-04:00").at(Instant.parse("2026-10-25T00:30:00Z"))).as("begins in the first")
                .isEqualTo(open("2026-10-25T03:00:00Z"));
        assertThat(berlin("Sun 02:00-03:00").at(Instant.parse("2026-10-25T00:00:00Z"))).as("two hours")
                .isEqualTo(open("2026-10-25T02:00:00Z"));
        assertThat(berlin("Sat 22:00-06:00").at(Instant.parse("2026-10-24T20:00:00Z"))).as("a night of nine hours")
                .isEqualTo(open("2026-10-25T05:00:00Z"));
    }

    /** Samoa had no 30 December 2011. */
    @Test
    void aDayThatIsNotThereIsNot() {
        OpeningHours samoa = new OpeningHours(ZoneId.of("Pacific/Apia"),
                List.of(WeeklyWindow.parse("Fri 08:00-18:00")));
        assertThat(samoa.at(Instant.parse("2011-12-30T09:59:00Z"))).isEqualTo(closed("2012-01-05T18:00:00Z"));
    }

    /** Away from changes of the clocks, what the clock shows decides; what is said of the future comes true. */
    @Property
    void inAZoneWithoutChangesTheClockDecides(@ForAll @LongRange(max = 4_000_000_000L) long second,
            @ForAll @IntRange(max = 1439) int from, @ForAll @IntRange(min = 1, max = 1440) int to,
            @ForAll @IntRange(min = 1, max = 7) int day) {
        if (from == to) {
            return;
        }
        var days = Set.of(DayOfWeek.of(day), DayOfWeek.of(day).plus(2));
        WeeklyWindow window = new WeeklyWindow(days, from, to);
        OpeningHours hours = new OpeningHours(ZoneOffset.ofHours(5), List.of(window));
        Instant now = Instant.ofEpochSecond(second);
        State state = hours.at(now);

        assertThat(state.isOpen()).isEqualTo(shows(window, now));
        Instant change = state.until().orElseThrow();
        assertThat(shows(window, change)).isEqualTo(!state.isOpen());
        assertThat(shows(window, change.minusSeconds(1))).isEqualTo(state.isOpen());
        assertThat(hours.at(now.plusMillis(change.minusMillis(now.toEpochMilli()).toEpochMilli() / 2)))
                .isEqualTo(state);
    }

    private static boolean shows(WeeklyWindow window, Instant now) {
        LocalDateTime clock = LocalDateTime.ofInstant(now, ZoneOffset.ofHours(5));
        int minute = clock.getHour() * 60 + clock.getMinute();
        boolean today = window.days().contains(clock.getDayOfWeek());
        boolean yesterday = window.days().contains(clock.getDayOfWeek().minus(1));
        return window.to() > window.from()
                ? today && minute >= window.from() && minute < window.to()
                : today && minute >= window.from() || yesterday && minute < window.to();
    }
}
