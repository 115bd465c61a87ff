package io.pptpoperator.protocol.control;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether a control connection that was just accepted may stay, before anything is read from it. Its memory is
 * bounded by the number of open connections plus {@link #MAX_RATES}. All methods may be called from any
 * thread.
 */
public final class ConnectionLimits {

    /** Sources whose rate is remembered at most; beyond that the one that connected least recently is forgotten. */
    static final int MAX_RATES = 16_384;

    /**
     * The limits, each 1 or more.
     *
     * @param pendingConnections connections whose user is not yet logged in, from all sources together
     * @param connectionsPerSource open connections of one source address
     * @param connectionsPerSecond new connections of one source address within a second
     */
    public record Limits(int pendingConnections, int connectionsPerSource, int connectionsPerSecond) {

        /** Checks that none of them keeps everybody out. */
        public Limits {
            if (pendingConnections < 1 || connectionsPerSource < 1 || connectionsPerSecond < 1) {
                throw new IllegalArgumentException("a limit must be 1 or more: " + pendingConnections + ", "
                        + connectionsPerSource + ", " + connectionsPerSecond);
            }
        }
    }

    /** One of the limits, when it was reached. */
    public enum Limit {
        /** {@link Limits#pendingConnections}. */
        PENDING_CONNECTIONS("pending-connections"),
        /** {@link Limits#connectionsPerSource}. */
        CONNECTIONS_PER_SOURCE("connections-per-source"),
        /** {@link Limits#connectionsPerSecond}. */
        CONNECTIONS_PER_SECOND("connections-per-second");

        private final String label;

        Limit(String label) {
            this.label = label;
        }

        /** Its name in logs and metrics. */
        public String label() {
            return label;
        }
    }

    /** The decision about one connection. */
    public sealed interface Verdict {

        /**
         * The connection may stay; the ticket must be told what becomes of it.
         *
         * @param displaced the ticket of a connection that has to be closed at once to make room
         */
        record Accepted(Ticket ticket, Optional<Ticket> displaced) implements Verdict {}

        /** The connection is to be closed at once. */
        record Refused(Limit limit) implements Verdict {}
    }

    /** An accepted connection's place in the counts. Telling it the same twice has no effect. */
    public final class Ticket {

        private final int source;
        private boolean open = true;

        private Ticket(int source) {
            this.source = source;
        }

        /** The connection's user has logged in: it is no longer pending. */
        public void loggedIn() {
            synchronized (ConnectionLimits.this) {
                pending.remove(source, this);
            }
        }

        /** The connection is closed. */
        public void closed() {
            synchronized (ConnectionLimits.this) {
                loggedIn();
                if (open) {
                    open = false;
                    openBySource.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
                }
            }
        }
    }

    /** A token bucket that holds one second's worth of connections. */
    private static final class Rate {
        private double tokens;
        private long at;
    }

    private final Map<Integer, Integer> openBySource = new HashMap<>();
    /** In the order of last use, so that those that are full again stand in front. */
    private final LinkedHashMap<Integer, Rate> rates = new LinkedHashMap<>(64, 0.75f, true);
    private Limits limits;
    private final PendingConnections<Ticket> pending = new PendingConnections<>();

    /** With nothing counted yet. */
    public ConnectionLimits(Limits limits) {
        this.limits = limits;
    }

    /** Applies changed limits to connections yet to come. */
    public synchronized void reconfigure(Limits changed) {
        limits = changed;
    }

    /**
     * A connection was accepted by the operating system. Where there are too many whose user is not yet logged in, the
     * source that holds most of them loses its oldest: a few sources that connect again and again cannot keep out
     * others.
     *
     * @param now milliseconds of a monotonic clock
     */
    public synchronized Verdict connect(Ipv4Address source, long now) {
        if (!takeToken(source.bits(), now)) {
            return new Verdict.Refused(Limit.CONNECTIONS_PER_SECOND);
        }
        if (connections(source) >= limits.connectionsPerSource()) {
            return new Verdict.Refused(Limit.CONNECTIONS_PER_SOURCE);
        }
        Optional<Ticket> displaced = Optional.empty();
        if (pending.count() >= limits.pendingConnections()) {
            displaced = pending.displaceFor(source.bits());
            if (displaced.isEmpty()) {
                return new Verdict.Refused(Limit.PENDING_CONNECTIONS);
            }
        }
        openBySource.merge(source.bits(), 1, Integer::sum);
        Ticket ticket = new Ticket(source.bits());
        pending.add(source.bits(), ticket);
        return new Verdict.Accepted(ticket, displaced);
    }

    /** A connection whose user is logged in comes from another process, which let it in: no limit is asked. */
    public synchronized Ticket takeOver(Ipv4Address source) {
        openBySource.merge(source.bits(), 1, Integer::sum);
        return new Ticket(source.bits());
    }

    /** Connections whose user is not yet logged in. */
    public synchronized int pending() {
        return pending.count();
    }

    /** Open connections of one source address. */
    public synchronized int connections(Ipv4Address source) {
        return openBySource.getOrDefault(source.bits(), 0);
    }

    /** How many sources are remembered in all. */
    synchronized int remembered() {
        return openBySource.size() + rates.size();
    }

    private boolean takeToken(int source, long now) {
        forgetOldRates(now);
        int capacity = limits.connectionsPerSecond();
        Rate rate = rates.computeIfAbsent(source, key -> {
            var full = new Rate();
            full.tokens = capacity;
            full.at = now;
            return full;
        });
        rate.tokens = Math.min(capacity, rate.tokens + (now - rate.at) * (double) capacity / 1000);
        rate.at = now;
        if (rate.tokens < 1) {
            return false;
        }
        rate.tokens--;
        return true;
    }

    /** A bucket that rested for a second is full, and so the same as one that is not there. */
    private void forgetOldRates(long now) {
        var oldestFirst = rates.values().iterator();
        while (oldestFirst.hasNext()) {
            Rate oldest = oldestFirst.next();
            if (now - oldest.at < 1000 && rates.size() < MAX_RATES) {
                return;
            }
            oldestFirst.remove();
        }
    }
}
