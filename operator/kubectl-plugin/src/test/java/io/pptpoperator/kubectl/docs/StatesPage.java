package io.pptpoperator.kubectl.docs;

import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The tables of docs/troubleshooting.md that say what is said in each state. */
public final class StatesPage {

    private static final Pattern LITERAL = Pattern.compile("`([^`]+)`");

    /**
     * A row.
     *
     * @param state in words
     * @param get the first columns of {@code kubectl get}
     * @param condition of a server the condition that is not true, or Ready; of a user the reason of Ready
     * @param event reason of an Event; empty: none is expected
     * @param doctor what the doctor's output has
     * @param metric of a server the value, of a user the state; empty without an operator
     * @param alerts the alerts that fire after their times
     */
    public record Row(String state, List<String> get, String condition, String event, String doctor, String metric,
            List<String> alerts) {

        @Override
        public String toString() {
            return state;
        }
    }

    private StatesPage() {}

    /** The rows of the table about a kind. */
    public static List<Row> rows(String kind) {
        try {
            String page = Files.readString(Repository.root().resolve("docs/troubleshooting.md"));
            String table = page.substring(page.indexOf("| state of a " + kind + " |"));
            return table.substring(0, table.indexOf("\n\n")).lines().skip(2).map(StatesPage::row).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        return new Row(cells.get(1), LITERAL.matcher(cells.get(2)).results().map(it -> it.group(1)).toList(),
                cells.get(3), literal(cells.get(4)), literal(cells.get(5)), literal(cells.get(6)),
                LITERAL.matcher(cells.get(7)).results().map(it -> it.group(1)).toList());
    }

    private static String literal(String cell) {
        return cell.replace("`", "");
    }
}
