package io.pptpoperator.operator.operate;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Who is connected, and who has to go so that others can be. One address has a few connections at most. Where all
 * places are taken, the address that holds most of them loses its oldest: whoever is served at once, as the kubelet is,
 * always finds a place.
 *
 * @param <C> what stands for a connection
 */
final class Connections<C> {

    private final int places;
    private final int perAddress;
    private final SequencedMap<C, InetAddress> open = new LinkedHashMap<>();
    private final Map<InetAddress, Integer> counts = new HashMap<>();

    Connections(int places, int perAddress) {
        this.places = places;
        this.perAddress = perAddress;
    }

    /**
     * Takes a connection in.
     *
     * @return the connection that has to be closed: this one, an older one, or none
     */
    synchronized Optional<C> admit(C connection, InetAddress from) {
        if (counts.getOrDefault(from, 0) >= perAddress) {
            return Optional.of(connection);
        }
        Optional<C> leaving = open.size() < places ? Optional.empty() : oldestOfMost();
        leaving.ifPresent(this::remove);
        open.put(connection, from);
        counts.merge(from, 1, Integer::sum);
        return leaving;
    }

    private Optional<C> oldestOfMost() {
        return counts.entrySet()
                .stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .flatMap(most -> open.entrySet().stream().filter(it -> it.getValue().equals(most.getKey())).findFirst())
                .map(Map.Entry::getKey);
    }

    /** Forgets a connection that is closed. */
    synchronized void remove(C connection) {
        InetAddress from = open.remove(connection);
        if (from != null) {
            counts.computeIfPresent(from, (address, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Those that are connected. */
    synchronized Collection<C> all() {
        return List.copyOf(open.keySet());
    }
}
