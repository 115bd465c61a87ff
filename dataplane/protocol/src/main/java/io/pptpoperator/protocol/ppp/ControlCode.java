package io.pptpoperator.protocol.ppp;

/**
 * The codes of control packets: RFC 1661 section 5, its LCP extensions (RFC 1570 section 2) and CCP's own (RFC 1962
 * section 3).
 */
public final class ControlCode {
    /** Asks for options. */
    public static final int CONFIGURE_REQUEST = 1;
    /** Accepts all options of a request. */
    public static final int CONFIGURE_ACK = 2;
    /** Suggests other values. */
    public static final int CONFIGURE_NAK = 3;
    /** Refuses options. */
    public static final int CONFIGURE_REJECT = 4;
    /** Asks to close. */
    public static final int TERMINATE_REQUEST = 5;
    /** Agrees to close. */
    public static final int TERMINATE_ACK = 6;
    /** Returns a packet whose code is unknown. */
    public static final int CODE_REJECT = 7;
    /** Returns a frame whose protocol is unknown; LCP only. */
    public static final int PROTOCOL_REJECT = 8;
    /** Asks for a sign of life; LCP only. */
    public static final int ECHO_REQUEST = 9;
    /** The sign of life; LCP only. */
    public static final int ECHO_REPLY = 10;
    /** Wants no answer; LCP only. */
    public static final int DISCARD_REQUEST = 11;
    /** Names the sender; LCP only, RFC 1570. */
    public static final int IDENTIFICATION = 12;
    /** Says how long the link will last; LCP only, RFC 1570. */
    public static final int TIME_REMAINING = 13;
    /** Asks the sender of compressed data to start over; CCP only, RFC 1962. */
    public static final int RESET_REQUEST = 14;
    /** Says that it started over; CCP only, RFC 1962. */
    public static final int RESET_ACK = 15;

    private ControlCode() {}

    /** The code's name in its RFC, or its number. */
    public static String name(int code) {
        return switch (code) {
            case CONFIGURE_REQUEST -> "Configure-Request";
            case CONFIGURE_ACK -> "Configure-Ack";
            case CONFIGURE_NAK -> "Configure-Nak";
            case CONFIGURE_REJECT -> "Configure-Reject";
            case TERMINATE_REQUEST -> "Terminate-Request";
            case TERMINATE_ACK -> "Terminate-Ack";
            case CODE_REJECT -> "Code-Reject";
            case PROTOCOL_REJECT -> "Protocol-Reject";
            case ECHO_REQUEST -> "Echo-Request";
            case ECHO_REPLY -> "Echo-Reply";
            case DISCARD_REQUEST -> "Discard-Request";
            case IDENTIFICATION -> "Identification";
            case TIME_REMAINING -> "Time-Remaining";
            case RESET_REQUEST -> "Reset-Request";
            case RESET_ACK -> "Reset-Ack";
            default -> "code " + code;
        };
    }
}
