package io.pptpoperator.operator.roster;

import io.pptpoperator.dataplane.config.ProfileConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server's profiles said before they went away: one that is replaced is gone for a moment, and nobody's session
 * has to end for that. For one judgement of all users.
 */
public final class ProfileMemory {

    /** So long users are served with a profile that is away. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Map<String, ProfileConfig> before;
    private final Map<String, Instant> missedSince;
    private final Instant now;
    private final Map<String, Instant> missed = new TreeMap<>();

    /**
     * Remembers profiles.
     *
     * @param before those that somebody had when users were judged last
     * @param missedSince which of them were away then, and since when
     * @param now the time
     */
    public ProfileMemory(Map<String, ProfileConfig> before, Map<String, Instant> missedSince, Instant now) {
        this.before = Map.copyOf(before);
        this.missedSince = Map.copyOf(missedSince);
        this.now = now;
    }

    /** Nothing is remembered. */
    public static ProfileMemory none() {
        return new ProfileMemory(Map.of(), Map.of(), Instant.EPOCH);
    }

    /** What a profile that is away said; empty when nobody had it, or it has been away long enough. */
    Optional<ProfileConfig> of(String name) {
        ProfileConfig said = before.get(name);
        Instant since = missedSince.getOrDefault(name, now);
        if (said == null || !since.plus(PATIENCE).isAfter(now)) {
            return Optional.empty();
        }
        missed.put(name, since);
        return Optional.of(said);
    }

    /** Whatever somebody had when users were judged last. */
    Set<String> names() {
        return before.keySet();
    }

    /** The profiles that users were served with although they are away, and since when. */
    public Map<String, Instant> missed() {
        return Map.copyOf(missed);
    }
}
