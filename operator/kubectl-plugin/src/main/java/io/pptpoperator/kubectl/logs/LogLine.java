package io.pptpoperator.kubectl.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a data plane's log, in either of its formats.
 *
 * @param raw as it was logged
 * @param time when, as it was logged: always UTC, always of one width, so that texts sort like times
 * @param message what happened
 * @param values its key-value pairs, in their order
 */
public record LogLine(String raw, String time, String message, SequencedMap<String, String> values) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TEXT = Pattern
            .compile("(?<time>\\d{4}-\\S+Z) (?<level>[A-Z]+) +(?<logger>[\\w.$]+): (?<rest>.*)");
    private static final Pattern PAIR = Pattern.compile(" (?<key>\\w+)=(?<value>\"(?:[^\"\\\\]|\\\\.)*\"|[^ \"]*)");

    /** Reads a line; nothing when it is none of a data plane's, such as part of a stack trace. */
    public static Optional<LogLine> parse(String line) {
        return line.startsWith("{") ? parseJson(line) : parseText(line);
    }

    private static Optional<LogLine> parseJson(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            var values = new LinkedHashMap<String, String>();
            json.properties().forEach(field -> values.put(field.getKey(), field.getValue().asText()));
            String time = values.remove("time");
            String message = values.remove("message");
            values.remove("level");
            values.remove("logger");
            return time == null || message == null
                    ? Optional.empty()
                    : Optional.of(new LogLine(line, time, message, values));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<LogLine> parseText(String line) {
        Matcher matcher = TEXT.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String rest = matcher.group("rest");
        var values = new LinkedHashMap<String, String>();
        int end = rest.length();
        Matcher pair = PAIR.matcher(rest);
        while (pair.find()) {
            end = Math.min(end, pair.start());
            values.put(pair.group("key"), unquoted(pair.group("value")));
        }
        return Optional.of(new LogLine(line, matcher.group("time"), rest.substring(0, end), values));
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }
}
