package io.pptpoperator.protocol.ppp.auth;

import java.util.Optional;

/** What makes one CHAP method different from another on the authenticator's side. */
sealed interface ChapVerifier permits ChapMd5Verifier, MsChapV1Verifier, MsChapV2Verifier {

    /** The method it verifies. */
    AuthMethod method();

    /** How many random bytes a challenge has. */
    int challengeLength();

    /**
     * Verifies a response, in the same time whether it is right or wrong.
     *
     * @return empty when it is wrong, or has not the method's form
     */
    Optional<LoginProof> verify(byte[] challenge, ChapPacket.Response response, Credentials credentials);

    /** The verifier of a CHAP method. */
    static ChapVerifier of(AuthMethod method) {
        return switch (method) {
            case MSCHAPV2 -> new MsChapV2Verifier();
            case MSCHAPV1 -> new MsChapV1Verifier();
            case CHAP_MD5 -> new ChapMd5Verifier();
            case PAP, EAP -> throw new IllegalArgumentException(method + " is not a CHAP method");
        };
    }
}
