package io.pptpoperator.protocol.gre;

/** What can be wrong with a GRE packet: why it is dropped, and the name it is counted under. */
public enum GreFault {
    /** Shorter than the header its flags announce. */
    TRUNCATED(-1),
    /** Not version 1: plain GRE, or something newer. */
    VERSION(-2),
    /** The protocol type is not 0x880B, PPP. */
    PROTOCOL(-3),
    /** The key, which carries payload length and Call ID, is missing. */
    KEY_MISSING(-4),
    /** Checksum, routing, strict source route, recursion control or a reserved flag is set. */
    FLAGS(-5),
    /** The payload is said to be longer than the packet. */
    PAYLOAD_LENGTH(-6),
    /** A payload without sequence number (RFC 2637 section 4.1 demands one). */
    SEQUENCE_MISSING(-7),
    /** Neither sequence number nor acknowledgment: a packet that says nothing. */
    EMPTY(-8);

    private static final GreFault[] BY_CODE = new GreFault[9];

    static {
        for (GreFault fault : values()) {
            BY_CODE[-fault.code] = fault;
        }
    }

    final int code;

    GreFault(int code) {
        this.code = code;
    }

    /**
     * The fault behind a negative result of {@link GreHeader#validate}.
     *
     * @param code the negative result
     */
    public static GreFault of(int code) {
        return BY_CODE[-code];
    }
}
