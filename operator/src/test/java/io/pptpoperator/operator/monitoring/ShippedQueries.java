package io.pptpoperator.operator.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every question that the chart's alerts and its dashboard ask Prometheus. */
public final class ShippedQueries {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *([a-z_]+)\\)");
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.([a-z_]+)|\\{\\{([a-z_]+)\\}\\}");

    /** Labels that the chart's monitors give to whatever they scrape. */
    private static final Set<String> OF_THE_TARGET = Set.of("namespace", "pod", "container", "endpoint", "job",
            "instance");
    /** The monitors take the job from the label app.kubernetes.io/name. */
    private static final Series TARGETS = new Series(
            Map.of("up", Map.of("job", Set.of("pptp-operator", "pptp-server"))));

    /**
     * One question.
     *
     * @param where the alert or panel that asks it
     * @param shown labels that the alert's texts or the panel's legend show
     */
    public record Query(String where, String expression, Set<String> shown) {

        @Override
        public String toString() {
            return where;
        }
    }

    private ShippedQueries() {}

    /** All of them. */
    public static List<Query> all() {
        return Stream.concat(alerts().stream().map(ShippedQueries::query), dashboard().stream()).toList();
    }

    /** The alerts as their files have them. */
    public static List<JsonNode> alerts() {
        var alerts = new ArrayList<JsonNode>();
        for (String file : List.of("alerts/operator.yaml", "alerts/servers.yaml")) {
            read(file).forEach(group -> group.path("rules").forEach(alerts::add));
        }
        return alerts;
    }

    private static Query query(JsonNode alert) {
        return new Query(alert.path("alert").asText(), alert.path("expr").asText(),
                labels(alert.path("annotations").toString()));
    }

    private static List<Query> dashboard() {
        JsonNode dashboard = read("dashboard.json");
        var queries = new ArrayList<Query>();
        dashboard.path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> queries.add(new Query("panel " + panel.path("title").asText(),
                                target.path("expr").asText(), labels(target.path("legendFormat").asText())))));
        dashboard.path("templating").path("list").forEach(variable -> {
            Matcher values = LABEL_VALUES.matcher(variable.path("query").path("query").asText());
            if (values.matches()) {
                queries.add(new Query("variable " + variable.path("name").asText(), values.group(1),
                        Set.of(values.group(2))));
            }
        });
        return queries;
    }

    private static JsonNode read(String file) {
        Path path = Repository.root().resolve("deploy/helm/pptp-operator/files").resolve(file);
        try {
            return YAML.readTree(path.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static Set<String> labels(String text) {
        var labels = new TreeSet<String>();
        LABEL.matcher(text).results().forEach(it -> labels.add(it.group(1) == null ? it.group(2) : it.group(1)));
        return labels;
    }

    /**
     * What is wrong with a query, given what programs export.
     *
     * @param mine the metrics that these programs answer for; others are left alone
     * @param complete whether every value that a label can have occurs in the export
     */
    public static List<String> mistakes(Query query, Series exported, Predicate<String> mine, boolean complete) {
        Promql asked = Promql.parse(query.expression());
        var mistakes = new ArrayList<String>();
        var labels = new TreeSet<>(OF_THE_TARGET);
        for (Promql.Selector selector : asked.selectors()) {
            boolean up = selector.metric().equals("up");
            if (!up && !mine.test(selector.metric())) {
                return List.of();
            }
            Map<String, Set<String>> known = (up ? TARGETS : exported).metrics().get(selector.metric());
            if (known == null) {
                mistakes.add("no program exports " + selector.metric());
                continue;
            }
            labels.addAll(known.keySet());
            selector.matches().forEach(match -> {
                if (!known.containsKey(match.label()) && !OF_THE_TARGET.contains(match.label())) {
                    mistakes.add(selector.metric() + " has no label " + match.label());
                } else if ((up || complete) && match.operator().equals("=") && !match.value().contains("$")
                        && known.containsKey(match.label()) && !known.get(match.label()).contains(match.value())) {
                    mistakes.add(match.label() + " of " + selector.metric() + " is never " + match.value()
                            + ", but one of " + known.get(match.label()));
                }
            });
        }
        Stream.concat(asked.groupings().stream(), query.shown().stream())
                .filter(it -> !labels.contains(it))
                .forEach(it -> mistakes.add("no series that is asked for has the label " + it));
        return mistakes;
    }
}
