package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server's users proved themselves with before their Secrets went away: a Secret that is renamed, or made anew by
 * whatever keeps it, is gone for a moment, and nobody's session has to end for that. Everything else about a user counts
 * as it is now. For one judgement of all users.
 */
public final class PasswordMemory {

    /** So long a user is served without its Secret. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Nothing is remembered. */
    public static final PasswordMemory NONE = new PasswordMemory(Roster.EMPTY, Map.of(), Instant.EPOCH);

    private final Roster before;
    private final Map<ObjectKey, Instant> missedSince;
    private final Instant now;
    private final Map<ObjectKey, Instant> missed = new TreeMap<>();

    /**
     * Remembers users.
     *
     * @param before the users as they were judged last
     * @param missedSince which of them were without their Secrets then, and since when
     * @param now the time
     */
    public PasswordMemory(Roster before, Map<ObjectKey, Instant> missedSince, Instant now) {
        this.before = before;
        this.missedSince = Map.copyOf(missedSince);
        this.now = now;
    }

    /** What a user without its Secret is still served with; empty when it was not served, or waited long enough. */
    Optional<Credentials> of(VpnUser user) {
        ObjectKey key = ObjectKey.of(user);
        Instant since = missedSince.getOrDefault(key, now);
        if (!(before.verdicts().get(key) instanceof UserVerdict.Accepted(var config))
                || !since.plus(PATIENCE).isAfter(now)) {
            return Optional.empty();
        }
        missed.put(key, since);
        return Optional.of(config.credentials());
    }

    /** The users that were served without their Secrets, and since when those are missed. */
    public Map<ObjectKey, Instant> missed() {
        return Map.copyOf(missed);
    }
}
