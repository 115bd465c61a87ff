package io.pptpoperator.dataplane.client;

import io.pptpoperator.dataplane.ppp.auth.LoginFailure;
import io.pptpoperator.dataplane.ppp.link.TerminationReason;
import java.util.Optional;

/**
 * How a session ended.
 *
 * @param stage how far it had come
 * @param reason why its PPP link ended; empty when the control connection ended first
 * @param loginFailure why the login failed, if it did
 * @param detail a sentence for the user, without secrets
 */
public record SessionEnd(LoginStage stage, Optional<TerminationReason> reason,
        Optional<LoginFailure> loginFailure, String detail) {

    /** Whether the same attempt once more would end the same way: the two ends' settings do not fit together. */
    public boolean isFinal() {
        if (loginFailure.isPresent()) {
            return switch (loginFailure.get()) {
                case BAD_CREDENTIALS, DISABLED, EXPIRED, SOURCE_NOT_ALLOWED, METHOD_NOT_POSSIBLE,
                        SERVER_NOT_VERIFIED ->
                    true;
                case TOO_MANY_FAILURES, SESSION_LIMIT, NO_ADDRESS, REFUSED, TIMEOUT -> false;
            };
        }
        return reason.filter(why -> why == TerminationReason.AUTHENTICATION_REFUSED
                || why == TerminationReason.ENCRYPTION_REFUSED).isPresent();
    }

    /** Whether the user ended it. */
    public boolean wasWanted() {
        return reason.filter(why -> why == TerminationReason.USER_REQUEST).isPresent();
    }
}
