package io.pptpoperator.operator.manifest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes manifests as people write them: block style, quotes only where a text could be taken for something else by any
 * YAML reader, comments above the document.
 */
public final class YamlText {

    /** Words, addresses, ranges, networks and durations: never a number, a date or a boolean to any reader. */
    private static final Pattern PLAIN = Pattern
            .compile("[A-Za-z][A-Za-z0-9_./-]*" + "|[0-9]{1,3}(\\.[0-9]{1,3}){3}([-/][0-9.]+)?|[0-9]+(ms|s|m|h)");
    /** What YAML 1.1 and 1.2 readers take for booleans and null. */
    private static final Pattern RESERVED = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    /**
     * One document, with its {@code ---}.
     *
     * @param comments lines above it, without their {@code #}
     * @param tree mappings, collections, texts, numbers and booleans
     */
    public static String document(List<String> comments, Map<String, ?> tree) {
        var yaml = new YamlText();
        yaml.text.append("---\n");
        // A comment must not end early at what some reader takes for a line break.
        comments.stream()
                .flatMap(comment -> comment.lines())
                .forEach(line -> yaml.text.append("# ").append(printable(line)).append('\n'));
        yaml.mapping(tree, 0);
        return yaml.text.toString();
    }

    private static String printable(String line) {
        var printable = new StringBuilder();
        line.codePoints().map(it -> isPlainCharacter(it) ? it : '?').forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private void mapping(Map<String, ?> mapping, int indent) {
        mapping.forEach((key, value) -> {
            text.append(" ".repeat(indent)).append(scalar(key)).append(':');
            switch (value) {
                case Map<?, ?> nested when !nested.isEmpty() -> {
                    text.append('\n');
                    mapping(keyed(nested), indent + 2);
                }
                case Collection<?> items when !items.isEmpty() -> {
                    text.append('\n');
                    items.forEach(item -> item(item, indent + 2));
                }
                default -> text.append(' ').append(scalar(value)).append('\n');
            }
        });
    }

    private void item(Object item, int indent) {
        text.append(" ".repeat(indent)).append("- ");
        if (item instanceof Map<?, ?> nested && !nested.isEmpty()) {
            int start = text.length();
            mapping(keyed(nested), indent + 2);
            // The first key stands beside the dash.
            text.delete(start, start + indent + 2);
        } else {
            text.append(scalar(item)).append('\n');
        }
    }

    private static Map<String, Object> keyed(Map<?, ?> mapping) {
        var keyed = new LinkedHashMap<String, Object>();
        mapping.forEach((key, value) -> keyed.put(key.toString(), value));
        return keyed;
    }

    private static String scalar(Object value) {
        return switch (value) {
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            case Map<?, ?> empty -> "{}";
            case Collection<?> empty -> "[]";
            default -> text(value.toString());
        };
    }

    private static String text(String value) {
        if (PLAIN.matcher(value).matches() && !RESERVED.matcher(value).matches()) {
            return value;
        }
        var quoted = new StringBuilder("\"");
        value.codePoints().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').appendCodePoint(character);
            } else if (isPlainCharacter(character)) {
                quoted.appendCodePoint(character);
            } else {
                quoted.append(String.format("\\u%04x", character));
            }
        });
        return quoted.append('"').toString();
    }

    /** Whether every YAML reader takes the character as it is: printable, no line break, no byte order mark. */
    private static boolean isPlainCharacter(int character) {
        return character >= 0x20 && character <= 0x7e
                || character >= 0xa0 && character <= 0xd7ff && character != 0x2028 && character != 0x2029
                || character >= 0xe000 && character <= 0xfffd && character != 0xfeff || character >= 0x10000;
    }
}
