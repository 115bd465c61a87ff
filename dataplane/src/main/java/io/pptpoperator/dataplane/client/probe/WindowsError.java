package io.pptpoperator.dataplane.client.probe;

/** What Windows' own client says (raserror.h), shortened: the numbers are what people search for. */
public enum WindowsError {
    /** GRE blocked, or the connection lost in the middle. */
    NO_CONNECTION(619, "A connection to the remote computer could not be established"),
    /** The server hung up in the middle. */
    TERMINATED(628, "The connection was terminated by the remote computer before it could be completed"),
    /** A loss that nobody explained. */
    DISCONNECTED(629, "The connection was closed by the remote computer"),
    /** The user may not log in at this time. */
    RESTRICTED_HOURS(646, "The account is not permitted to log on at this time of day"),
    /** The account is disabled. */
    ACCOUNT_DISABLED(647, "The account is disabled"),
    /** The password has expired. */
    PASSWORD_EXPIRED(648, "The password has expired"),
    /** The account may not dial in. */
    NOT_PERMITTED(649, "The account does not have permission to dial in"),
    /** Wrong name or password. */
    BAD_CREDENTIALS(691,
            "The user name and password combination is not recognized, or the authentication protocol is"
                    + " not permitted on the server"),
    /** PPP timed out. */
    PPP_TIMEOUT(718, "The connection timed out waiting for a valid response from the remote computer"),
    /** No network protocol came up. */
    NO_PROTOCOL(720, "No PPP control protocols configured"),
    /** No PPP answer: GRE. */
    NO_RESPONSE(721, "The remote computer did not respond"),
    /** LCP ended. */
    LCP_TERMINATED(734, "The PPP link control protocol was terminated"),
    /** What is sent comes back. */
    LOOPBACK(737, "Loopback was detected"),
    /** This end does not encrypt and the server requires it. */
    NO_LOCAL_ENCRYPTION(741, "The local computer does not support the required data encryption type"),
    /** The server does not encrypt and this end requires it. */
    NO_REMOTE_ENCRYPTION(742, "The remote computer does not support the required data encryption type"),
    /** The server did not prove that it knows the password. */
    SERVER_NOT_VERIFIED(778, "It was not possible to verify the identity of the server"),
    /** Nothing answers at the server's address. */
    UNREACHABLE(800, "Unable to establish the VPN connection; the VPN server may be unreachable"),
    /** GRE blocked by a router, as newer versions put it. */
    GRE_BLOCKED(806,
            "The VPN connection was established but cannot be completed; a device between is not configured to"
                    + " allow GRE"),
    /** The name does not resolve. */
    NAME_NOT_RESOLVED(868, "The name of the remote access server did not resolve");

    private final int code;
    private final String text;

    WindowsError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The number. */
    public int code() {
        return code;
    }

    /** The sentence beside it, without a full stop. */
    public String text() {
        return text;
    }
}
