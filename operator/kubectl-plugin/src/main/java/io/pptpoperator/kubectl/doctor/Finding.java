package io.pptpoperator.kubectl.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that the doctor looked at.
 *
 * @param level what to make of it
 * @param subject what it is about, such as {@code PptpServer office}
 * @param found what was found, a sentence without a full stop
 * @param remedies what to do about it, the likeliest first
 * @param consequences what follows from it, and is over when it is
 */
record Finding(Level level, String subject, String found, List<String> remedies, List<String> consequences) {

    /** What to make of a finding. */
    enum Level {
        /** As it should be. */
        OK,
        /** Could not be looked at. */
        UNKNOWN,
        /** Keeps nobody out by itself, but somebody should know. */
        WARNING,
        /** Keeps clients out, or changes from taking effect. */
        PROBLEM;

        /** Its name in reports. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Finding {
        remedies = List.copyOf(remedies);
        consequences = List.copyOf(consequences);
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, List.of(), List.of());
    }

    static Finding unknown(String subject, String found, String... remedies) {
        return new Finding(Level.UNKNOWN, subject, found, List.of(remedies), List.of());
    }

    static Finding warning(String subject, String found, String... remedies) {
        return new Finding(Level.WARNING, subject, found, List.of(remedies), List.of());
    }

    static Finding problem(String subject, String found, String... remedies) {
        return new Finding(Level.PROBLEM, subject, found, List.of(remedies), List.of());
    }

    /** The same, with more that follows from it. */
    Finding leadingTo(List<String> following) {
        var all = new ArrayList<>(consequences);
        all.addAll(following);
        return new Finding(level, subject, found, remedies, all);
    }
}
