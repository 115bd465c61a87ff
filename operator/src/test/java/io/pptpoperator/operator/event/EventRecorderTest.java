package io.pptpoperator.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRecorderTest {

    /** Characters of one, two, three and four bytes in UTF-8. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00fc", "\u20ac", "\ud83d\ude00"})
    void aNoteIsCutWhereTheApiServerStopsReading(String character) {
        String longest = character.repeat(1024 / bytes(character));
        assertThat(EventRecorder.fitting(longest)).isEqualTo(longest);

        for (String prefix : new String[]{"", "x", "xy", "xyz"}) {
            String cut = EventRecorder.fitting(prefix + character.repeat(1025));
            assertThat(bytes(cut)).isBetween(1024 - 3, 1024);
            assertThat(cut).matches(prefix + "(" + character + ")+\\.\\.\\.");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
