package io.pptpoperator.dataplane.server;

/** The server cannot start; the message says, a line for each reason, what to do about it. */
public final class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }
}
