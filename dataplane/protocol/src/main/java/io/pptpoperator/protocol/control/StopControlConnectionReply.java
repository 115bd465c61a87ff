package io.pptpoperator.protocol.control;

/**
 * Answers a Stop-Control-Connection-Request (RFC 2637 section 2.4).
 *
 * @param resultCode one of this type's constants, or whatever the peer sent
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 */
public record StopControlConnectionReply(int resultCode, int errorCode) implements ControlMessage {

    /** The control connection is closed. */
    public static final int OK = 1;
    /** It is not closed; the error code says why. */
    public static final int GENERAL_ERROR = 2;

    @Override
    public ControlMessageType type() {
        return ControlMessageType.STOP_CONTROL_CONNECTION_REPLY;
    }
}
