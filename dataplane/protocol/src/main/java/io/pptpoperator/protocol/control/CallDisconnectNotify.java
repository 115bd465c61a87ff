package io.pptpoperator.protocol.control;

/**
 * The PAC reports the end of a call (RFC 2637 section 2.13).
 *
 * @param callId the PAC's identifier of the call
 * @param resultCode one of this type's constants; Windows servers always send 0
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 * @param causeCode more about the reason, such as a Q.931 cause
 * @param callStatistics up to 128 bytes of vendor-specific text
 */
public record CallDisconnectNotify(int callId, int resultCode, int errorCode, int causeCode,
        TextField callStatistics) implements ControlMessage {

    /** The carrier was lost. */
    public static final int LOST_CARRIER = 1;
    /** The error code says why. */
    public static final int GENERAL_ERROR = 2;
    /** An administrator, or the PAC's shutdown, ended the call. */
    public static final int ADMIN_SHUTDOWN = 3;
    /** A Call-Clear-Request ended the call. */
    public static final int REQUEST = 4;

    /** A notification without cause code and statistics. */
    public CallDisconnectNotify(int callId, int resultCode, int errorCode) {
        this(callId, resultCode, errorCode, 0, TextField.EMPTY);
    }

    @Override
    public ControlMessageType type() {
        return ControlMessageType.CALL_DISCONNECT_NOTIFY;
    }

    /** What the result and error codes mean, as the end of a sentence. */
    public String meaning() {
        return switch (resultCode) {
            case 0 -> "no reason given";
            case LOST_CARRIER -> "the carrier was lost";
            case GENERAL_ERROR -> GeneralError.result(errorCode);
            case ADMIN_SHUTDOWN -> "an administrator ended the call, or the server is being shut down";
            case REQUEST -> "the call was cleared as requested";
            default -> GeneralError.undefinedResult(resultCode);
        };
    }
}
