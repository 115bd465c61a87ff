package io.pptpoperator.protocol.ppp.auth;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
     * The peer has to say more (EAP).
     *
     * @param packet the Request for it
     * @param conversation to be given with what it answers, as it is: what it means is the decider's business
     */
    record Continued(byte[] packet, List<byte[]> conversation) implements LoginAnswer {

        /** Copies the list, and none of its arrays. */
        public Continued {
            conversation = List.copyOf(conversation);
        }
    }

    /**
     * The peer is not.
     *
     * @param reason a wrong password allows another try where the authenticator does
     * @param message what the peer may read instead of the reason's own words; empty for those
     * @param msChapError what the peer is told behind {@code E=} instead of the reason's own number; anything but 691
     *     rules out another try
     */
    record Rejected(LoginFailure reason, Optional<String> message, OptionalInt msChapError) implements LoginAnswer {

        /** With the reason's own number. */
        public Rejected(LoginFailure reason, Optional<String> message) {
            this(reason, message, OptionalInt.empty());
        }

        /** With the reason's own words and number. */
        public Rejected(LoginFailure reason) {
            this(reason, Optional.empty());
        }

        /** The number behind {@code E=}. */
        int error() {
            return msChapError.orElse(reason.msChapError());
        }

        /** Whether the peer may try another password. */
        boolean allowsAnotherTry() {
            return reason.allowsAnotherTry() && error() == reason.msChapError();
        }
    }
}
