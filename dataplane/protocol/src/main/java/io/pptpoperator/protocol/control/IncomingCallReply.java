package io.pptpoperator.protocol.control;

/**
 * Answers an Incoming-Call-Request (RFC 2637 section 2.10).
 *
 * @param callId the answering side's identifier of the call
 * @param peersCallId the Call ID of the request
 * @param resultCode one of this type's constants, or whatever the peer sent
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 * @param receiveWindowSize GRE packets the sender buffers
 * @param transmitDelay the sender's packet processing delay, tenths of a second
 */
public record IncomingCallReply(int callId, int peersCallId, int resultCode, int errorCode, int receiveWindowSize,
        int transmitDelay) implements ControlMessage {

    /** The call should be answered. */
    public static final int CONNECT = 1;
    /** The error code says why the call should not be answered. */
    public static final int GENERAL_ERROR = 2;
    /** The call should not be answered. */
    public static final int DO_NOT_ACCEPT = 3;

    /** The reply that refuses a call: it has no identifier of its own, only the requester's. */
    public static IncomingCallReply refusal(IncomingCallRequest request, int resultCode, int errorCode) {
        return new IncomingCallReply(0, request.callId(), resultCode, errorCode, 0, 0);
    }

    @Override
    public ControlMessageType type() {
        return ControlMessageType.INCOMING_CALL_REPLY;
    }
}
