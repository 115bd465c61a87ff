package io.pptpoperator.dataplane.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines for people: time, level, class, message, then {@code key=value} pairs, those of the thread's
 * context last, then a stack trace if there is one.
 * What a peer sent cannot begin a line of its own or move the cursor: control characters become question marks, and
 * values with spaces or quotes stand in quotes.
 */
final class TextLogEncoder extends EncoderBase<ILoggingEvent> {

    /** UTC with milliseconds, always of the same width. */
    static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringBuilder();
        line.append(TIME.format(event.getInstant())).append(' ');
        line.append(String.format("%-5s", event.getLevel())).append(' ');
        line.append(event.getLoggerName().replaceFirst(".*\\.", "")).append(": ");
        appendVisible(line, event.getFormattedMessage(), "");
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                appendPair(line, pair.key, String.valueOf(pair.value));
            }
        }
        new TreeMap<>(event.getMDCPropertyMap()).forEach((key, value) -> appendPair(line, key, value));
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            appendVisible(line, ThrowableProxyUtil.asString(event.getThrowableProxy()), "\n\t");
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendPair(StringBuilder line, String key, String value) {
        appendVisible(line.append(' '), key, "");
        appendVisible(line.append('='), quoted(value), "");
    }

    private static String quoted(String value) {
        boolean plain = !value.isEmpty() && value.chars().noneMatch(it -> it == ' ' || it == '"' || it == '=');
        return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void appendVisible(StringBuilder line, String text, String allowed) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean breaksLines = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            line.append(breaksLines && allowed.indexOf(c) < 0 ? '?' : c);
        }
    }
}
