package io.pptpoperator.dataplane.admin;

/** A file for TLS cannot be used; the message names it and says what would be right. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1;

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
