package io.pptpoperator.dataplane.yaml;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes YAML as people write it: block style, quotes only where a text could be taken for something else by any YAML
 * reader, comments above the document.
 */
public final class YamlWriter {

    /** What YAML 1.1 and 1.2 readers take for booleans and null, in any case. */
    private static final Set<String> RESERVED = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private final StringBuilder text = new StringBuilder();
    /** How far a list's dashes stand behind its key. */
    private final int indentOfLists;

    private YamlWriter(int indentOfLists) {
        this.indentOfLists = indentOfLists;
    }

    /**
     * One document of several, with its {@code ---}.
     *
     * @param comments lines above it, without their {@code #}
     * @param tree mappings, collections, texts, numbers and booleans
     */
    public static String document(List<String> comments, Map<String, ?> tree) {
        YamlWriter yaml = new YamlWriter(2);
        yaml.text.append("---\n");
        // A comment must not end early at what some reader takes for a line break.
        comments.stream()
                .flatMap(String::lines)
                .forEach(line -> yaml.text.append("# ").append(printable(line)).append('\n'));
        yaml.mapping(tree, 0);
        return yaml.text.toString();
    }

    /** A file of one document, as short as it can be: mappings, collections, texts, numbers and booleans. */
    public static String file(Map<String, ?> tree) {
        YamlWriter yaml = new YamlWriter(0);
        yaml.mapping(tree, 0);
        return yaml.text.toString();
    }

    /** A value in one line, as it stands behind a key. */
    public static String inline(Object value) {
        YamlWriter yaml = new YamlWriter(0);
        yaml.flow(value);
        return yaml.text.toString();
    }

    private static String printable(String line) {
        StringBuilder printable = new StringBuilder();
        line.codePoints().map(it -> isPlainCharacter(it) ? it : '?').forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private void mapping(Map<?, ?> mapping, int indent) {
        mapping.forEach((key, value) -> {
            indent(indent);
            scalar(key.toString());
            text.append(':');
            switch (value) {
                case Map<?, ?> nested when !nested.isEmpty() -> {
                    text.append('\n');
                    mapping(nested, indent + 2);
                }
                case Collection<?> items when !items.isEmpty() -> {
                    text.append('\n');
                    items.forEach(item -> item(item, indent + indentOfLists));
                }
                default -> {
                    text.append(' ');
                    scalar(value);
                    text.append('\n');
                }
            }
        });
    }

    private void item(Object item, int indent) {
        indent(indent);
        text.append("- ");
        if (item instanceof Map<?, ?> nested && !nested.isEmpty()) {
            int start = text.length();
            mapping(nested, indent + 2);
            // The first key stands beside the dash.
            text.delete(start, start + indent + 2);
        } else {
            scalar(item);
            text.append('\n');
        }
    }

    private void flow(Object value) {
        switch (value) {
            case Map<?, ?> mapping when !mapping.isEmpty() -> {
                text.append('{');
                String[] between = {""};
                mapping.forEach((key, each) -> {
                    text.append(between[0]);
                    scalar(key.toString());
                    text.append(": ");
                    flow(each);
                    between[0] = ", ";
                });
                text.append('}');
            }
            case Collection<?> items when !items.isEmpty() -> {
                text.append('[');
                String between = "";
                for (Object item : items) {
                    text.append(between);
                    flow(item);
                    between = ", ";
                }
                text.append(']');
            }
            default -> scalar(value);
        }
    }

    private void indent(int indent) {
        text.repeat(' ', indent);
    }

    private void scalar(Object value) {
        switch (value) {
            case Number number -> text.append(number);
            case Boolean bool -> text.append(bool.booleanValue());
            case Map<?, ?> empty -> text.append("{}");
            case Collection<?> empty -> text.append("[]");
            default -> text(value.toString());
        }
    }

    private void text(String value) {
        if (isWord(value) || isAddress(value) || isDuration(value)) {
            text.append(value);
            return;
        }
        text.append('"');
        value.codePoints().forEach(character -> {
            if (character == '"' || character == '\\') {
                text.append('\\').appendCodePoint(character);
            } else if (isPlainCharacter(character)) {
                text.appendCodePoint(character);
            } else {
                text.append(String.format("\\u%04x", character));
            }
        });
        text.append('"');
    }

    /** Whether no reader takes it for a number, a date or a boolean: {@code vpn-1.example.com}. */
    private static boolean isWord(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isLetter(c) && (i == 0 || !isDigit(c) && "_./-".indexOf(c) < 0)) {
                return false;
            }
        }
        return !value.isEmpty() && (value.length() > 5 || !RESERVED.contains(lowered(value)));
    }

    /** Not by a locale: in Turkish, NIL would not become nil. */
    private static String lowered(String word) {
        char[] lowered = word.toCharArray();
        for (int i = 0; i < lowered.length; i++) {
            lowered[i] = lowered[i] >= 'A' && lowered[i] <= 'Z' ? (char) (lowered[i] + 32) : lowered[i];
        }
        return new String(lowered);
    }

    /** {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code 10.0.0.1-9} and {@code 10.0.0.1-10.0.1.9}. */
    private static boolean isAddress(String value) {
        int dots = 0;
        int digits = 0;
        int at = 0;
        while (at < value.length()
                && (isDigit(value.charAt(at)) || value.charAt(at) == '.' && digits > 0 && dots < 3)) {
            boolean dot = value.charAt(at) == '.';
            digits = dot ? 0 : digits + 1;
            dots += dot ? 1 : 0;
            at++;
        }
        if (dots != 3 || digits == 0 || at == value.length()) {
            return dots == 3 && digits > 0;
        }
        return (value.charAt(at) == '-' || value.charAt(at) == '/') && at + 1 < value.length()
                && value.chars().skip(at + 1).allMatch(c -> isDigit((char) c) || c == '.');
    }

    /** {@code 500ms}, {@code 20s}, {@code 5m} and {@code 8h}. */
    private static boolean isDuration(String value) {
        int at = 0;
        while (at < value.length() && isDigit(value.charAt(at))) {
            at++;
        }
        return at > 0 && switch (value.substring(at)) {
            case "ms", "s", "m", "h" -> true;
            default -> false;
        };
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Whether every YAML reader takes the character as it is: printable, no line break, no byte order mark. */
    private static boolean isPlainCharacter(int character) {
        return character >= 0x20 && character <= 0x7e
                || character >= 0xa0 && character <= 0xd7ff && character != 0x2028 && character != 0x2029
                || character >= 0xe000 && character <= 0xfffd && character != 0xfeff || character >= 0x10000;
    }
}
