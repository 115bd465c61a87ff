package io.pptpoperator.operator.status;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.operator.session.UserSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a VpnUser's status is made of.
 *
 * @param user the resource
 * @param verdicts what each server that the user is meant for makes of it
 * @param notServing servers that the user names and that do not serve it, each with why
 * @param withoutConsent servers of other namespaces that select the user without its having agreed, each with what is
 *     missing
 * @param sessions its sessions at servers that accept it; never another user's
 * @param remembered the session that its status has, as long as nobody knows whether it is still there
 * @param logins its recent logins at servers that accept it
 * @param passwordGenerated when its password was generated, if it was and is there
 * @param leftOutAt pods of servers that accept it whose image is too old for one of its settings, and leaves it out
 */
public record UserFacts(VpnUser user, Map<ObjectKey, UserVerdict> verdicts, Map<ObjectKey, NotServing> notServing,
        Map<ObjectKey, String> withoutConsent, List<UserSession> sessions, Optional<VpnUserStatus.Session> remembered,
        Optional<LoginView> logins, Optional<Instant> passwordGenerated, Map<ObjectKey, List<String>> leftOutAt) {

    /** Why a server that a user names does not serve it. */
    public enum NotServing {
        /** There is no such PptpServer. */
        ServerNotFound("there is no such PptpServer"),
        /**
         * Of servers in other namespaces that have nothing to do with this one nobody learns here whether they are
         * there.
         */
        NotForThisNamespace(
                "there is no such PptpServer, or its users.namespaces does not have this VpnUser's" + " namespace"),
        /** The PptpServer is on its way out. */
        ServerBeingDeleted("the PptpServer is being deleted"),
        /** The server's users field does not select the user. */
        NotSelected("its users field does not select this VpnUser (with users.source Radius it selects none)"),
        /** The server's configuration could not be written since the user changed. */
        NotApplied("its configuration cannot be written (its condition Reconciled says why), so what this"
                + " VpnUser says now does not apply there");

        private final String sentence;

        NotServing(String sentence) {
            this.sentence = sentence;
        }

        /** Why, for people. */
        public String sentence() {
            return sentence;

        }
    }
}
