package io.pptpoperator.benchmarks.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of one quantity. */
public final class Samples {
    private final List<Double> values = new ArrayList<>();

    public void add(double value) {
        values.add(value);
    }

    public void addAll(List<Double> more) {
        values.addAll(more);
    }

    public double median() {
        return quantile(0.5);
    }

    /** The smallest value that at least this share of all does not exceed; NaN when there is none. */
    public double quantile(double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    /** What each value is of the one measured in the same round, so that a machine whose speed drifts changes neither. */
    public Samples over(Samples others) {
        Samples ratios = new Samples();
        for (int i = 0; i < Math.min(values.size(), others.values.size()); i++) {
            ratios.add(values.get(i) / others.values.get(i));
        }
        return ratios;
    }

    /** Median, and least and greatest value; a dash when there is none. */
    public String text() {
        return values.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(), quantile(0), quantile(1));
    }
}
