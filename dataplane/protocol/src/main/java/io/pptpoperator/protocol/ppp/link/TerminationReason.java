package io.pptpoperator.protocol.ppp.link;

/** Why a link ended. Labels are stable: logs, metrics and dashboards rely on them. */
public enum TerminationReason {
    /** This end's own user asked to end it. */
    USER_REQUEST("user-request", "User request"),
    /** The peer asked to end it. */
    PEER_REQUEST("peer-request", "Closed on your request"),
    /** The peer has not answered LCP's Echo-Requests. */
    ECHO_TIMEOUT("echo-timeout", "No answer to LCP Echo-Requests"),
    /** Nothing ever arrived through the tunnel, as when a firewall on the way drops GRE. */
    NO_ANSWER("no-answer", "No answer"),
    /** LCP or IPCP did not come to terms with the peer. */
    NEGOTIATION_FAILED("negotiation-failed", "Negotiation failed"),
    /** The peer refuses every authentication method allowed. */
    AUTHENTICATION_REFUSED("auth-refused", "No common authentication method"),
    /** The login failed. */
    AUTHENTICATION_FAILED("auth-failed", "Authentication failed"),
    /** Encryption is required and the peer or its login method does not have it. */
    ENCRYPTION_REFUSED("encryption-refused", "MPPE encryption is required"),
    /** No address was left for the peer. */
    NO_ADDRESS("no-address", "No address left"),
    /** What this end sends comes back to it. */
    LOOPBACK("loopback", "The link is looped back"),
    /** The tunnel below went away. */
    TUNNEL_DOWN("tunnel-down", "Tunnel closed"),
    /** An administrator ended it. */
    ADMIN("admin", "Disconnected by the administrator"),
    /** No traffic for too long. */
    IDLE_TIMEOUT("idle-timeout", "Idle for too long"),
    /** It lasted as long as a session may. */
    SESSION_TIMEOUT("session-timeout", "Session time is over"),
    /** It has had as many bytes as a session may. */
    OCTETS_USED_UP("octets-used-up", "Traffic limit reached"),
    /** The user logged in again elsewhere. */
    REPLACED("replaced", "Replaced by a newer login"),
    /** The user was disabled, changed or removed. */
    USER_CHANGED("user-changed", "Account changed"),
    /** The server is going down. */
    SHUTDOWN("shutdown", "Server is shutting down");

    private final String label;
    private final String textForPeer;

    TerminationReason(String label, String textForPeer) {
        this.label = label;
        this.textForPeer = textForPeer;
    }

    /** Its name in logs and metrics. */
    public String label() {
        return label;
    }

    /** What the peer reads in the Terminate-Request: less than the log says, and never why a login failed. */
    String textForPeer() {
        return textForPeer;
    }
}
