package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.tunnel.TunnelDrop;
import java.util.Locale;

/** Why the datapath dropped a packet; one counter each. */
public enum DropCause {
    /** From a client: no worker came for it before the kernel's receive queue was full. */
    RECEIVE_QUEUE_FULL,
    /** From a client: not enhanced GRE as RFC 2637 section 4.1 lays it out. */
    MALFORMED_GRE,
    /** From a client: no session has this Call ID. */
    UNKNOWN_CALL,
    /** From a client: the Call ID belongs to a session of another address. */
    WRONG_PEER,
    /** From a client: a sequence number seen before. */
    DUPLICATE,
    /** From a client: a sequence number behind what was delivered already. */
    LATE,
    /** From a client: a sequence number further ahead than a loss explains. */
    FAR_AHEAD,
    /** From a client: no PPP frame. */
    MALFORMED_PPP,
    /** From a client: IP in clear on a link that encrypts or has to. */
    NOT_ENCRYPTED,
    /** From a client: encrypted, but the link has no keys (yet). */
    NO_KEYS,
    /** From a client: a coherency count behind the present one. */
    MPPE_LATE,
    /** From a client: waiting for a flushed packet after a loss in stateful mode. */
    MPPE_AWAITING_RESET,
    /** From a client: an MPPE header that cannot be, or plain text that is no PPP protocol. */
    MPPE_MALFORMED,
    /** Either way: the link has no network layer (yet). */
    NETWORK_NOT_OPEN,
    /** From a client: no IPv4 packet, or a broken one. */
    MALFORMED_IP,
    /** From a client: a source address that is not the client's. */
    SPOOFED_SOURCE,
    /** From a client: a destination outside {@code allowedDestinations}, the server's or its profile's. */
    DESTINATION_NOT_ALLOWED,
    /** From a client to an address of this host that {@code hostAccess} does not open. */
    HOST_CLOSED,
    /** From a client to many at once: broadcast, multicast, reserved addresses. */
    BROADCAST,
    /** From a client: with an option that prescribes the way, past {@code allowedDestinations} perhaps. */
    SOURCE_ROUTED,
    /** From a client to another client, which {@code isolateClients} forbids, the server's or a profile's. */
    CLIENT_TO_CLIENT,
    /** To a client: no session has this destination. */
    NO_SESSION,
    /** To a client: GRE of a tunnel of this host itself, which would go round for ever. */
    TUNNEL_LOOP,
    /** To a client: too big for the link, and reported to the sender. */
    TOO_BIG,
    /** To a client: the host's send queue is full, or it refused the packet. */
    SEND_FAILED,
    /** From a client: the TUN device did not take the packet. */
    TUN_WRITE_FAILED,
    /** From a client: more control packets than its session has worked off. */
    CONTROL_QUEUE_FULL,
    /** From a client: more control packets than any client needs. */
    CONTROL_OVER_BUDGET,
    /** To another worker: its queue is full. */
    HANDOVER_QUEUE_FULL,
    /** Either way: its session has more packets waiting than its share of the worker's memory. */
    OVER_SHARE,
    /** From a client: more than the session's rate lets through, for longer than it may wait. */
    RATE_LIMIT_UP,
    /** To a client: more than the session's rate lets through, for longer than it may wait. */
    RATE_LIMIT_DOWN,
    /** Either way: its session has had all the bytes that it may have, and is about to end. */
    OCTETS_USED_UP;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** What a tunnel's cause is among all. */
    static DropCause of(TunnelDrop cause) {
        return switch (cause) {
            case DUPLICATE -> DUPLICATE;
            case LATE -> LATE;
            case FAR_AHEAD -> FAR_AHEAD;
            case MALFORMED_PPP -> MALFORMED_PPP;
            case NOT_ENCRYPTED -> NOT_ENCRYPTED;
            case NO_KEYS -> NO_KEYS;
            case MPPE_LATE -> MPPE_LATE;
            case MPPE_AWAITING_RESET -> MPPE_AWAITING_RESET;
            case MPPE_MALFORMED -> MPPE_MALFORMED;
        };
    }

    /** Its name in metrics and logs. */
    public String label() {
        return label;
    }
}
