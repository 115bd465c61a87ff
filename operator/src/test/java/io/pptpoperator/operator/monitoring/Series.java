package io.pptpoperator.operator.monitoring;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The series that a program exports: for each metric its labels, and for each of these the values there are.
 */
public record Series(Map<String, Map<String, Set<String>>> metrics) {

    private static final Pattern LINE = Pattern
            .compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? \\S+(?: \\d+)?$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Reads Prometheus' text format. */
    public static Series parse(String scrape) {
        var metrics = new TreeMap<String, Map<String, Set<String>>>();
        Matcher line = LINE.matcher(scrape);
        while (line.find()) {
            Map<String, Set<String>> labels = metrics.computeIfAbsent(line.group(1), it -> new HashMap<>());
            Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), it -> new TreeSet<>()).add(label.group(2));
            }
        }
        return new Series(metrics);
    }
}
