package io.pptpoperator.protocol.control;

/** The general error codes that explain a result "General Error" (RFC 2637 section 2.16). */
public final class GeneralError {
    /** No general error. */
    public static final int NONE = 0;
    /** No control connection exists yet for this PAC-PNS pair. */
    public static final int NOT_CONNECTED = 1;
    /** Length is wrong or Magic Cookie value is incorrect. */
    public static final int BAD_FORMAT = 2;
    /** A field value was out of range or a reserved field was not zero. */
    public static final int BAD_VALUE = 3;
    /** Resources are insufficient to handle this command now. */
    public static final int NO_RESOURCE = 4;
    /** The Call ID is invalid in this context. */
    public static final int BAD_CALL_ID = 5;
    /** A vendor-specific error occurred in the PAC. */
    public static final int PAC_ERROR = 6;

    private GeneralError() {}

    /** What the code means, as the end of a sentence. */
    public static String meaning(int errorCode) {
        return switch (errorCode) {
            case NONE -> "no general error";
            case NOT_CONNECTED -> "no control connection exists yet";
            case BAD_FORMAT -> "wrong length or magic cookie";
            case BAD_VALUE -> "a field value was out of range";
            case NO_RESOURCE -> "not enough resources to handle this now";
            case BAD_CALL_ID -> "the Call ID is invalid in this context";
            case PAC_ERROR -> "a vendor-specific error occurred in the PAC";
            default -> "error code " + errorCode + ", which RFC 2637 does not define";
        };
    }

    /** What a result "General Error" with this error code means. */
    static String result(int errorCode) {
        return "general error: " + meaning(errorCode);
    }

    /** What a result means that the RFC does not list. */
    static String undefinedResult(int resultCode) {
        return "RFC 2637 does not define result code " + resultCode;
    }
}
