package io.pptpoperator.protocol.control;

/**
 * Answers a Start-Control-Connection-Request (RFC 2637 section 2.2).
 *
 * @param protocolVersion the version to use from now on
 * @param resultCode one of this type's constants, or whatever the peer sent
 * @param errorCode of {@link GeneralError}, with {@link #GENERAL_ERROR}
 * @param framingCapabilities bits of {@link Framing}
 * @param bearerCapabilities bits of {@link Bearer}
 * @param maximumChannels sessions the PAC can serve
 * @param firmwareRevision the sender's software revision
 * @param hostName the sender's DNS name
 * @param vendorName the sender's vendor
 */
public record StartControlConnectionReply(int protocolVersion, int resultCode, int errorCode, int framingCapabilities,
        int bearerCapabilities, int maximumChannels, int firmwareRevision, TextField hostName,
        TextField vendorName) implements ControlMessage {

    /** The control connection is established. */
    public static final int SUCCESSFUL = 1;
    /** What ADSL modems send instead, without an error: they mean the same. */
    private static final int UNSAID = 0;
    /** The error code says why not. */
    public static final int GENERAL_ERROR = 2;
    /** A control connection exists already. */
    public static final int CHANNEL_EXISTS = 3;
    /** The requester may not establish a control connection. */
    public static final int NOT_AUTHORIZED = 4;
    /** The requester's protocol version is not supported. */
    public static final int VERSION_NOT_SUPPORTED = 5;

    @Override
    public ControlMessageType type() {
        return ControlMessageType.START_CONTROL_CONNECTION_REPLY;
    }

    /** Whether the control connection is established. */
    public boolean isSuccess() {
        return resultCode == SUCCESSFUL || resultCode == UNSAID && errorCode == GeneralError.NONE;
    }

    /** What the result and error codes mean, as the end of a sentence. */
    public String meaning() {
        return switch (resultCode) {
            case SUCCESSFUL -> "the control connection is established";
            case GENERAL_ERROR -> GeneralError.result(errorCode);
            case CHANNEL_EXISTS -> "a control connection exists already";
            case NOT_AUTHORIZED -> "the requester is not authorized to establish a control connection";
            case VERSION_NOT_SUPPORTED -> "the requester's protocol version is not supported";
            default -> GeneralError.undefinedResult(resultCode);
        };
    }
}
