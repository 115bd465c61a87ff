package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.control.ConnectionLimits;
import java.util.Locale;

/** Why a client was kept out before anybody asked who it is; one counter each. */
public enum Refusal {
    /** {@code limits.pendingConnections}. */
    PENDING_CONNECTIONS,
    /** {@code limits.connectionsPerSource}. */
    CONNECTIONS_PER_SOURCE,
    /** {@code limits.connectionsPerSecond}. */
    CONNECTIONS_PER_SECOND,
    /** {@code limits.maxSessions}. */
    SESSIONS,
    /** All Call IDs are taken: the server has as many sessions as PPTP can tell apart. */
    CALL_IDS,
    /** The server is being drained. */
    DRAINING;

    static Refusal of(ConnectionLimits.Limit limit) {
        return switch (limit) {
            case PENDING_CONNECTIONS -> PENDING_CONNECTIONS;
            case CONNECTIONS_PER_SOURCE -> CONNECTIONS_PER_SOURCE;
            case CONNECTIONS_PER_SECOND -> CONNECTIONS_PER_SECOND;
        };
    }

    /** Its name in logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
