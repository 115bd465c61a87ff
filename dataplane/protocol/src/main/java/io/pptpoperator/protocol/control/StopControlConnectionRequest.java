package io.pptpoperator.protocol.control;

/**
 * Asks to close the control connection, and clears its calls (RFC 2637 section 2.3).
 *
 * @param reason one of this type's constants, or whatever the peer sent
 */
public record StopControlConnectionRequest(int reason) implements ControlMessage {

    /** No particular reason. */
    public static final int NONE = 1;
    /** The peer's protocol version cannot be supported. */
    public static final int STOP_PROTOCOL = 2;
    /** The requester is being shut down. */
    public static final int STOP_LOCAL_SHUTDOWN = 3;

    @Override
    public ControlMessageType type() {
        return ControlMessageType.STOP_CONTROL_CONNECTION_REQUEST;
    }

    /** What the reason means, as the end of a sentence. */
    public String meaning() {
        return switch (reason) {
            case NONE -> "general request to clear the control connection";
            case STOP_PROTOCOL -> "the peer's protocol version is not supported";
            case STOP_LOCAL_SHUTDOWN -> "the requester is being shut down";
            default -> "reason " + reason + ", which RFC 2637 does not define";
        };
    }
}
