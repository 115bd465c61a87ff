package io.pptpoperator.benchmarks.lab;

import java.util.List;

/**
 * A part of the document.
 *
 * @param title its heading
 * @param text what was measured how, and the results, in Markdown
 * @param targets what the results say about the targets
 */
public record Section(String title, String text, List<Target> targets) {

    /** Copies the list. */
    public Section {
        targets = List.copyOf(targets);
    }
}
