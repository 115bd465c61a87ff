package io.pptpoperator.protocol.ppp.auth;

/** A PAP or CHAP packet that breaks its format; the message names the field and its value. */
final class AuthPacketException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AuthPacketException(String message) {
        super(message);
    }
}
