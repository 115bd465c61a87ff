package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.Optional;

/**
 * What an authenticator owes a peer that has proved its password.
 *
 * @param message what the Success or Authenticate-Ack packet carries: with MS-CHAPv2 the proof that this end knows the
 *     password too (RFC 2759 section 5)
 * @param mppeKeys of the authenticator's end; present for MS-CHAP
 */
public record LoginProof(String message, Optional<MppeStartKeys> mppeKeys) {

    /** What a Success packet says where the method leaves it open. */
    static final String WELCOME_TEXT = "Login accepted";

    /** That of a method which proves nothing in return and yields no keys. */
    public static final LoginProof WELCOME = new LoginProof(WELCOME_TEXT, Optional.empty());
}
