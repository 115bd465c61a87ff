package io.pptpoperator.protocol.control;

/**
 * Answers an Echo-Request (RFC 2637 section 2.6).
 *
 * @param identifier that of the {@link EchoRequest}; 32 bits without meaning
 * @param resultCode one of this type's constants, or whatever the peer sent
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 */
public record EchoReply(int identifier, int resultCode, int errorCode) implements ControlMessage {

    /** The reply is valid. */
    public static final int OK = 1;
    /** The request was not accepted; the error code says why. */
    public static final int GENERAL_ERROR = 2;

    /** The reply that says all is well. */
    public static EchoReply ok(EchoRequest request) {
        return new EchoReply(request.identifier(), OK, GeneralError.NONE);
    }

    @Override
    public ControlMessageType type() {
        return ControlMessageType.ECHO_REPLY;
    }
}
