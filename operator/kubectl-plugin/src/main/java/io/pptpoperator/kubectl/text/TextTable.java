package io.pptpoperator.kubectl.text;

import java.util.ArrayList;
import java.util.List;

/** Columns as kubectl prints them: a header in capitals, three spaces between columns, none at the end of a line. */
public final class TextTable {

    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with a header. */
    public TextTable(List<String> header) {
        rows.add(List.copyOf(header));
    }

    /**
     * Adds a row; what is null or empty shows as {@code <none>}.
     *
     * @throws IllegalArgumentException when it does not have as many cells as the header
     */
    public void add(List<String> cells) {
        if (cells.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException(cells.size() + " cells under " + rows.getFirst().size() + " headings");
        }
        rows.add(cells.stream().map(cell -> cell == null || cell.isEmpty() ? "<none>" : visible(cell)).toList());
    }

    /** What a device calls itself must not move the cursor. */
    private static String visible(String cell) {
        return cell.replaceAll("\\p{Cntrl}", "?");
    }

    /** All lines, each ended. */
    @Override
    public String toString() {
        var widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
