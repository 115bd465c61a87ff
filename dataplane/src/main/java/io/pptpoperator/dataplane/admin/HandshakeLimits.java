package io.pptpoperator.dataplane.admin;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which connections to the TLS port get as far as a handshake, which costs milliseconds: so many a second of one
 * source, and so many of all strangers together. A source that has shown a certificate counts for itself alone for a
 * while, so that no number of strangers keeps the operator or Prometheus out. Safe for use by several threads; its
 * memory is bounded.
 */
final class HandshakeLimits {

    static final int STRANGER_AT_ONCE = 20;
    static final int STRANGER_PER_SECOND = 5;
    static final int STRANGERS_AT_ONCE = 100;
    static final int STRANGERS_PER_SECOND = 25;
    static final int KNOWN_AT_ONCE = 64;
    static final int KNOWN_PER_SECOND = 20;
    /** Open connections without a certificate of one source. */
    static final int STRANGER_CONNECTIONS = 8;
    static final int MOST_SOURCES = 4_096;
    static final long KNOWN_MILLIS = 15 * 60_000;

    private static final class Bucket {
        private double tokens;
        private long at;

        Bucket(int full, long now) {
            tokens = full;
            at = now;
        }

        boolean take(int most, int perSecond, long now) {
            tokens = Math.min(most, tokens + (now - at) * perSecond / 1000.0);
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    private final Map<InetAddress, Bucket> sources = recent();
    private final Map<InetAddress, Bucket> known = recent();
    private final Map<InetAddress, Long> knownSince = recent();
    private final Map<InetAddress, Integer> strangersOpen = new HashMap<>();
    private final Bucket strangers;

    /** @param now milliseconds of a clock that only moves forward, as everywhere below */
    HandshakeLimits(long now) {
        strangers = new Bucket(STRANGERS_AT_ONCE, now);
    }

    private static <T> Map<InetAddress, T> recent() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, T> eldest) {
                return size() > MOST_SOURCES;
            }
        };
    }

    /**
     * Whether a connection may begin its handshake; if so, {@link #known} or {@link #gone} has to be told of it.
     *
     * @param here whether it comes from this machine itself, as the kubelet's does on the host network: no number of
     *     others then counts against it
     */
    synchronized boolean admit(InetAddress source, boolean here, long now) {
        if (strangersOpen.getOrDefault(source, 0) >= (isKnown(source, now) ? KNOWN_AT_ONCE : STRANGER_CONNECTIONS)) {
            return false;
        }
        boolean admitted;
        if (isKnown(source, now)) {
            admitted = known.computeIfAbsent(source, it -> new Bucket(KNOWN_AT_ONCE, now))
                    .take(KNOWN_AT_ONCE, KNOWN_PER_SECOND, now);
        } else {
            admitted = sources.computeIfAbsent(source, it -> new Bucket(STRANGER_AT_ONCE, now))
                    .take(STRANGER_AT_ONCE, STRANGER_PER_SECOND, now)
                    && (here || strangers.take(STRANGERS_AT_ONCE, STRANGERS_PER_SECOND, now));
        }
        if (admitted) {
            strangersOpen.merge(source, 1, Integer::sum);
        }
        return admitted;
    }

    private boolean isKnown(InetAddress source, long now) {
        Long since = knownSince.get(source);
        return since != null && now - since < KNOWN_MILLIS;
    }

    /** An admitted connection has shown a certificate. */
    synchronized void known(InetAddress source, long now) {
        knownSince.put(source, now);
        gone(source);
    }

    /** An admitted connection has ended without having shown a certificate. */
    synchronized void gone(InetAddress source) {
        strangersOpen.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
    }

    /** How many sources are remembered in all. */
    synchronized int remembered() {
        return sources.size() + known.size() + knownSince.size() + strangersOpen.size();
    }
}
