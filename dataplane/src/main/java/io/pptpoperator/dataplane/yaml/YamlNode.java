package io.pptpoperator.dataplane.yaml;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML document as a tree that remembers its lines. */
public sealed interface YamlNode {

    /** The line it starts on, the first one is 1; 0 when it comes from no text. */
    int line();

    /**
     * One value.
     *
     * @param text its text as written, without quotes
     * @param plain whether it was written without quotes
     */
    record Scalar(int line, String text, boolean plain) implements YamlNode {

        /** Whether it says that there is no value. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        /** Only its place: the text may be a secret. */
        @Override
        public String toString() {
            return "Scalar[line " + line + "]";
        }
    }

    /** A list. */
    record Sequence(int line, List<YamlNode> items) implements YamlNode {}

    /** Keys and values in the order of the file. */
    record Mapping(int line, Map<String, Entry> entries) implements YamlNode {}

    /**
     * The value of a key.
     *
     * @param line the key's line
     */
    record Entry(int line, YamlNode value) {}

    /** The same for a tree of maps, collections, texts, numbers, booleans and nulls that comes from no text. */
    static YamlNode of(Object tree) {
        return switch (tree) {
            case null -> new Scalar(0, "", true);
            case Map<?, ?> map -> {
                var entries = new LinkedHashMap<String, Entry>();
                map.forEach((key, value) -> entries.put(key.toString(), new Entry(0, of(value))));
                yield new Mapping(0, entries);
            }
            case Collection<?> items -> new Sequence(0, items.stream().map(YamlNode::of).toList());
            case Number number -> new Scalar(0, number.toString(), true);
            case Boolean bool -> new Scalar(0, bool.toString(), true);
            default -> new Scalar(0, tree.toString(), false);
        };
    }

    /** The line of the field at {@code path} ({@code users[3].routes[0]}), or of what is nearest above it. */
    default int lineOf(String path) {
        int line = line();
        YamlNode node = this;
        for (String step : path.split("[.\\[]", -1)) {
            switch (node) {
                case Mapping mapping when mapping.entries.containsKey(step) -> {
                    Entry entry = mapping.entries.get(step);
                    node = entry.value;
                    line = entry.line;
                }
                case Sequence sequence when step.matches("[0-9]{1,9}\\]") -> {
                    int index = Integer.parseInt(step, 0, step.length() - 1, 10);
                    if (index >= sequence.items.size()) {
                        return line;
                    }
                    node = sequence.items.get(index);
                    line = node.line();
                }
                default -> {
                    return line;
                }
            }
        }
        return line;
    }
}
