package io.pptpoperator.protocol.tunnel;

/** Why a packet of the peer was not passed on. */
public enum TunnelDrop {
    /** Its GRE number was seen before. */
    DUPLICATE,
    /** Its GRE number is behind what was delivered already, or it came early and found no room to wait. */
    LATE,
    /** Its GRE number is further ahead than a loss explains. */
    FAR_AHEAD,
    /** It holds no PPP frame. */
    MALFORMED_PPP,
    /** IP in clear, on a link that encrypts or has to. */
    NOT_ENCRYPTED,
    /** Encrypted, but the link has no keys (yet). */
    NO_KEYS,
    /** Its coherency count is behind the present one. */
    MPPE_LATE,
    /** A stateful stream waits for a flushed packet after a loss. */
    MPPE_AWAITING_RESET,
    /** An MPPE header that cannot be, or plain text that is no IP packet. */
    MPPE_MALFORMED
}
