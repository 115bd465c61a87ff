package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.dataplane.client.probe.PhaseResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
final class ReportText {

    private ReportText() {}

    /** One line about a phase. */
    static String line(PhaseResult result) {
        String time = result.millis().isPresent() ? result.millis().getAsLong() + " ms" : "";
        return String
                .format(Locale.ROOT, "%-15s %-12s %9s   %s", result.phase().label(), result.status().label(), time,
                        result.found())
                .stripTrailing();
    }

    /** What the failures and warnings mean; empty when there are none. */
    static List<String> explanations(Report report) {
        List<String> lines = new ArrayList<>();
        for (PhaseResult result : report.results()) {
            result.advice().ifPresent(advice -> {
                lines.add("");
                lines.add(result.phase().label() + (result.status() == Status.FAILED ? " failed. " : ": ")
                        + advice.meaning());
                advice.windows()
                        .ifPresent(error -> lines
                                .add("  On Windows: error " + error.code() + ", \"" + error.text() + "\"."));
                if (!advice.checks().isEmpty()) {
                    lines.add("  Check:");
                    advice.checks().forEach(check -> lines.add("  - " + check));
                }
            });
        }
        return lines;
    }
}
