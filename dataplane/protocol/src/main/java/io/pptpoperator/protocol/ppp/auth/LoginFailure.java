package io.pptpoperator.protocol.ppp.auth;

/** Why a login was refused. The MS-CHAP error codes are those of RFC 2433 section 9 and RFC 2759 section 6. */
public enum LoginFailure {
    /** Unknown user or wrong password, never told apart. */
    BAD_CREDENTIALS("bad-credentials", 691, "Authentication failed: unknown user or wrong password"),
    /** Too many wrong passwords lately: this one was not looked at. */
    TOO_MANY_FAILURES("too-many-failures", 691, "Too many failed logins: wait a minute"),
    /** The user is switched off. */
    DISABLED("disabled", 647, "Account disabled"),
    /** The user's time is over. Not 648, which says so of the password: Windows would offer to change it. */
    EXPIRED("expired", 647, "Account expired"),
    /** The user may not log in from this address. */
    SOURCE_NOT_ALLOWED("source-not-allowed", 649, "Login not allowed from this address"),
    /** The hours of the week in which the user may be logged in are others. */
    OUTSIDE_HOURS("outside-hours", 646, "Login not allowed at this time"),
    /** The user has had all the bytes of a quota, whose period goes on. */
    QUOTA_USED_UP("quota-used-up", 649, "Traffic quota used up"),
    /** Nobody knows what the user may have: the profile that says it is not there. */
    PROFILE_MISSING("profile-missing", 649, "Login not allowed"),
    /** The user has as many sessions as allowed. */
    SESSION_LIMIT("session-limit", 649, "Too many sessions of this user"),
    /** No address is free for this user. */
    NO_ADDRESS("no-address", 649, "No address left for this login"),
    /** The user's stored secret cannot verify the method the link uses. */
    METHOD_NOT_POSSIBLE("method-not-possible", 691, "Authentication failed: unknown user or wrong password"),
    /** A RADIUS server does not know the user, or the password is wrong, or it has reasons of its own. */
    RADIUS_REJECTED("radius-rejected", 691, "Authentication failed: unknown user or wrong password"),
    /** No RADIUS server said whether the login is right. */
    RADIUS_UNREACHABLE("radius-unreachable", 649, "The login cannot be decided now"),
    /** Nobody could say whether the login is right: whoever decides about it did not answer. */
    NO_DECISION("no-decision", 649, "The login cannot be decided now"),
    /** The peer never answered. */
    TIMEOUT("timeout", 691, "Authentication timed out"),
    /** This end's login was refused by the server for a reason of its own. */
    REFUSED("refused", 649, "Login not allowed"),
    /** The server did not prove that it knows the password (RFC 2759 section 5): it may be somebody else. */
    SERVER_NOT_VERIFIED("server-not-verified", 691, "The server could not be verified");

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

    /** A sentence for the log, which may say more than the peer may read. */
    String detail() {
        return this == METHOD_NOT_POSSIBLE
                ? "only the user's NT hash is known, and the method needs the password"
                : message;
    }

    /** Whether it says that nobody could tell: the peer must not be told that its password is wrong. */
    public boolean isUndecided() {
        return this == NO_DECISION || this == RADIUS_UNREACHABLE;
    }

    /** Whether another password could be right. */
    boolean allowsAnotherTry() {
        return this == BAD_CREDENTIALS || this == RADIUS_REJECTED;
    }

    /** What a server meant by the number behind {@code E=}. */
    public static LoginFailure ofMsChapError(int error) {
        return switch (error) {
            case 646 -> OUTSIDE_HOURS;
            case 647 -> DISABLED;
            // Of other servers: this one's reads like a disabled account, and says in words what it is.
            case 648 -> EXPIRED;
            case 691 -> BAD_CREDENTIALS;
            default -> REFUSED;
        };
    }
}
