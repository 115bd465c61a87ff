package io.pptpoperator.kubectl.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pptpoperator.kubectl.text.Quantities;
import io.pptpoperator.kubectl.text.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sessions as text, in the forms that kubectl's {@code -o} has. */
final class SessionList {

    /** The form. */
    enum Format {
        /** The columns that everybody wants. */
        TABLE,
        /** And the others. */
        WIDE,
        /** Of each session what {@code kick} takes. */
        NAME,
        /** A list for programs. */
        JSON,
        /** The same as YAML. */
        YAML
    }

    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT);
    private static final ObjectMapper YAML = new YAMLMapper().registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    private static final Comparator<SessionRow> ORDER = Comparator.comparing(SessionRow::namespace)
            .thenComparing(SessionRow::user)
            .thenComparing(SessionRow::since);

    static {
        ((YAMLMapper) YAML).disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES);
    }

    private record Column(String heading, Function<SessionRow, String> cell) {}

    private SessionList() {}

    /**
     * All sessions.
     *
     * @param namespaces whether there may be sessions of several namespaces
     * @param now what ages are counted from
     */
    static String text(List<SessionRow> sessions, Format format, boolean namespaces, Instant now) {
        List<SessionRow> sorted = sessions.stream().sorted(ORDER).toList();
        return switch (format) {
            case TABLE -> table(sorted, columns(namespaces, false, now));
            case WIDE -> table(sorted, columns(namespaces, true, now));
            case NAME -> sorted.stream()
                    .map(it -> (it.id() == null ? it.address() : it.id()) + "\n")
                    .collect(Collectors.joining());
            case JSON -> write(JSON, sorted) + "\n";
            case YAML -> write(YAML, sorted);
        };
    }

    private static String write(ObjectMapper mapper, List<SessionRow> sessions) {
        try {
            return mapper.writeValueAsString(sessions);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and times can always be written", e);
        }
    }

    private static String table(List<SessionRow> sessions, List<Column> columns) {
        var table = new TextTable(columns.stream().map(Column::heading).toList());
        sessions.forEach(session -> table.add(columns.stream().map(it -> it.cell().apply(session)).toList()));
        return table.toString();
    }

    private static List<Column> columns(boolean namespaces, boolean wide, Instant now) {
        var columns = new ArrayList<Column>();
        if (namespaces) {
            columns.add(new Column("NAMESPACE", SessionRow::namespace));
        }
        columns.addAll(List.of(new Column("USER", SessionRow::user), new Column("SERVER", SessionRow::server),
                new Column("POD", SessionRow::pod), new Column("ADDRESS", SessionRow::address),
                new Column("FROM", SessionRow::from),
                new Column("SINCE", it -> Quantities.age(Duration.between(it.since(), now))),
                new Column("UP", it -> traffic(it.uploaded())), new Column("DOWN", it -> traffic(it.downloaded()))));
        if (wide) {
            columns.addAll(
                    List.of(new Column("ENCRYPTION", SessionRow::encryption), new Column("METHOD", SessionRow::method),
                            new Column("IDLE",
                                    it -> it.idleSeconds() == null
                                            ? null
                                            : Quantities.age(Duration.ofSeconds(it.idleSeconds()))),
                            new Column("LIMIT", SessionRow::rateLimit), new Column("COMPUTER", SessionRow::computer),
                            new Column("ID", SessionRow::id)));
        }
        return columns;
    }

    private static String traffic(Long bytes) {
        return bytes == null ? "<unknown>" : Quantities.bytes(bytes);
    }
}
