package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What an {@link Authority} says of a login. */
public sealed interface Verdict {

    /**
     * The peer has proved to be this user, who may be logged in. What speaks against it at this server, such as too many
     * sessions or no free address, is found out afterwards.
     *
     * @param username the user's configured name
     * @param proof what the peer gets in return
     * @param terms what a session of this user may have
     * @param by who has decided: it is asked from then on whether the user is still welcome
     */
    record Proven(String username, LoginProof proof, Terms terms, Authority by) implements Verdict {}

    /**
     * The peer has to say more (EAP), which is asked about in turn.
     *
     * @param packet the Request for it
     * @param conversation to come with the next question, as it is
     */
    record Continued(byte[] packet, List<byte[]> conversation) implements Verdict {

        /** Copies the list, and none of its arrays. */
        public Continued {
            conversation = List.copyOf(conversation);
        }
    }

    /**
     * The peer is not let in.
     *
     * @param reason one that is {@link LoginFailure#isUndecided} when nobody could say, which counts for nothing against
     *     the peer
     * @param message what the peer may read instead of the reason's own words; empty for those
     * @param msChapError what the peer is told behind {@code E=} instead of the reason's own number
     */
    record Rejected(LoginFailure reason, Optional<String> message, OptionalInt msChapError) implements Verdict {

        /** With the reason's own words and number. */
        public Rejected(LoginFailure reason) {
            this(reason, Optional.empty(), OptionalInt.empty());
        }
    }
}
