package io.pptpoperator.operator.lending;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How long which members of a division have been without a pod.
 *
 * @param members those without one
 */
public record Absences(SortedMap<String, Absence> members) {

    /** Nobody was missed yet. */
    public static final Absences NONE = new Absences(new TreeMap<>());

    /**
     * How long a pod may read a mounted Secret as it was before: watches of API server, kubelet and operator lag by
     * fractions of a second, and by seconds when things go badly.
     */
    public static final Duration STALE = Duration.ofSeconds(10);

    /**
     * One member's absence.
     *
     * @param since when it was first missed
     * @param edition of its share when it was last looked for
     * @param unchanged since when that edition is known
     */
    public record Absence(Instant since, long edition, Instant unchanged) {}

    /** Copies the map. */
    public Absences {
        members = new TreeMap<>(members);
    }

    /**
     * Looks again.
     *
     * @param division as the members' files say it already
     * @param running the members that have a pod
     */
    public Absences next(PoolDivision division, Set<String> running, Instant now) {
        var next = new TreeMap<String, Absence>();
        division.members().forEach((name, part) -> {
            Absence before = members.get(name);
            if (running.contains(name)) {
                return;
            }
            boolean changed = before == null || before.edition != part.edition();
            next.put(name,
                    new Absence(before == null ? now : before.since, part.edition(), changed ? now : before.unchanged));
        });
        return new Absences(next);
    }

    /** The members whose next pod, if there is one, can only read the file as it is now. */
    public Set<String> gone(Instant now) {
        return missedUntil(now.minus(STALE), true);
    }

    /** The members that have been without a pod for so long. */
    public Set<String> longerThan(Duration time, Instant now) {
        return missedUntil(now.minus(time), false);
    }

    private Set<String> missedUntil(Instant latest, boolean unchanged) {
        return members.entrySet()
                .stream()
                .filter(it -> !(unchanged ? it.getValue().unchanged : it.getValue().since).isAfter(latest))
                .map(it -> it.getKey())
                .collect(Collectors.toUnmodifiableSet());
    }
}
