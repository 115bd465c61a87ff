package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.util.Optional;

/** What makes one CHAP method different from another on the authenticator's side. */
sealed interface ChapVerifier permits ChapMd5Verifier, MsChapV1Verifier, MsChapV2Verifier {

    /**
     * A response that proves the password.
     *
     * @param successMessage what the Success packet carries
     * @param mppeKeys of the authenticator's end
     */
    record Proof(String successMessage, Optional<MppeStartKeys> mppeKeys) {}

    /** What a Success packet says where the method leaves it open. */
    String WELCOME = "Login accepted";

    /** The method it verifies. */
    AuthMethod method();

    /** How many random bytes a challenge has. */
    int challengeLength();

    /**
     * Verifies a response, in the same time whether it is right or wrong.
     *
     * @return empty when it is wrong, or has not the method's form
     */
    Optional<Proof> verify(byte[] challenge, ChapPacket.Response response, Credentials credentials);

    /** The verifier of a CHAP method. */
    static ChapVerifier of(AuthMethod method) {
        return switch (method) {
            case MSCHAPV2 -> new MsChapV2Verifier();
            case MSCHAPV1 -> new MsChapV1Verifier();
            case CHAP_MD5 -> new ChapMd5Verifier();
            case PAP -> throw new IllegalArgumentException("PAP is not a CHAP method");
        };
    }
}
