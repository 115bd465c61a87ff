package io.pptpoperator.benchmarks.lab;

import java.util.Locale;

/**
 * What the data plane is meant to reach, and what it reached.
 *
 * @param measure what is measured
 * @param goal what it should be
 * @param figure what it was
 * @param met whether that is good enough
 */
public record Target(String measure, String goal, String figure, boolean met) {

    /** A value that should be at least so much. */
    public static Target atLeast(String measure, double goal, String unit, double value) {
        return new Target(measure, "≥ " + number(goal) + unit, number(value) + unit, value >= goal);
    }

    /** A value that should be at most so much. */
    public static Target atMost(String measure, double goal, String unit, double value) {
        return new Target(measure, "≤ " + number(goal) + unit, number(value) + unit, value <= goal);
    }

    /** The same target with something added to its figure. */
    public Target with(String addition) {
        return new Target(measure, goal, figure + " (" + addition + ")", met);
    }

    private static String number(double value) {
        return value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
