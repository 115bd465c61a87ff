package io.pptpoperator.dataplane.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes one mapping apart, key by key. What cannot be read is recorded as a problem and replaced by the default, so
 * that one pass finds everything.
 */
final class MappingReader {

    private final YamlNode.Mapping mapping;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    /**
     * Reads from {@code node}.
     *
     * @param node what should be a mapping; null or a null scalar for an empty one
     * @param path the mapping's field path, empty for the root
     */
    MappingReader(YamlNode node, String path, Problems problems) {
        this.path = path;
        this.problems = problems;
        this.mapping = switch (node) {
            case YamlNode.Mapping it -> it;
            case null -> new YamlNode.Mapping(0, Map.of());
            case YamlNode.Scalar it when it.isNull() -> new YamlNode.Mapping(it.line(), Map.of());
            default -> {
                problems.add(path, "keys with their values, indented, would be right here");
                yield new YamlNode.Mapping(node.line(), Map.of());
            }
        };
    }

    /** Whether a key stands there with a value. */
    boolean has(String key) {
        return find(key) != null;
    }

    /** Reports a problem when a key does not stand there with a value. */
    void require(String key, String example) {
        if (!has(key)) {
            problem(key, "is missing; a value such as " + example + " would be right");
        }
    }

    /** Reports a problem with a key of this mapping. */
    void problem(String key, String message) {
        problems.add(field(key), message);
    }

    /** A section below this mapping, empty when it is not there. */
    MappingReader section(String key) {
        return new MappingReader(find(key), field(key), problems);
    }

    /** A list of sections below this mapping, empty when it is not there. */
    List<MappingReader> sections(String key) {
        YamlNode node = find(key);
        if (node instanceof YamlNode.Sequence sequence) {
            var sections = new ArrayList<MappingReader>();
            for (int i = 0; i < sequence.items().size(); i++) {
                sections.add(new MappingReader(sequence.items().get(i), item(key, i), problems));
            }
            return sections;
        }
        if (node != null) {
            problem(key, "a list, each item after a dash, would be right here");
        }
        return List.of();
    }

    /**
     * A value that {@code parse} reads.
     *
     * @param parse throws IllegalArgumentException with a message that says what is wrong and what would be right
     */
    <T> T value(String key, T fallback, Function<String, T> parse) {
        YamlNode node = find(key);
        return node == null ? fallback : scalar(node, field(key), parse).orElse(fallback);
    }

    /**
     * A list whose items {@code parse} reads as {@link #value} does; one value alone is a list of one, and a list with
     * an unreadable item is replaced as a whole.
     */
    <T> List<T> list(String key, List<T> fallback, Function<String, T> parse) {
        YamlNode node = find(key);
        if (node == null) {
            return fallback;
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            return scalar(node, field(key), parse).map(List::of).orElse(fallback);
        }
        var values = new ArrayList<T>();
        for (int i = 0; i < sequence.items().size(); i++) {
            scalar(sequence.items().get(i), item(key, i), parse).ifPresent(values::add);
        }
        return values.size() == sequence.items().size() ? values : fallback;
    }

    String text(String key, String fallback) {
        return value(key, fallback, Function.identity());
    }

    int integer(String key, int fallback) {
        return value(key, fallback, MappingReader::parseInteger);
    }

    boolean bool(String key, boolean fallback) {
        return choice(key, fallback, Map.of("true", true, "false", false));
    }

    Duration duration(String key, Duration fallback) {
        return value(key, fallback, DurationText::parse);
    }

    <T> T choice(String key, T fallback, Map<String, T> choices) {
        return value(key, fallback, text -> choose(text, choices));
    }

    <T> List<T> choices(String key, List<T> fallback, Map<String, T> choices) {
        return list(key, fallback, text -> choose(text, choices));
    }

    static int parseInteger(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number; one such as 64 would be right",
                    e);
        }
    }

    private static <T> T choose(String text, Map<String, T> choices) {
        T choice = choices.get(text);
        if (choice == null) {
            String right = String.join(", ", choices.keySet().stream().sorted().toList());
            throw new IllegalArgumentException(
                    "'" + text + "' is not possible here; one of " + right + " would be right");
        }
        return choice;
    }

    private <T> Optional<T> scalar(YamlNode node, String field, Function<String, T> parse) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            problems.add(field, "one value, without keys or items below it, would be right here");
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
            problems.add(field, e.getMessage());
            return Optional.empty();
        }
    }

    private YamlNode find(String key) {
        known.add(key);
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null || entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull()
                ? null
                : entry.value();
    }

    private String field(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String item(String key, int index) {
        return field(key) + "[" + index + "]";
    }

    /** Reports the keys that nobody asked for. */
    void end() {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.addAt(entry.line(), field(key), "this key is not known; " + advice(key));
            }
        });
    }

    /**
     * Reports the keys that nobody asked for without naming them: where the space after a colon is missing, a password
     * becomes part of its key.
     */
    void endWithoutQuoting() {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.addAt(entry.line(), path, "a key that is not known stands here; " + advice(key));
            }
        });
    }

    private String advice(String key) {
        return known.stream()
                .filter(name -> isNear(key, name))
                .sorted()
                .findFirst()
                .map(name -> "did you mean '" + name + "'?")
                .orElseGet(() -> "known are " + String.join(", ", known.stream().sorted().toList()));
    }

    /** Whether at most two wrong, missing, surplus or swapped letters beside each other explain the difference. */
    private static boolean isNear(String typed, String name) {
        int shorter = Math.min(typed.length(), name.length());
        int start = 0;
        while (start < shorter && typed.charAt(start) == name.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && typed.charAt(typed.length() - 1 - end) == name.charAt(name.length() - 1 - end)) {
            end++;
        }
        int difference = Math.max(typed.length(), name.length()) - start - end;
        return typed.equalsIgnoreCase(name) || name.length() > 3 && difference <= 2;
    }
}
