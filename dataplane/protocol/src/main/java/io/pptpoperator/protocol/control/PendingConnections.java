package io.pptpoperator.protocol.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Connections whose user is not yet logged in, by source, and which of them is to go when there are too many.
 *
 * @param <T> a connection
 */
final class PendingConnections<T> {
    private final Map<Integer, Deque<T>> bySource = new HashMap<>();
    /** Sources by the number of connections they hold, those first that have held so many for longest. */
    private final NavigableMap<Integer, Set<Integer>> sourcesByCount = new TreeMap<>();
    private int count;

    int count() {
        return count;
    }

    void add(int source, T connection) {
        Deque<T> held = bySource.computeIfAbsent(source, key -> new ArrayDeque<>());
        held.add(connection);
        recount(source, held.size() - 1, held.size());
        count++;
    }

    /** Forgets a connection; false when it is not there. */
    boolean remove(int source, T connection) {
        Deque<T> held = bySource.get(source);
        if (held == null || !held.remove(connection)) {
            return false;
        }
        recount(source, held.size() + 1, held.size());
        if (held.isEmpty()) {
            bySource.remove(source);
        }
        count--;
        return true;
    }

    private void recount(int source, int before, int now) {
        Set<Integer> former = sourcesByCount.get(before);
        if (former != null) {
            former.remove(source);
            if (former.isEmpty()) {
                sourcesByCount.remove(before);
            }
        }
        if (now > 0) {
            sourcesByCount.computeIfAbsent(now, key -> new LinkedHashSet<>()).add(source);
        }
    }

    /**
     * Takes one away so that there is room for a newcomer: the oldest of the source that holds most. Empty when the
     * newcomer's own source holds as many as any: then it is the newcomer who has to stay out.
     */
    Optional<T> displaceFor(int newcomer) {
        if (count == 0) {
            return Optional.empty();
        }
        Map.Entry<Integer, Set<Integer>> most = sourcesByCount.lastEntry();
        if (most.getValue().contains(newcomer)) {
            return Optional.empty();
        }
        int source = most.getValue().iterator().next();
        T oldest = bySource.get(source).getFirst();
        remove(source, oldest);
        return Optional.of(oldest);
    }
}
