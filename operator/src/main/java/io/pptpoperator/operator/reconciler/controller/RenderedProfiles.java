package io.pptpoperator.operator.reconciler.controller;

import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.ServerProfiles;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The profiles that a server's pods are told.
 *
 * @param configs what they say, by name
 * @param users how many of the server's users have each; none of one that only RADIUS servers may name
 * @param missed those that are away, and since when: users still have them
 */
public record RenderedProfiles(SortedMap<String, ProfileConfig> configs, SortedMap<String, Integer> users,
        Map<String, Instant> missed) {

    /** None. */
    static final RenderedProfiles NONE = new RenderedProfiles(Collections.emptySortedMap(),
            Collections.emptySortedMap(), Map.of());

    /** Copies the maps. */
    public RenderedProfiles {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
        missed = Map.copyOf(missed);
    }

    /**
     * Those that users have, each once.
     *
     * @param asksRadius whether RADIUS servers may name one as well, which may be any
     */
    static RenderedProfiles of(Roster roster, ServerProfiles profiles, boolean asksRadius,
            Map<String, Instant> missed) {
        var users = new TreeMap<String, Integer>();
        for (UserConfig user : roster.accepted()) {
            user.profile().ifPresent(name -> users.merge(name, 1, Integer::sum));
        }
        var configs = new TreeMap<String, ProfileConfig>();
        profiles.had(roster, asksRadius).forEach(it -> configs.put(it.name(), it));
        return new RenderedProfiles(configs, users, missed);
    }
}
