package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Optional;

/**
 * How a session ended.
 *
 * @param missing the step of the login that was under way; empty when it had been connected
 * @param reason why its PPP link ended; empty when the control connection ended first
 * @param loginFailure why the login failed, if it did
 * @param detail a sentence for the user, without secrets
 */
public record SessionEnd(Optional<LoginStep> missing, Optional<TerminationReason> reason,
        Optional<LoginFailure> loginFailure, String detail) {

    /**
     * Whether it must not be tried again: a server that does not know the password would hear one proof of it after the
     * other. A wrong password or a disabled account, on the other hand, may be put right at the server.
     */
    public boolean isFinal() {
        return loginFailure.filter(why -> why == LoginFailure.SERVER_NOT_VERIFIED).isPresent();
    }
}
