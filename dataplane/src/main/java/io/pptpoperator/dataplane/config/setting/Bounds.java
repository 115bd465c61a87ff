package io.pptpoperator.dataplane.config.setting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the values of one setting may be, beyond what their type is.
 *
 * @param min the least, null for none: a number, or a duration
 * @param max the most, null for none
 * @param pattern what texts have to match, null for anything
 * @param right what would be right, for people; empty when anything is
 */
record Bounds(Comparable<?> min, Comparable<?> max, Object zero, Pattern pattern, String right) {

    /** The bounds of the single values of a setting. */
    static Bounds ofValue(Setting setting, Class<?> type, Leaf leaf) {
        boolean durations = type == Duration.class;
        Comparable<?> min = bound(setting.min(), durations);
        Comparable<?> max = bound(setting.max(), durations);
        Object zero = setting.zero().isEmpty() ? null : durations ? Duration.ZERO : Integer.valueOf(0);
        return new Bounds(min, max, zero, pattern(setting), right(setting, leaf, min != null || max != null));
    }

    /** The bounds of the items of a list. */
    static Bounds ofItems(Setting setting, Leaf leaf) {
        return new Bounds(null, null, null, pattern(setting), right(setting, leaf, false));
    }

    /** The bounds of a list's length. */
    static Bounds ofCount(Setting setting) {
        return new Bounds(bound(setting.min(), false), bound(setting.max(), false), null, null, "");
    }

    /** What is wrong with a list's length. */
    static Optional<String> tooFewOrMany(Bounds count, List<?> items) {
        if (count.allow(items.size())) {
            return Optional.empty();
        }
        String right = count.min == null
                ? "at most " + count.max
                : count.max == null ? "at least " + count.min : count.min + " to " + count.max;
        return Optional.of(
                (items.isEmpty() ? "is empty" : "has " + items.size() + " items") + "; " + right + " would be right");
    }

    private static Comparable<?> bound(String text, boolean durations) {
        if (text.isEmpty()) {
            return null;
        }
        return durations ? DurationText.parse(text) : Integer.valueOf(text);
    }

    private static Pattern pattern(Setting setting) {
        return setting.pattern().isEmpty() ? null : Pattern.compile(setting.pattern());
    }

    private static String right(Setting setting, Leaf leaf, boolean range) {
        if (!setting.form().isEmpty()) {
            return setting.form();
        }
        if (!leaf.words().isEmpty()) {
            return "one of " + String.join(", ", leaf.words());
        }
        List<String> possible = new ArrayList<>();
        for (String word : List.of(setting.none(), setting.zero())) {
            if (!word.isEmpty()) {
                possible.add(word);
            }
        }
        if (range) {
            String values = setting.min() + " to " + setting.max();
            possible.add(possible.isEmpty() ? values : "or " + values);
        }
        return String.join(", ", possible);
    }

    /** Whether a value is among what is possible. */
    boolean allow(Object value, Object spelled) {
        if (pattern != null && !pattern.matcher(spelled.toString()).matches()) {
            return false;
        }
        return value.equals(zero) || allow(measure(value));
    }

    private <T> boolean allow(T measure) {
        return (min == null || compare(min, measure) <= 0) && (max == null || compare(max, measure) >= 0);
    }

    @SuppressWarnings("unchecked") // bounds are of the type of what is measured
    private static <T> int compare(Comparable<?> bound, T measure) {
        return ((Comparable<T>) bound).compareTo(measure);
    }

    private static Object measure(Object value) {
        return switch (value) {
            case Integer number -> number;
            case Duration duration -> duration;
            case SecretText secret -> secret.value().length();
            default -> value.toString().length();
        };
    }
}
