package io.pptpoperator.operator.reconciler.controller;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.status.Conditions;
import io.pptpoperator.operator.status.VpnUserStatuses;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Usernames that pass from one VpnUser to another. A pod knows users by their names: one that were another's from one
 * file to the next would take over the sessions and the login history of the former. So the name stays out of the files
 * until the pods have read one without it, which ends the sessions and forgets the history.
 */
final class Handover {

    /** Who had a username when no VpnUser's status says it: somebody else than any. */
    private static final ObjectKey NOBODY = new ObjectKey("", "");

    private Handover() {}

    /**
     * The usernames that have to stay out.
     *
     * @param holders the VpnUser behind each username, as the pods were last told
     * @param waiting the usernames that stayed out then
     * @param applied whether all pods have read that
     */
    static Set<String> pending(Map<String, ObjectKey> holders, Set<String> waiting, boolean applied, Roster now) {
        var pending = new TreeSet<String>();
        now.verdicts().forEach((user, verdict) -> {
            if (verdict instanceof UserVerdict.Accepted accepted) {
                String username = accepted.config().username();
                ObjectKey holder = holders.get(username);
                if (holder == null ? waiting.contains(username) && !applied : !holder.equals(user)) {
                    pending.add(username);
                }
            }
        });
        return pending;
    }

    /** The same users, without those whose username has to stay out. */
    static Roster without(Set<String> pending, Roster roster) {
        var users = new HashSet<ObjectKey>();
        roster.verdicts().forEach((user, verdict) -> {
            if (verdict instanceof UserVerdict.Accepted accepted && pending.contains(accepted.config().username())) {
                users.add(user);
            }
        });
        return users.isEmpty()
                ? roster
                : roster.without(users, new UserVerdict.Rejected(UserVerdict.Reason.DuplicateUsername,
                        "the username was another VpnUser's until now; it is free as soon as all pods have ended the"
                                + " other's sessions"));
    }

    /** Who has the usernames that more than one VpnUser claims, as far as statuses say it. */
    static Map<String, ObjectKey> holders(PptpServer server, Collection<VpnUser> users) {
        String key = ObjectKey.of(server).toString();
        var holders = new HashMap<String, ObjectKey>();
        users.stream().filter(Handover::isDuplicate).forEach(user -> holders.put(user.username(), NOBODY));
        users.stream()
                .filter(user -> user.getStatus() != null && user.getStatus().servers().contains(key))
                .forEach(user -> holders.replace(user.username(), ObjectKey.of(user)));
        return holders;
    }

    private static boolean isDuplicate(VpnUser user) {
        return Optional.ofNullable(user.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), VpnUserStatuses.ACCEPTED))
                .filter(it -> it.reason().equals(UserVerdict.Reason.DuplicateUsername.name()))
                .isPresent();
    }
}
