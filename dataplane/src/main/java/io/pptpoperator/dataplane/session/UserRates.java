package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.TunnelLimits;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateBucket;
import io.pptpoperator.protocol.rate.RateLimit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rates of users: sessions of one user that have the same rate share it. */
final class UserRates {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private record Key(String username, RateLimit rate) {}

    private record Shared(Optional<RateBucket> upload, Optional<RateBucket> download, Set<Session> sessions) {

        static Shared of(RateLimit rate, long now) {
            return new Shared(bucket(rate.upload(), rate.uploadBurst(), now),
                    bucket(rate.download(), rate.downloadBurst(), now), new HashSet<>());
        }

        private static Optional<RateBucket> bucket(long bitsPerSecond, long burst, long now) {
            return bitsPerSecond == 0
                    ? Optional.empty()
                    : Optional.of(new RateBucket(bitsPerSecond, burst, now * NANOS_PER_MILLI));
        }
    }

    private final Map<Key, Shared> shared = new HashMap<>();
    private final Map<Session, Key> keys = new HashMap<>();

    /** What a session's tunnel may do by what is in force of its terms, from now on, in milliseconds of the monotonic clock. */
    TunnelLimits limits(Session session, Terms.Limits terms, long now) {
        Optional<OctetLimit> octets = terms.octets();
        Optional<Key> key = terms.rate().map(it -> new Key(session.username().orElse(""), it));
        if (!Optional.ofNullable(keys.get(session)).equals(key)) {
            leave(session);
        }
        if (key.isEmpty()) {
            return new TunnelLimits(Optional.empty(), Optional.empty(), octets);
        }
        keys.put(session, key.get());
        Shared rate = shared.computeIfAbsent(key.get(), it -> Shared.of(it.rate(), now));
        rate.sessions().add(session);
        return new TunnelLimits(rate.upload(), rate.download(), octets);
    }

    /** The session is over. */
    void leave(Session session) {
        Key key = keys.remove(session);
        if (key != null) {
            shared.computeIfPresent(key, (it, rate) -> {
                rate.sessions().remove(session);
                return rate.sessions().isEmpty() ? null : rate;
            });
        }
    }

    /** How many rates are kept account of. */
    int count() {
        return shared.size();
    }
}
