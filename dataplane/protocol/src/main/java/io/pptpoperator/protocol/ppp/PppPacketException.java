package io.pptpoperator.protocol.ppp;

/** A PPP frame, control packet or option that breaks its format; the message names the field and its value. */
public final class PppPacketException extends RuntimeException {

    /** With a sentence about what is wrong. */
    public PppPacketException(String message) {
        super(message);
    }
}
