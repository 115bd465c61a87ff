package io.pptpoperator.benchmarks.soak;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** All readings of a soak, and whether they are flat: the first third warms up, the last is held against the second. */
final class Course {
    /** What a value may have risen by, of itself and in its own unit. */
    private static final double MOST_GROWTH = 0.10;
    private static final int TABLE_ROWS = 24;
    /** Less says nothing about thirds. */
    private static final int FEWEST_READINGS = 6;

    /**
     * A value that must not grow.
     *
     * @param name what it is
     * @param slack what it may rise by whatever it is
     * @param lows whether its lows count, because connections that have not logged in come and go
     * @param value of a reading
     */
    private record Flat(String name, double slack, boolean lows, ToDoubleFunction<Reading> value) {}

    private static final List<Flat> FLAT = List.of(new Flat("memory (RSS), MB", 16, false, Reading::residentMegabytes),
            new Flat("heap after a collection, MB", 8, false, Reading::heapMegabytes),
            new Flat("threads", 4, false, Reading::threads),
            new Flat("descriptors beyond the sessions' own", 32, true,
                    reading -> reading.descriptors() - reading.sessions()),
            new Flat("addresses lent beyond the sessions", 8, false, reading -> reading.leases() - reading.sessions()),
            new Flat("calls beyond the sessions", 32, true, reading -> reading.calls() - reading.sessions()));

    private final List<Reading> readings = new ArrayList<>();

    void add(Reading reading) {
        readings.add(reading);
    }

    /** What has grown, in words; nothing when all is flat. */
    List<String> growth() {
        if (readings.size() < FEWEST_READINGS) {
            return List.of("there are only " + readings.size() + " readings");
        }
        int third = readings.size() / 3;
        List<Reading> before = readings.subList(third, 2 * third);
        List<Reading> after = readings.subList(2 * third, readings.size());
        List<String> grown = new ArrayList<>();
        for (Flat flat : FLAT) {
            double first = typical(before, flat);
            double last = typical(after, flat);
            if (last > first * (first > 0 ? 1 + MOST_GROWTH : 1) + flat.slack) {
                grown.add(String.format(Locale.ROOT, "%s: %.0f in the second third, %.0f in the last", flat.name, first,
                        last));
            }
        }
        return grown;
    }

    private static double typical(List<Reading> readings, Flat flat) {
        List<Double> values = readings.stream().map(flat.value::applyAsDouble).sorted().toList();
        return values.get(flat.lows ? values.size() / 10 : values.size() / 2);
    }

    /** The course in Markdown, some of the readings. */
    String table() {
        StringBuilder table = new StringBuilder(
                """
                        | minute | sessions | addresses lent | memory (RSS), MB | heap after a collection, MB | threads | descriptors | calls |
                        |---|---|---|---|---|---|---|---|
                        """);
        int step = Math.max(1, readings.size() / TABLE_ROWS);
        for (int i = 0; i < readings.size(); i += step) {
            Reading reading = readings.get(i);
            table.append(String.format(Locale.ROOT, "| %.1f | %,d | %,d | %.0f | %.1f | %d | %,d | %,d |%n",
                    reading.seconds() / 60, reading.sessions(), reading.leases(), reading.residentMegabytes(),
                    reading.heapMegabytes(), reading.threads(), reading.descriptors(), reading.calls()));
        }
        return table.toString();
    }

    /** The course as a picture (SVG): sessions, memory and heap over time, each scaled to its greatest. */
    String picture() {
        int width = 960;
        int height = 320;
        StringBuilder picture = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="%d" height="%d" fill="white"/>
                """, width, height + 60, width, height + 60));
        line(picture, 0, "sessions", "#1f77b4", Reading::sessions);
        line(picture, 1, "memory (RSS), MB", "#d62728", Reading::residentMegabytes);
        line(picture, 2, "heap after a collection, MB", "#2ca02c", Reading::heapMegabytes);
        line(picture, 3, "descriptors", "#9467bd", Reading::descriptors);
        picture.append(
                String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f minutes</text>%n</svg>%n",
                        width - 10, height + 50, readings.getLast().seconds() / 60));
        return picture.toString();
    }

    private void line(StringBuilder picture, int place, String name, String colour, ToDoubleFunction<Reading> value) {
        double most = readings.stream().map(value::applyAsDouble).max(Comparator.naturalOrder()).orElse(1.0);
        double end = readings.getLast().seconds();
        picture.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"").append(colour).append("\" points=\"");
        for (Reading reading : readings) {
            picture.append(String.format(Locale.ROOT, "%.1f,%.1f ", 10 + 940 * reading.seconds() / Math.max(end, 1),
                    310 - 290 * value.applyAsDouble(reading) / Math.max(most, 1)));
        }
        picture.append(
                String.format(Locale.ROOT, "\"/>%n<text x=\"%d\" y=\"340\" fill=\"%s\">%s, at most %.0f</text>%n",
                        10 + 235 * place, colour, name, most));
    }
}
