package io.pptpoperator.operator.monitoring;

import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/metrics.md, to be compared with what programs export. */
public final class MetricsPage {

    private static final Pattern ROW = Pattern
            .compile("(?m)^\\| `([a-z0-9_]+)` \\| (counter|gauge|histogram|summary) \\| ([^|]*)\\|");
    private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    /** Of the format, not of what is counted. */
    private static final Set<String> OF_THE_FORMAT = Set.of("le", "quantile");

    private MetricsPage() {}

    /**
     * A metric as {@code name type labels}.
     *
     * @param heading of the page's section
     */
    public static Set<String> section(String heading) {
        try {
            String page = Files.readString(Repository.root().resolve("docs/metrics.md"));
            String section = page.substring(page.indexOf("\n## " + heading + "\n"));
            int end = section.indexOf("\n## ", 1);
            return ROW.matcher(end < 0 ? section : section.substring(0, end))
                    .results()
                    .map(MetricsPage::said)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(MatchResult row) {
        return said(row.group(1), row.group(2), LABEL.matcher(row.group(3)).results().map(it -> it.group(1)));
    }

    private static String said(String name, String type, Stream<String> labels) {
        return name + " " + type + " " + labels.sorted().toList();
    }

    /**
     * The same of what a program exports.
     *
     * @param mine names of the metrics that are asked for
     * @param common a label of every metric that no table repeats
     */
    public static Set<String> exported(String scrape, Predicate<String> mine, Set<String> common) {
        Series series = Series.parse(scrape);
        var all = new TreeSet<String>();
        Matcher type = TYPE.matcher(scrape);
        while (type.find()) {
            String name = type.group(1);
            if (mine.test(name)) {
                all.add(said(name, type.group(2),
                        Stream.of(name, name + "_count")
                                .filter(series.metrics()::containsKey)
                                .flatMap(it -> series.metrics().get(it).keySet().stream())
                                .distinct()
                                .filter(it -> !common.contains(it) && !OF_THE_FORMAT.contains(it))));
            }
        }
        return all;
    }
}
