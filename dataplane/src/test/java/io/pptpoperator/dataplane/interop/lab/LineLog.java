package io.pptpoperator.dataplane.interop.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The lines that a process has printed so far, growing while it runs. Safe for several threads. */
public final class LineLog {

    private static final int LINES_IN_ERRORS = 25;

    private final String source;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    /** @param source whose lines these are, for error messages */
    LineLog(String source) {
        this.source = source;
    }

    synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** Tells those who wait that no more lines will come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Whether no more lines will come. */
    synchronized boolean hasEnded() {
        return ended;
    }

    /** How many lines there are: a place from which to wait for later ones. */
    public synchronized int size() {
        return lines.size();
    }

    /** All lines so far. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** All lines so far as one text. */
    public String text() {
        return String.join("\n", lines());
    }

    /** Whether a line so far contains a match of the regular expression. */
    public boolean has(String regex) {
        return count(regex) > 0;
    }

    /** How many lines so far contain a match of the regular expression. */
    public long count(String regex) {
        var pattern = Pattern.compile(regex);
        return lines().stream().filter(line -> pattern.matcher(line).find()).count();
    }

    /** The first line that contains a match, waiting for it when it has not come yet. */
    public String await(String regex, Duration limit) {
        return awaitFrom(0, regex, limit);
    }

    /**
     * The first line at or after a place that contains a match, waiting for it when it has not come yet.
     *
     * @param from a value of {@link #size()}
     * @throws LabException when the limit passes, or the process ends, without such a line
     */
    public synchronized String awaitFrom(int from, String regex, Duration limit) {
        var pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + limit.toNanos();
        int next = from;
        while (true) {
            for (; next < lines.size(); next++) {
                if (pattern.matcher(lines.get(next)).find()) {
                    return lines.get(next);
                }
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                throw new LabException(source + (ended ? " ended" : " ran " + limit.toMillis() + " ms")
                        + " without printing a line with /" + regex + "/. Its last lines:\n" + lastLines());
            }
            try {
                wait(Math.max(1, left / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("Interrupted while waiting for " + source + ".", e);
            }
        }
    }

    /** The last few lines, indented, for error messages. */
    public synchronized String lastLines() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_IN_ERRORS), lines.size())).indent(4);
    }
}
