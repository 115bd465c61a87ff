package io.pptpoperator.operator.pptpdimport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code pptpd.conf} says, read as pptpd reads it (pptpd.conf(5)): a keyword at the very start of a line, then its
 * value; of a keyword that stands there twice the first one counts.
 *
 * @param settings the settings by keyword, in the order of the file
 */
record PptpdConf(Map<String, Setting> settings) {

    /**
     * One line.
     *
     * @param file its file
     * @param line its number
     * @param keyword the keyword
     * @param value the rest, or nothing
     */
    record Setting(String file, int line, String keyword, String value) {

        Remark remark(String message) {
            String both = value.isEmpty() ? keyword : keyword + " " + value;
            return new Remark(file, line, both + ": " + message);
        }
    }

    private static final Set<String> KEYWORDS = Set.of("bcrelay", "connections", "debug", "delegate", "listen",
            "localip", "logwtmp", "noipparam", "option", "pidfile", "ppp", "remoteip", "speed", "stimeout", "vrf");

    static PptpdConf parse(SourceFile file, List<Remark> problems) {
        var settings = new LinkedHashMap<String, Setting>();
        int number = 0;
        for (String raw : file.text().lines().toList()) {
            number++;
            String line = withoutComment(raw).stripTrailing();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("[ \t]+", 2);
            var setting = new Setting(file.name(), number, parts[0], parts.length > 1 ? parts[1] : "");
            if (parts[0].isEmpty()) {
                problems.add(new Remark(file.name(), number,
                        "the line starts with a blank, so pptpd passes over it; without the blank it would count"));
            } else if (!KEYWORDS.contains(parts[0])) {
                problems.add(setting.remark("is no setting of pptpd, which passes over it; is it spelled wrong?"));
            } else if (settings.putIfAbsent(parts[0], setting) != null) {
                problems.add(setting.remark(
                        "stands on line " + settings.get(parts[0]).line() + " already; pptpd goes by the first one"));
            }
        }
        return new PptpdConf(settings);
    }

    /** pptpd reads a number or an address up to the first blank, so what follows a value does no harm there. */
    private static String withoutComment(String line) {
        return line.replaceFirst("[ \t]+#.*$", "");
    }

    Optional<Setting> get(String keyword) {
        return Optional.ofNullable(settings.get(keyword));
    }
}
