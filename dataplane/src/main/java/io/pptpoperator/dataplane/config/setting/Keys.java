package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.function.Function;

/**
 * What a file says in one place, key by key. What cannot be read is complained about, so that one pass finds everything.
 *
 * @param entries the keys that stand there
 * @param place where that is
 * @param complaints what is told of mistakes
 */
record Keys(Map<String, YamlNode.Entry> entries, Place place, Complaints complaints) {

    /**
     * Reads from {@code node}.
     *
     * @param node what should be a mapping; null or a null scalar for an empty one
     */
    static Keys of(YamlNode node, Place place, Complaints complaints) {
        return new Keys(switch (node) {
            case YamlNode.Mapping it -> it.entries();
            case null -> Map.<String, YamlNode.Entry>of();
            case YamlNode.Scalar it when it.isNull() -> Map.<String, YamlNode.Entry>of();
            default -> {
                complaints.add(place, "keys with their values, indented, would be right here");
                yield Map.<String, YamlNode.Entry>of();
            }
        }, place, complaints);
    }

    /** What stands behind a key; null when nothing does. */
    YamlNode find(String key) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null || entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull()
                ? null
                : entry.value();
    }

    /** A section below this one. */
    Keys section(String key) {
        return of(find(key), place.key(key), complaints);
    }

    /** Complains where nothing stands behind the key of a setting that must be given. */
    void requires(String key, Setting setting) {
        if (!setting.example().isEmpty()) {
            complaints.add(place.key(key), "is missing; a value such as " + setting.example() + " would be right");
        }
    }

    /** The value that a node is; empty with a complaint when it is none. */
    Optional<Object> value(YamlNode node, Place where, Function<String, Object> parse) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            complaints.add(where, "one value, without keys or items below it, would be right here");
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
            complaints.add(where, e.getMessage());
            return Optional.empty();
        }
    }

    /** Complains about the keys that no setting has. */
    void refuseOthers(SequencedCollection<String> known) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                complaints.addAt(entry.line(), place.key(key), "this key is not known; " + advice(key, known));
            }
        });
    }

    /**
     * The same without naming them: where the space after a colon is missing, a password becomes part of its key.
     */
    void refuseOthersUnnamed(SequencedCollection<String> known) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                complaints.addAt(entry.line(), place, "a key that is not known stands here; " + advice(key, known));
            }
        });
    }

    private static String advice(String key, SequencedCollection<String> known) {
        return known.stream()
                .filter(name -> isNear(key, name))
                .findFirst()
                .map(name -> "did you mean '" + name + "'?")
                .orElseGet(() -> "known are " + String.join(", ", known));
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
