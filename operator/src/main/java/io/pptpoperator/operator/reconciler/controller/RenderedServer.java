package io.pptpoperator.operator.reconciler.controller;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.lending.Absences;
import io.pptpoperator.operator.lending.PoolDivision;
import io.pptpoperator.operator.render.RadiusMemory;
import io.pptpoperator.operator.render.RadiusProblem;
import io.pptpoperator.operator.render.RadiusRendering;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.protocol.address.AddressPool;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server's pods are told.
 *
 * @param roster the server's users
 * @param usernames the VpnUser behind each username that can log in
 * @param changingHands usernames that another VpnUser has now than the pods were last told, and that are kept back until
 *     the pods have ended the sessions of the former one
 * @param pools all addresses for clients
 * @param division how they are divided
 * @param absences members that are without a pod
 * @param withoutShare members for which no address was left
 * @param addressAwaited whether a user waits for its own address, which somebody else still has
 * @param missedSecrets users whose Secrets are away, and since when: they are served with what they had
 * @param radius what their RADIUS settings came to; none when the spec has none
 * @param profiles what users have of them
 * @param files SHA-256 of every file of the configuration, by its name
 */
record RenderedServer(Roster roster, Map<String, ObjectKey> usernames, Set<String> changingHands, AddressPool pools,
        PoolDivision division, Absences absences, int withoutShare, boolean addressAwaited,
        Map<ObjectKey, Instant> missedSecrets, RenderedRadius radius, RenderedProfiles profiles,
        Map<String, String> files) {

    /**
     * What the RADIUS settings came to.
     *
     * @param problems what had to be left out
     * @param memory the texts of Secrets that went into them
     */
    record RenderedRadius(List<RadiusProblem> problems, RadiusMemory memory) {

        /** There are none. */
        static final RenderedRadius NONE = new RenderedRadius(List.of(), RadiusMemory.NONE);

        static RenderedRadius of(Optional<RadiusRendering> rendering) {
            return rendering.map(it -> new RenderedRadius(it.problems(), it.memory())).orElse(NONE);
        }
    }

    /** Nothing yet. */
    static final RenderedServer NOTHING = new RenderedServer(Roster.EMPTY, Map.of(), Set.of(), AddressPool.EMPTY,
            PoolDivision.NONE, Absences.NONE, 0, false, Map.of(), RenderedRadius.NONE, RenderedProfiles.NONE, Map.of());

    /** The same without users: the server is on its way out. */
    RenderedServer withoutUsers() {
        return new RenderedServer(Roster.EMPTY, Map.of(), Set.of(), pools, division, absences, withoutShare, false,
                Map.of(), RenderedRadius.NONE, RenderedProfiles.NONE, files);
    }

    /** Whether the pods let a user in, as it once was. */
    boolean serves(VpnUser user) {
        return usernames.containsValue(ObjectKey.of(user));
    }

    static Map<String, ObjectKey> usernames(Roster roster) {
        var usernames = new HashMap<String, ObjectKey>();
        roster.verdicts().forEach((user, verdict) -> {
            if (verdict instanceof UserVerdict.Accepted accepted) {
                usernames.put(accepted.config().username(), user);
            }
        });
        return usernames;
    }
}
