package io.pptpoperator.protocol.hours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeeklyWindowTest {

    @Test
    void daysMayBeSpansAndSpansMayGoRoundTheWeek() {
        assertThat(WeeklyWindow.parse("Sat-Mon,Wed 22:30-24:00")).isEqualTo(new WeeklyWindow(
                Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY, DayOfWeek.WEDNESDAY), 1350, 1440));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mon,Tue,Wed,Thu,Fri 08:00-18:00 | Mon-Fri 08:00-18:00
            Mon,Sun,Sat 22:00-06:00         | Sat-Mon 22:00-06:00
            Mon-Sun 00:00-24:00             | Mon-Sun 00:00-24:00
            Fri-Thu 00:00-24:00             | Mon-Sun 00:00-24:00
            Sun,Tue 00:00-00:01             | Tue,Sun 00:00-00:01
            """)
    void theTextIsTheShortest(String text, String shortest) {
        assertThat(WeeklyWindow.parse(text)).hasToString(shortest);
    }

    @Property
    void theTextReadsBack(@ForAll @NotEmpty Set<DayOfWeek> days, @ForAll @IntRange(max = 1439) int from,
            @ForAll @IntRange(min = 1, max = 1440) int to) {
        WeeklyWindow window = new WeeklyWindow(days, from, to == from ? 1440 : to);
        assertThat(WeeklyWindow.parse(window.toString())).isEqualTo(window);
        assertThat(window.toString()).matches(WeeklyWindow.PATTERN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mon", "Mon 8:00-18:00", "mon 08:00-18:00", "Mon 08:00-25:00", "Mon 24:00-25:00",
            "Mon 08:60-09:00", "Mon- 08:00-09:00", "Mon 08:00 - 18:00", "Montag 08:00-18:00", "Mon 08:00-08:00"})
    void whatIsNoHoursIsRefusedWithWhatWouldBeRight(String text) {
        assertThatThrownBy(() -> WeeklyWindow.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would be right");
    }
}
