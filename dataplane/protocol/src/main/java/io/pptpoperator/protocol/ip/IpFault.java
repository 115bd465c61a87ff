package io.pptpoperator.protocol.ip;

/** Why something cannot be done with a packet, and the name that is counted under. */
public enum IpFault {
    /** Shorter than an IPv4 header without options. */
    TRUNCATED(-1),
    /** Not IPv4. */
    VERSION(-2),
    /** The header is said to be shorter than 20 bytes, or longer than the packet. */
    HEADER_LENGTH(-3),
    /** The packet is said to be shorter than its header, or longer than what was received. */
    TOTAL_LENGTH(-4),
    /** Too long for the link, and its sender forbids fragments. */
    DONT_FRAGMENT(-5),
    /** The link takes no packet with the headers of this one and 8 bytes of payload. */
    MTU(-6),
    /** The TCP or UDP header is not whole. */
    TRANSPORT_HEADER(-7),
    /** The TCP checksum is wrong; cutting the packet would hide that. */
    TRANSPORT_CHECKSUM(-8),
    /** A kind of packet that cannot be cut into segments, only into fragments. */
    NOT_SEGMENTABLE(-9),
    /** Segmentation offload of an unknown type, or with a segment size of 0. */
    OFFLOAD(-10);

    private static final IpFault[] BY_CODE = new IpFault[11];

    static {
        for (IpFault fault : values()) {
            BY_CODE[-fault.code] = fault;
        }
    }

    final int code;

    IpFault(int code) {
        this.code = code;
    }

    /** The negative result that stands for it. */
    public int code() {
        return code;
    }

    /**
     * The fault behind a negative result of this package's methods.
     *
     * @param code the negative result
     */
    public static IpFault of(int code) {
        return BY_CODE[-code];
    }
}
