package io.pptpoperator.operator.pptpdimport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of pppd: how many arguments each has, and what becomes of it. They stand in pppd-options.txt. */
final class PppdOptionTable {

    /** What becomes of an option that {@link PppdSettings} translates. */
    private static final String TRANSLATED = "translated";
    /** What becomes of an option that names another file of options. */
    private static final String INCLUDED = "included";

    private record Row(int arguments, String fate) {}

    private static final Map<String, Row> ROWS = parse(text());

    private PppdOptionTable() {}

    private static String text() {
        try (InputStream in = PppdOptionTable.class.getResourceAsStream("pppd-options.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("pppd-options.txt is not in this program", e);
        }
    }

    private static Map<String, Row> parse(String text) {
        var rows = new HashMap<String, Row>();
        String fate = "";
        for (String line : text.replace("\\\n", "").lines().toList()) {
            if (line.startsWith("[")) {
                fate = line.substring(1, line.length() - 1).replace("\\\\", "\\");
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                String[] parts = line.split(" ", 2);
                Row before = rows.put(parts[0], new Row(Integer.parseInt(parts[1]), fate));
                if (before != null) {
                    throw new IllegalStateException("pppd-options.txt has " + parts[0] + " twice");
                }
            }
        }
        return Map.copyOf(rows);
    }

    /** The names of all options, synonyms left out. */
    static Set<String> names() {
        return ROWS.keySet();
    }

    /** The number of an option's arguments; -1 for what is no option. */
    static int arguments(String name) {
        return ROWS.containsKey(name) ? ROWS.get(name).arguments : -1;
    }

    /** Whether an option's argument names another file of options, which pppd reads in its place. */
    static boolean includes(String name) {
        return ROWS.containsKey(name) && ROWS.get(name).fate.equals(INCLUDED);
    }

    /** What becomes of an option, as a remark; empty when it is translated. */
    static Optional<String> fate(String name) {
        return Optional.of(ROWS.get(name).fate).filter(fate -> !fate.equals(TRANSLATED));
    }
}
