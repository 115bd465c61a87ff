package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.util.Optional;

/** Answers MS-CHAPv1 with the NT response only, as RFC 2433 section 5 advises. */
final class MsChapV1Prover implements ChapProver {
    private static final int CHALLENGE = 8;
    private static final int USE_NT_RESPONSE = 1;

    private final String password;

    MsChapV1Prover(String password) {
        this.password = password;
    }

    @Override
    public AuthMethod method() {
        return AuthMethod.MSCHAPV1;
    }

    @Override
    public Optional<Answer> answer(int identifier, byte[] challenge) {
        if (challenge.length != CHALLENGE) {
            return Optional.empty();
        }
        byte[] ntHash = MsChap.ntPasswordHash(password);
        byte[] value = new MsChapResponse(new byte[24], MsChap.challengeResponse(challenge, ntHash), USE_NT_RESPONSE)
                .encode();
        return Optional.of(new Answer(value, "", Optional.of(StartKeyDerivation
                .msChapV1(MsChap.passwordHashHash(ntHash), challenge, MsChap.lmPasswordHash(password).orElse(null)))));
    }
}
