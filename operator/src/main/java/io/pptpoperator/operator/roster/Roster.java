package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The users that are meant for one server, each with what the server makes of it. A user that cannot be served never
 * keeps another one out: of two that want the same username, address or route, the older one has it.
 *
 * @param verdicts in order of the users' keys
 * @param generations which generation of each user was judged; the oldest user first
 * @param withoutConsent how many users of other namespaces the server selects that do not agree to be served by it;
 *     nothing else is known of them here
 */
public record Roster(Map<ObjectKey, UserVerdict> verdicts, SequencedMap<ObjectKey, Long> generations,
        int withoutConsent) {

    /** Nobody. */
    public static final Roster EMPTY = new Roster(Map.of(), Collections.unmodifiableSequencedMap(new LinkedHashMap<>()),
            0);

    /**
     * Who is first in the race for a username. The API server's times have no fractions: of two users of one second,
     * one of the server's own namespace is not outdone by a stranger with a smaller name.
     */
    private static Comparator<VpnUser> oldestFirst(PptpServer server) {
        String home = server.getMetadata().getNamespace();
        return Comparator.comparing((VpnUser user) -> String.valueOf(user.getMetadata().getCreationTimestamp()))
                .thenComparing(user -> !user.getMetadata().getNamespace().equals(home))
                .thenComparing(ObjectKey::of);
    }

    /**
     * Finds the users that are meant for a server among others, and judges each by what the server's spec says.
     *
     * @param profiles which users may have
     */
    public static Roster of(PptpServer server, ServerProfiles profiles, Collection<VpnUser> users, SecretLookup secrets,
            NamespaceLookup namespaces) {
        return of(server, ServerTerms.of(server, profiles), users, secrets, PasswordMemory.NONE, namespaces);
    }

    /**
     * Finds the users that are meant for a server among others, and judges each.
     *
     * @param terms what the server's spec says, or what it runs with
     * @param memory what users without their Secrets are still served with
     */
    public static Roster of(PptpServer server, ServerTerms terms, Collection<VpnUser> users, SecretLookup secrets,
            PasswordMemory memory, NamespaceLookup namespaces) {
        var judge = new UserJudge(terms, secrets, memory);
        var verdicts = new TreeMap<ObjectKey, UserVerdict>();
        var generations = new LinkedHashMap<ObjectKey, Long>();
        Map<Boolean, List<VpnUser>> byConsent = users.stream()
                .filter(user -> UserSelector.matches(server, user))
                .collect(Collectors.partitioningBy(user -> Consent.isGiven(server, user, namespaces)));
        byConsent.get(true).stream().sorted(oldestFirst(server)).forEach(user -> {
            verdicts.put(ObjectKey.of(user), judge.verdict(user));
            generations.put(ObjectKey.of(user), user.getMetadata().getGeneration());
        });
        return new Roster(verdicts, generations, byConsent.get(false).size());
    }

    /** The same users, some of whom are left out after all. */
    public Roster without(Collection<ObjectKey> users, UserVerdict.Rejected verdict) {
        var changed = new TreeMap<>(verdicts);
        users.forEach(user -> changed.put(user, verdict));
        return new Roster(changed, generations, withoutConsent);
    }

    /** What became of a user as it is now; empty when it was another then, or is not known at all. */
    public Optional<UserVerdict> verdict(VpnUser user) {
        ObjectKey key = ObjectKey.of(user);
        return Objects.equals(generations.get(key), user.getMetadata().getGeneration())
                ? Optional.ofNullable(verdicts.get(key))
                : Optional.empty();
    }

    /** The entries of {@code users.yaml}. */
    public List<UserConfig> accepted() {
        return verdicts.values()
                .stream()
                .filter(UserVerdict.Accepted.class::isInstance)
                .map(verdict -> ((UserVerdict.Accepted) verdict).config())
                .toList();
    }

    /** The users that are left out. */
    public SequencedMap<ObjectKey, UserVerdict.Rejected> rejected() {
        var rejected = new TreeMap<ObjectKey, UserVerdict.Rejected>();
        verdicts.forEach((user, verdict) -> {
            if (verdict instanceof UserVerdict.Rejected it) {
                rejected.put(user, it);
            }
        });
        return rejected;
    }
}
