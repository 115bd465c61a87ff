package io.pptpoperator.operator.pptpdimport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads the configuration of VyOS, EdgeOS and Vyatta in both its forms: lines such as {@code set vpn pptp …}, and nodes
 * with braces. Either way it is a list of paths of words, the last word a value.
 */
final class VyosConfig {

    private static final List<String> PPTP = List.of("vpn", "pptp", "remote-access");

    /**
     * One path.
     *
     * @param file its file
     * @param line its line
     * @param words its words below {@code vpn pptp remote-access}; one of them may be a secret
     */
    record Setting(String file, int line, List<String> words) {

        /** The word at {@code index}; an empty one where there is none. */
        String word(int index) {
            return index < words.size() ? words.get(index) : "";
        }

        String last() {
            return words.getLast();
        }

        /** The same without its first words. */
        Setting from(int index) {
            return new Setting(file, line, words.subList(Math.min(index, words.size()), words.size()));
        }

        /** What to call it in a message; not for settings of users, whose values may be secret. */
        String text() {
            return String.join(" ", words);
        }

        Remark remark(String message) {
            return new Remark(file, line, text() + ": " + message);
        }

        /** The place alone. */
        @Override
        public String toString() {
            return "Setting[" + file + ":" + line + "]";
        }
    }

    private VyosConfig() {}

    /** Whether a text is such a configuration, with a PPTP server in it. */
    static boolean isOne(String text) {
        return text.lines().anyMatch(it -> it.strip().startsWith("set vpn pptp remote-access"))
                || text.matches("(?s).*\\bpptp\\s*\\{\\s*remote-access\\s*\\{.*");
    }

    /** Everything below {@code vpn pptp remote-access}. */
    static List<Setting> pptp(SourceFile source, List<Remark> problems) {
        var settings = new ArrayList<Setting>();
        Deque<List<String>> nodes = new ArrayDeque<>();
        int number = 0;
        boolean comment = false;
        for (String raw : source.text().lines().toList()) {
            number++;
            String line = raw.strip();
            if (comment || line.startsWith("/*")) {
                comment = !line.endsWith("*/");
                continue;
            }
            if (line.isEmpty() || line.startsWith("//") || line.startsWith("#")) {
                continue;
            }
            List<String> words = words(line);
            if (words.getFirst().equals("set")) {
                add(source, number, words.subList(1, words.size()), settings);
            } else if (words.getLast().equals("{")) {
                nodes.addLast(words.subList(0, words.size() - 1));
                // A node with a name says something by being there: a user, for instance.
                if (words.size() > 2) {
                    add(source, number, path(nodes, List.of()), settings);
                }
            } else if (words.getFirst().equals("}")) {
                if (nodes.pollLast() == null) {
                    problems.add(new Remark(source.name(), number, "this brace closes nothing"));
                }
            } else {
                add(source, number, path(nodes, words), settings);
            }
        }
        return settings;
    }

    private static void add(SourceFile source, int line, List<String> path, List<Setting> settings) {
        // A configuration file of the service alone begins at a node further in.
        int below = path.size() > PPTP.size() && path.subList(0, PPTP.size()).equals(PPTP)
                ? PPTP.size()
                : path.size() > 2 && path.subList(0, 2).equals(PPTP.subList(1, 3)) ? 2 : 0;
        if (below > 0) {
            settings.add(new Setting(source.name(), line, List.copyOf(path.subList(below, path.size()))));
        }
    }

    private static List<String> path(Deque<List<String>> nodes, List<String> last) {
        var path = new ArrayList<String>();
        nodes.forEach(path::addAll);
        path.addAll(last);
        return path;
    }

    /** Blanks divide words; single and double quotes keep them. */
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (quote != 0 && character == quote) {
                quote = 0;
            } else if (quote == 0 && (character == '\'' || character == '"')) {
                quote = character;
                begun = true;
            } else if (quote == 0 && Character.isWhitespace(character)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(character);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words.isEmpty() ? List.of("") : words;
    }
}
