package io.pptpoperator.operator.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a watch that is dead for good from one that is being started again. While no watch runs it is the API server that
 * is away, and a new process would not help; one that does not run although others do has been given up by the client.
 * Safe for use by many threads.
 */
final class WatchHealth {

    /** Longer than the client ever pauses between two attempts. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Map<String, Instant> silentSince = new HashMap<>();

    /**
     * How a watch is.
     *
     * @param name what it is about
     * @param running whether it hears of changes
     * @param over whether its client will never start it again
     * @param refused whether the API server refused it last, which a new process would be told as well
     */
    record Pulse(String name, boolean running, boolean over, boolean refused) {}

    /** What only a new process can mend, each as a sentence. */
    synchronized List<String> dead(List<Pulse> watches, Instant now) {
        boolean othersRun = watches.stream().anyMatch(Pulse::running);
        for (Pulse watch : watches) {
            if (watch.running || !othersRun && !watch.over) {
                silentSince.remove(watch.name);
            } else {
                silentSince.putIfAbsent(watch.name, now);
            }
        }
        return watches.stream()
                .filter(it -> !it.refused)
                .map(it -> sentence(it, now))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> sentence(Pulse watch, Instant now) {
        Instant since = silentSince.get(watch.name);
        return since == null || since.plus(PATIENCE).isAfter(now)
                ? Optional.empty()
                : Optional.of("the watch of " + watch.name + " has not run since " + since
                        + (watch.over ? ", and was given up" : ", although others do"));
    }
}
