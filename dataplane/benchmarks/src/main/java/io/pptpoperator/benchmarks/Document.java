package io.pptpoperator.benchmarks;

import io.pptpoperator.benchmarks.lab.Section;
import io.pptpoperator.benchmarks.lab.Target;
import java.util.List;

/** The text of docs/benchmarks.md. */
final class Document {

    private Document() {}

    /**
     * Puts it together.
     *
     * @param notes what a person has to say about the results, in Markdown
     */
    static String of(String machine, List<Section> sections, String notes) {
        StringBuilder text = new StringBuilder("""
                # Benchmarks

                `dataplane/benchmarks/run` has measured and written this; the notes at its end are
                `dataplane/benchmarks/notes.md`. Edit nothing here by hand.

                """).append(machine).append("\n## Targets\n\n| measure | target | figure | |\n|---|---|---|---|\n");
        for (Section section : sections) {
            for (Target target : section.targets()) {
                text.append("| ")
                        .append(target.measure())
                        .append(" | ")
                        .append(target.goal())
                        .append(" | ")
                        .append(target.figure())
                        .append(" | ")
                        .append(target.met() ? "met" : "**missed**")
                        .append(" |\n");
            }
        }
        for (Section section : sections) {
            text.append("\n## ").append(section.title()).append("\n\n").append(section.text());
        }
        if (!notes.isBlank()) {
            text.append('\n').append(notes);
        }
        return text.toString();
    }
}
