package io.pptpoperator.dataplane.config.setting;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as configuration writes them: {@code 500ms}, {@code 20s}, {@code 5m}, {@code 1h30m}, {@code 0s}. */
public final class DurationText {

    private static final Pattern PATTERN = Pattern
            .compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    private DurationText() {}

    /**
     * Reads a duration: hours, minutes, seconds and milliseconds in this order, each at most once.
     *
     * @throws IllegalArgumentException when the text is anything else, naming it
     */
    public static Duration parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a duration; a number with a unit such as 500ms, 20s, 5m or 1h30m would be right");
        }
        return Duration.ofHours(number(matcher.group(1)))
                .plusMinutes(number(matcher.group(2)))
                .plusSeconds(number(matcher.group(3)))
                .plusMillis(number(matcher.group(4)));
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Writes a duration with the fewest units; {@link #parse} reads it back. Less than a millisecond is cut off. */
    public static String format(Duration duration) {
        var text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count != 0) {
            text.append(count).append(unit);
        }
    }
}
