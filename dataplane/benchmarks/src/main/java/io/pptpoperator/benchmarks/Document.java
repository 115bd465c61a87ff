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

                """).append(machine);
        targets(text, sections);
        for (Section section : sections) {
            text.append("\n## ").append(section.title()).append("\n\n").append(section.text());
        }
        if (!notes.isBlank()) {
            text.append('\n').append(notes);
        }
        return text.toString();
    }

    /** The text of docs/soak.md. */
    static String ofSoak(String machine, Section section) {
        StringBuilder text = new StringBuilder("""
                # Soak

                `dataplane/benchmarks/soak HOURS` has done and written this. Edit nothing here by hand.

                """).append(machine);
        targets(text, List.of(section));
        return text.append("\n## ")
                .append(section.title())
                .append("\n\n![sessions, memory, heap and descriptors over time](soak.svg)\n\n")
                .append(section.text())
                .toString();
    }

    private static void targets(StringBuilder text, List<Section> sections) {
        text.append("\n## Targets\n\n| measure | target | figure | |\n|---|---|---|---|\n");
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
    }
}
