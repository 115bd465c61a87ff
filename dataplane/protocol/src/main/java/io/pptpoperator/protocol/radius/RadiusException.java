package io.pptpoperator.protocol.radius;

/** Bytes that are no RADIUS packet, or one that is not from whom it should be. Never says a secret. */
public final class RadiusException extends Exception {
    private static final long serialVersionUID = 1;

    /** What somebody who looks for the cause needs told apart. */
    public enum Kind {
        /** No packet, or not the one that is waited for. */
        MALFORMED,
        /** Right in everything else, but without the attribute that proves it: a server from before 2024. */
        NO_MESSAGE_AUTHENTICATOR
    }

    private final Kind kind;

    RadiusException(String message) {
        this(Kind.MALFORMED, message);
    }

    /** @param message a sentence's end for the log */
    public RadiusException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** What kind of fault it is. */
    public Kind kind() {
        return kind;
    }
}
