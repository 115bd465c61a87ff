package io.pptpoperator.operator.reconciler;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.render.PoolDivision;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import io.pptpoperator.protocol.address.AddressPool;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator made of a server when it last reconciled it.
 *
 * @param generation the generation of the resource that was reconciled, or found impossible
 * @param failure what kept it from finishing, when something did
 * @param usersRendered whether the pods' configuration has all users as they were when that was tried
 * @param roster the server's users, as they were last rendered
 * @param usernames the VpnUser behind each username that can log in
 * @param changingHands usernames that another VpnUser has now than the pods were last told, and that are kept back
 *     until the pods have ended the sessions of the former one
 * @param pools all addresses for clients
 * @param division how they are divided
 * @param withoutShare members for which no address was left
 * @param files SHA-256 of every file of the configuration, by its name
 * @param renderedAt when the configuration last changed
 */
record ServerState(Long generation, Optional<Failure> failure, boolean usersRendered, Roster roster,
        Map<String, ObjectKey> usernames, Set<String> changingHands, AddressPool pools, PoolDivision division,
        int withoutShare, Map<String, String> files, Instant renderedAt) {

    static final ServerState NEW = new ServerState(0L, Optional.empty(), false, Roster.EMPTY, Map.of(), Set.of(),
            AddressPool.EMPTY, PoolDivision.NONE, 0, Map.of(), Instant.EPOCH);

    /** The same server when its configuration could not be written: what its pods run with is still what it was. */
    ServerState unrendered() {
        return new ServerState(generation, failure, false, roster, usernames, changingHands, pools, division,
                withoutShare, files, renderedAt);
    }

    /** The same server when something else came of a generation. */
    ServerState with(Long judged, Optional<Failure> outcome) {
        return new ServerState(judged, outcome, usersRendered, roster, usernames, changingHands, pools, division,
                withoutShare, files, renderedAt);
    }

    /** The server on its way out: it serves nobody any more. */
    ServerState retired(Long judged) {
        return new ServerState(judged,
                Optional.of(new Failure(Failure.Reason.BeingDeleted,
                        "the server is being deleted: its pods end, and finalizers are all that keeps the resource")),
                true, Roster.EMPTY, Map.of(), Set.of(), pools, division, withoutShare, files, renderedAt);
    }

    /** Whether the pods' configuration lets a user in, as it once was. */
    boolean serves(VpnUser user) {
        return usernames.containsValue(ObjectKey.of(user));
    }

    /** Whether it does by the name that the user has now: then what pods tell of that name is about the user. */
    boolean servesByName(VpnUser user) {
        return ObjectKey.of(user).equals(usernames.get(user.username()));
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
