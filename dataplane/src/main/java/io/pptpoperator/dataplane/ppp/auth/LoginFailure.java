package io.pptpoperator.dataplane.ppp.auth;

/** Why a login was refused. The MS-CHAP error codes are those of RFC 2433 section 9 and RFC 2759 section 6. */
public enum LoginFailure {
    /** Unknown user or wrong password, never told apart. */
    BAD_CREDENTIALS("bad-credentials", 691, "Authentication failed: unknown user or wrong password"),
    /** The user is switched off. */
    DISABLED("disabled", 647, "Account disabled"),
    /** The user's time is over. */
    EXPIRED("expired", 648, "Account expired"),
    /** The user may not log in from this address. */
    SOURCE_NOT_ALLOWED("source-not-allowed", 649, "Login not allowed from this address"),
    /** The user has as many sessions as allowed. */
    SESSION_LIMIT("session-limit", 649, "Too many sessions of this user"),
    /** No address is free for this user. */
    NO_ADDRESS("no-address", 649, "No address left for this login"),
    /** The user's stored secret cannot verify the method the link uses. */
    METHOD_NOT_POSSIBLE("method-not-possible", 691, "Authentication failed: unknown user or wrong password"),
    /** The peer never answered. */
    TIMEOUT("timeout", 691, "Authentication timed out");

    private final String label;
    private final int msChapError;
    private final String message;

    LoginFailure(String label, int msChapError, String message) {
        this.label = label;
        this.msChapError = msChapError;
        this.message = message;
    }

    /** Its name in logs and metrics. */
    public String label() {
        return label;
    }

    /** The number behind {@code E=} in an MS-CHAP Failure packet. */
    public int msChapError() {
        return msChapError;
    }

    /** What the peer may read: the text behind {@code M=}, or PAP's and CHAP's message. */
    public String message() {
        return message;
    }
}
