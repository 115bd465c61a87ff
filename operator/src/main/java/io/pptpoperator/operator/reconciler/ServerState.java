package io.pptpoperator.operator.reconciler;

import io.pptpoperator.dataplane.address.AddressPool;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.render.PoolDivision;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator made of a server when it last reconciled it.
 *
 * @param failure what kept it from finishing, when something did
 * @param roster the server's users
 * @param usernames the VpnUser behind each username that can log in
 * @param pools all addresses for clients
 * @param division how they are divided
 * @param withoutShare members for which no address was left
 * @param files SHA-256 of every file of the configuration, by its name
 * @param renderedAt when the configuration last changed
 */
record ServerState(Optional<Failure> failure, Roster roster, Map<String, ObjectKey> usernames,
        AddressPool pools,
        PoolDivision division, int withoutShare, Map<String, String> files, Instant renderedAt) {

    static final ServerState NEW = new ServerState(Optional.empty(), Roster.EMPTY, Map.of(),
            AddressPool.EMPTY,
            PoolDivision.NONE, 0, Map.of(), Instant.EPOCH);

    /** The same server after an attempt that came to nothing: what its pods run with is still what it was. */
    ServerState failed(Failure what) {
        return new ServerState(Optional.of(what), roster, usernames, pools, division, withoutShare, files,
                renderedAt);
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
