package io.pptpoperator.protocol.control;

/**
 * Answers an Outgoing-Call-Request (RFC 2637 section 2.8).
 *
 * @param callId the PAC's identifier of the call, which the PNS puts into the GRE packets it sends
 * @param peersCallId the Call ID of the request
 * @param resultCode one of this type's constants, or whatever the peer sent
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 * @param causeCode more about a failure, such as a Q.931 cause
 * @param connectSpeed line speed, bits per second
 * @param receiveWindowSize GRE packets the PAC buffers
 * @param processingDelay the PAC's packet processing delay, tenths of a second
 * @param physicalChannelId the PAC's own name for the line; 32 bits without meaning
 */
public record OutgoingCallReply(int callId, int peersCallId, int resultCode, int errorCode, int causeCode,
        long connectSpeed, int receiveWindowSize, int processingDelay,
        int physicalChannelId) implements ControlMessage {

    /** The call is established. */
    public static final int CONNECTED = 1;
    /** The error code says why there is no call. */
    public static final int GENERAL_ERROR = 2;
    /** No carrier was detected. */
    public static final int NO_CARRIER = 3;
    /** The called party is busy. */
    public static final int BUSY = 4;
    /** There was no dial tone. */
    public static final int NO_DIAL_TONE = 5;
    /** The call was not established in time. */
    public static final int TIME_OUT = 6;
    /** Outgoing calls are administratively prohibited. */
    public static final int DO_NOT_ACCEPT = 7;

    /** The reply that refuses a call: it has no identifier of its own, only the requester's. */
    public static OutgoingCallReply refusal(OutgoingCallRequest request, int resultCode, int errorCode) {
        return new OutgoingCallReply(0, request.callId(), resultCode, errorCode, 0, 0, 0, 0, 0);
    }

    @Override
    public ControlMessageType type() {
        return ControlMessageType.OUTGOING_CALL_REPLY;
    }

    /** What the result and error codes mean, as the end of a sentence. */
    public String meaning() {
        return switch (resultCode) {
            case CONNECTED -> "the call is established";
            case GENERAL_ERROR -> GeneralError.result(errorCode);
            case NO_CARRIER -> "no carrier was detected";
            case BUSY -> "the called party is busy";
            case NO_DIAL_TONE -> "there was no dial tone";
            case TIME_OUT -> "the call was not established in time";
            case DO_NOT_ACCEPT -> "outgoing calls are administratively prohibited";
            default -> GeneralError.undefinedResult(resultCode);
        };
    }
}
