package io.pptpoperator.protocol.hours;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Hours of the week by the clocks of a place. Where its clocks are put forward the skipped time counts for nothing: what
 * would begin or end in it does so when they are. Where they are put back, what begins in the hour that comes twice
 * begins in the first, and what ends in it ends in the second.
 *
 * @param zone whose clocks
 * @param windows when it is open; overlapping ones count as one
 */
public record OpeningHours(ZoneId zone, List<WeeklyWindow> windows) {

    /** A window that spans midnight began a day ago at most, and clocks are off by a day at most. */
    private static final int DAYS_BACK = 3;
    /**
     * All windows come round within a week, but for those of an hour that the clocks leave out or repeat: what stays as it
     * is for two weeks does so for ever.
     */
    private static final int DAYS_AHEAD = 17;

    /** Copies the list. */
    public OpeningHours {
        windows = List.copyOf(windows);
    }

    /** Whether it is open, and for how long that stays so. */
    public sealed interface State {

        /**
         * It is open.
         *
         * @param until when it closes; empty when it never does
         */
        record Open(Optional<Instant> until) implements State {}

        /**
         * It is closed.
         *
         * @param until when it opens; empty when it never does
         */
        record Closed(Optional<Instant> until) implements State {}

        /** When that changes; empty when it never does. */
        Optional<Instant> until();

        /** Whether it is open. */
        default boolean isOpen() {
            return this instanceof Open;
        }
    }

    private record Interval(Instant from, Instant to) {}

    /** What it is at this moment. */
    public State at(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        Instant end = now;
        boolean open = false;
        for (Interval interval : around(today)) {
            if (interval.from().isAfter(end)) {
                if (!open) {
                    return new State.Closed(Optional.of(interval.from()));
                }
                break;
            }
            if (interval.to().isAfter(end)) {
                end = interval.to();
                open = true;
            }
        }
        if (!open) {
            return new State.Closed(Optional.empty());
        }
        boolean endless = end.isAfter(start(today.plusDays(2 * WeeklyWindow.week() + 1), 0));
        return new State.Open(endless ? Optional.empty() : Optional.of(end));
    }

    /** What is open in the days around this one, in order. */
    private List<Interval> around(LocalDate today) {
        List<Interval> intervals = new ArrayList<>();
        for (int i = -DAYS_BACK; i <= DAYS_AHEAD; i++) {
            LocalDate day = today.plusDays(i);
            for (WeeklyWindow window : windows) {
                if (window.days().contains(day.getDayOfWeek())) {
                    Instant from = start(day, window.from());
                    Instant to = end(window.isOvernight() ? day.plusDays(1) : day, window.to());
                    if (to.isAfter(from)) {
                        intervals.add(new Interval(from, to));
                    }
                }
            }
        }
        intervals.sort(Comparator.comparing(Interval::from));
        return intervals;
    }

    private Instant start(LocalDate day, int minutes) {
        return instant(day, minutes, false);
    }

    private Instant end(LocalDate day, int minutes) {
        return instant(day, minutes, true);
    }

    private Instant instant(LocalDate day, int minutes, boolean last) {
        LocalDateTime time = day.atStartOfDay().plusMinutes(minutes);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition skipping = zone.getRules().getTransition(time);
            return skipping.getInstant();
        }
        return time.toInstant(last ? offsets.getLast() : offsets.getFirst());
    }
}
