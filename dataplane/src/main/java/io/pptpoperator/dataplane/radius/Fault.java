package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.radius.RadiusException;

/**
 * What is the matter with a server that is not heard.
 *
 * @param kind what somebody who looks for the cause needs told apart
 * @param text behind the server's name in a sentence
 */
public record Fault(Kind kind, String text) {

    /** Kinds of faults. Their names stand in statuses. */
    public enum Kind {
        /** Nothing comes from it. */
        NO_ANSWER("NoAnswer"),
        /** What comes is right but for the attribute that proves it: a server from before 2024, or set up like one. */
        NO_MESSAGE_AUTHENTICATOR("MessageAuthenticatorMissing"),
        /** What comes was made with another secret, or is none of its answers. */
        NOT_BELIEVED("NotBelieved"),
        /** The connection, or TLS on it, does not come about or does not last. */
        CONNECTION("ConnectionFailed"),
        /** Its name leads to no address. */
        NAME("NameNotFound"),
        /** More is under way than identifiers tell apart. */
        BUSY("TooManyRequests");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** Its name in statuses. */
        public String label() {
            return label;
        }
    }

    static final Fault SILENT = new Fault(Kind.NO_ANSWER, "does not answer");
    static final Fault FULL = new Fault(Kind.BUSY, "has all identifiers in use");
    static final Fault CUT = new Fault(Kind.CONNECTION,
            "closed or refused the connection, or does not prove the name that is expected");

    static Fault of(RadiusException why) {
        return switch (why.kind()) {
            case NO_MESSAGE_AUTHENTICATOR -> new Fault(Kind.NO_MESSAGE_AUTHENTICATOR,
                    "answers without a Message-Authenticator, and anybody on the way could have made that");
            case MALFORMED ->
                new Fault(Kind.NOT_BELIEVED, "is answered for by what cannot be believed: " + why.getMessage());
        };
    }
}
