package io.pptpoperator.protocol.hours;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some hours on some days of each week, such as {@code Mon-Fri 08:00-18:00}.
 *
 * @param days the days on which it begins
 * @param from minutes after midnight at which it begins, 0 to 1439
 * @param to minutes after midnight at which it ends, 1 to 1440; on the following day when that is not after {@code from}
 */
public record WeeklyWindow(Set<DayOfWeek> days, int from, int to) {
    /** Minutes from one midnight to the next, on most days. */
    static final int DAY = 24 * 60;
    private static final int WEEK = 7;
    private static final int HOUR = 60;

    private static final String NAME = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String SPAN = NAME + "(?:-" + NAME + ")?";
    private static final String START = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
    private static final String END = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)";
    /** What a text has to look like. */
    public static final String PATTERN = SPAN + "(?:," + SPAN + ")* " + START + "-" + END;

    private static final Pattern TEXT = Pattern
            .compile("(" + SPAN + "(?:," + SPAN + ")*) (" + START + ")-(" + END + ")");

    /**
     * Copies the days.
     *
     * @throws IllegalArgumentException when there is no day, or it ends where it begins
     */
    public WeeklyWindow {
        if (days.isEmpty() || from < 0 || from >= DAY || to < 1 || to > DAY) {
            throw new IllegalArgumentException("days " + days + " from minute " + from + " to minute " + to
                    + " are no hours of the week; Mon-Fri 08:00-18:00 would be");
        }
        if (from == to) {
            throw new IllegalArgumentException("'" + time(from) + "-" + time(to)
                    + "' ends where it begins; 00:00-24:00 for a whole day would be right");
        }
        days = Set.copyOf(days);
    }

    /**
     * Reads {@code Mon-Fri 08:00-18:00}, {@code Sat,Sun 10:00-14:00} or {@code Fri-Sun 22:00-06:00}, which ends on the
     * following day each.
     *
     * @throws IllegalArgumentException when it is none of that; says what would be right
     */
    public static WeeklyWindow parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not hours of the week; such as Mon-Fri 08:00-18:00, or Sat,Sun 22:00-06:00, would be right");
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String span : matcher.group(1).split(",", -1)) {
            DayOfWeek day = day(span.substring(0, 3));
            DayOfWeek last = day(span.substring(span.length() - 3));
            days.add(day);
            while (day != last) {
                day = day.plus(1);
                days.add(day);
            }
        }
        return new WeeklyWindow(days, minutes(matcher.group(2)), minutes(matcher.group(3)));
    }

    private static DayOfWeek day(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (name(day).equals(name)) {
                return day;
            }
        }
        throw new IllegalArgumentException(name + " is no day");
    }

    private static String name(DayOfWeek day) {
        String name = day.name();
        return name.charAt(0) + name.substring(1, 3).toLowerCase(Locale.ROOT);
    }

    private static int minutes(String time) {
        return Integer.parseInt(time.substring(0, 2)) * HOUR + Integer.parseInt(time.substring(3));
    }

    private static String time(int minutes) {
        return "%02d:%02d".formatted(minutes / HOUR, minutes % HOUR);
    }

    /** Whether it ends on the day after the one it begins on. */
    boolean isOvernight() {
        return to < from;
    }

    /** A text that {@link #parse} reads back, with days that follow one another as a span. */
    @Override
    public String toString() {
        List<List<DayOfWeek>> spans = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            if (days.contains(day)) {
                if (spans.isEmpty() || spans.getLast().getLast() != day.minus(1)) {
                    spans.add(new ArrayList<>());
                }
                spans.getLast().add(day);
            }
        }
        // From Sunday to Monday it goes on, too.
        if (spans.size() > 1 && days.contains(DayOfWeek.SUNDAY) && days.contains(DayOfWeek.MONDAY)) {
            spans.getLast().addAll(spans.removeFirst());
        }
        String names = spans.stream()
                .map(it -> it.size() == 1 ? name(it.getFirst()) : name(it.getFirst()) + "-" + name(it.getLast()))
                .collect(Collectors.joining(","));
        return names + " " + time(from) + "-" + time(to);
    }

    /** How many days a week has it. */
    static int week() {
        return WEEK;
    }
}
