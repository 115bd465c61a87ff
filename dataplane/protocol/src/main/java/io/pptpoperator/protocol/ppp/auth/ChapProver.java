package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.security.SecureRandom;
import java.util.Optional;

/** What makes one CHAP method different from another on the peer's side. */
sealed interface ChapProver permits ChapMd5Prover, MsChapV1Prover, MsChapV2Prover {

    /**
     * The answer to a challenge.
     *
     * @param value of the Response packet
     * @param serverProof what a Success packet has to begin with, "" when the server proves nothing
     * @param mppeKeys of the peer's end, of use once the answer is accepted
     */
    record Answer(byte[] value, String serverProof, Optional<MppeStartKeys> mppeKeys) {}

    /** The method it proves with. */
    AuthMethod method();

    /** Answers a challenge; empty when it has not the method's length. */
    Optional<Answer> answer(int identifier, byte[] challenge);

    /** The prover of a CHAP method for one user. */
    static ChapProver of(AuthMethod method, byte[] name, String password, SecureRandom random) {
        return switch (method) {
            case MSCHAPV2 -> new MsChapV2Prover(name, password, random);
            case MSCHAPV1 -> new MsChapV1Prover(password);
            case CHAP_MD5 -> new ChapMd5Prover(password);
            case PAP, EAP -> throw new IllegalArgumentException(method + " is not a CHAP method");
        };
    }
}
