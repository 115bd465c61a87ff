package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody who may asks of a session (RFC 5176); read by {@link DynamicRequests} from a packet that {@link PacketAuthentication} found to be
 * theirs.
 */
public sealed interface DynamicRequest {

    /** The session is to end. */
    record Disconnect(Target target) implements DynamicRequest {}

    /** The session is to change, as a whole or not at all. */
    record Change(Target target, Grants grants) implements DynamicRequest {}

    /** It cannot be done, whatever session is meant. */
    record Impossible(ErrorCause cause, String why) implements DynamicRequest {}

    /**
     * Which session is meant: all that is said must fit.
     *
     * @param nasIdentifier must be this access server's
     * @param nasAddress must be this access server's
     */
    record Target(Optional<String> sessionId, Optional<String> userName, Optional<Ipv4Address> address,
            Optional<String> callingStation, OptionalInt port, Optional<String> portId, Optional<String> nasIdentifier,
            Optional<Ipv4Address> nasAddress) {

        /** Whether it says anything about a session. */
        boolean namesASession() {
            return sessionId.isPresent() || userName.isPresent() || address.isPresent() || callingStation.isPresent()
                    || port.isPresent() || portId.isPresent();
        }

        /**
         * Whether a session is meant.
         *
         * @param of its numbers as its requests of accounting tell them
         */
        public boolean fits(Identity of) {
            return sessionId.map(of.sessionId::equals).orElse(true) && userName.map(of.userName::equals).orElse(true)
                    && address.map(of.address::equals).orElse(true)
                    && callingStation.map(of.client.toString()::equals).orElse(true)
                    && (port.isEmpty() || port.getAsInt() == of.port)
                    && portId.map(("pptp" + of.port)::equals).orElse(true);
        }
    }

    /** What names a session. */
    record Identity(String sessionId, String userName, Ipv4Address address, Ipv4Address client, int port) {}

    /** Why not (RFC 5176 section 3.6). */
    enum ErrorCause {
        UNSUPPORTED_ATTRIBUTE(401), MISSING_ATTRIBUTE(402), NAS_IDENTIFICATION_MISMATCH(403), INVALID_REQUEST(404),
        UNSUPPORTED_SERVICE(405), INVALID_ATTRIBUTE_VALUE(407), SESSION_CONTEXT_NOT_FOUND(503),
        SESSION_CONTEXT_NOT_REMOVABLE(504), RESOURCES_UNAVAILABLE(506), MULTIPLE_SESSION_SELECTION_UNSUPPORTED(508);

        private final int number;

        ErrorCause(int number) {
            this.number = number;
        }

        /** The value of Error-Cause. */
        public int number() {
            return number;
        }
    }
}
