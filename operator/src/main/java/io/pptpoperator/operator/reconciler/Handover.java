package io.pptpoperator.operator.reconciler;

import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Usernames that pass from one VpnUser to another. A pod knows users by their names: one that were another's from one
 * file to the next would take over the sessions and the login history of the former. So the name stays out of the files
 * until the pods have read one without it, which ends the sessions and forgets the history.
 */
final class Handover {

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
}
