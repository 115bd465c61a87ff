package io.pptpoperator.operator.pptpdimport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what RouterOS prints for {@code /export}: a line with a menu, then lines of commands in it, or both on one
 * line; a backslash at the end of a line goes on with the next one.
 */
final class RouterOsExport {

    /**
     * One command.
     *
     * @param file its file
     * @param line the line it begins on
     * @param menu such as {@code /ppp secret}
     * @param verb {@code add} or {@code set}
     * @param item what stands between verb and values: {@code default-encryption}, {@code [ find default=yes ]}
     * @param values by name; may hold secrets
     */
    record Command(String file, int line, String menu, String verb, String item, Map<String, String> values) {

        String value(String name) {
            return values.getOrDefault(name, "");
        }

        boolean is(String name) {
            return value(name).equals("yes");
        }

        /** The place alone. */
        @Override
        public String toString() {
            return "Command[" + file + ":" + line + "]";
        }
    }

    private static final Pattern VALUE = Pattern.compile("([a-z0-9-]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s\"]*)",
            Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-9A-F]{2}|.)", Pattern.DOTALL);
    private static final Pattern VERB = Pattern.compile("(?s)^(.*?)\\b(add|set)\\b(.*)$");

    private RouterOsExport() {}

    /** All commands of the export that add or set something. */
    static List<Command> parse(SourceFile source) {
        var commands = new ArrayList<Command>();
        String menu = "";
        var statement = new StringBuilder();
        int number = 0;
        int begin = 1;
        for (String raw : source.text().lines().toList()) {
            number++;
            String line = raw.stripTrailing();
            begin = statement.isEmpty() ? number : begin;
            if (line.endsWith("\\")) {
                statement.append(statement.isEmpty() ? line.strip() : line.stripLeading());
                statement.setLength(statement.length() - 1);
                continue;
            }
            String whole = statement.append(statement.isEmpty() ? line.strip() : line.stripLeading()).toString();
            statement.setLength(0);
            if (whole.isEmpty() || whole.startsWith("#")) {
                continue;
            }
            Matcher verb = VERB.matcher(withoutValues(whole));
            if (whole.startsWith("/")) {
                menu = (verb.matches() ? verb.group(1) : whole).strip();
            }
            if (verb.matches()) {
                String rest = whole.substring(verb.end(2));
                commands.add(new Command(source.name(), begin, menu, verb.group(2), item(rest), values(rest)));
            }
        }
        return commands;
    }

    /** The line up to its first value, so that no word of a value is taken for a verb. */
    private static String withoutValues(String line) {
        int equals = line.indexOf('=');
        return equals < 0 ? line : line.substring(0, equals);
    }

    private static String item(String rest) {
        Matcher first = VALUE.matcher(rest.replaceAll("\\[[^]]*]", ""));
        String plain = rest.replaceAll("\\[[^]]*]", "");
        return (first.find() ? plain.substring(0, first.start()) : plain).strip();
    }

    private static Map<String, String> values(String rest) {
        var values = new LinkedHashMap<String, String>();
        Matcher value = VALUE.matcher(rest.replaceAll("\\[[^]]*]", ""));
        while (value.find()) {
            String text = value.group(2);
            values.put(value.group(1), text.startsWith("\"") ? unescaped(text.substring(1, text.length() - 1)) : text);
        }
        return values;
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(switch (match.group(1)) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "_" -> " ";
            case String hex when hex.length() == 2 -> String.valueOf((char) Integer.parseInt(hex, 16));
            case String other -> other;
        }));
    }
}
