package io.pptpoperator.dataplane.handover;

/** A hand-over does not take place; the message says why, as the end of a sentence. */
public final class HandOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message why, without a secret */
    public HandOverException(String message) {
        super(message);
    }

    /** @param message why, without a secret */
    public HandOverException(String message, Throwable cause) {
        super(message, cause);
    }
}
