package io.pptpoperator.protocol.ppp.auth;

import java.util.Optional;

/** The answer to a {@link LoginQuestion}. */
public sealed interface LoginAnswer {

    /**
     * The peer is in.
     *
     * @param username the user's configured name
     * @param proof what the peer gets in return
     * @param grant what the link may have; of no meaning for a question that was {@link LoginQuestion#repeated}
     */
    record Accepted(String username, LoginProof proof, LoginGrant grant) implements LoginAnswer {}

    /**
     * The peer is not.
     *
     * @param reason {@link LoginFailure#BAD_CREDENTIALS} allows another try where the authenticator does
     * @param message what the peer may read instead of the reason's own words; empty for those
     */
    record Rejected(LoginFailure reason, Optional<String> message) implements LoginAnswer {

        /** With the reason's own words. */
        public Rejected(LoginFailure reason) {
            this(reason, Optional.empty());
        }
    }
}
