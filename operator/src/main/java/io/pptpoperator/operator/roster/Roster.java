package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ObjectKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The users that are meant for one server, each with what the server makes of it. A user that cannot be served never
 * keeps another one out: of two that want the same username, address or route, the older one has it.
 *
 * @param verdicts in order of the users' keys
 */
public record Roster(Map<ObjectKey, UserVerdict> verdicts) {

    /** Nobody. */
    public static final Roster EMPTY = new Roster(Map.of());

    private static final Comparator<VpnUser> OLDEST_FIRST = Comparator
            .comparing((VpnUser user) -> String.valueOf(user.getMetadata().getCreationTimestamp()))
            .thenComparing(ObjectKey::of);

    /** Finds the users that are meant for a server among others, and judges each. */
    public static Roster of(PptpServer server, Collection<VpnUser> users, SecretLookup secrets) {
        var judge = new UserJudge(server, secrets);
        var verdicts = new TreeMap<ObjectKey, UserVerdict>();
        users.stream().filter(user -> UserSelector.matches(server, user)).sorted(OLDEST_FIRST)
                .forEach(user -> verdicts.put(ObjectKey.of(user), judge.verdict(user)));
        return new Roster(verdicts);
    }

    /** The entries of {@code users.yaml}. */
    public List<UserConfig> accepted() {
        return verdicts.values().stream().filter(UserVerdict.Accepted.class::isInstance)
                .map(verdict -> ((UserVerdict.Accepted) verdict).config()).toList();
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
