package io.pptpoperator.dataplane.interop.lab;

/** The lab itself, or something a test waits for in it, did not behave: says what, and where its log is. */
public class LabException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message one sentence: what was expected, and what happened instead */
    public LabException(String message) {
        super(message);
    }

    /**
     * @param message one sentence: what was expected, and what happened instead
     * @param cause   why
     */
    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
