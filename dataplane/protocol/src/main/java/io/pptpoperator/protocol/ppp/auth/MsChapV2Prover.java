package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChapV2;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** Answers MS-CHAPv2 and knows what the server has to answer in turn (RFC 2759). */
final class MsChapV2Prover implements ChapProver {
    private static final int CHALLENGE = 16;

    private final byte[] name;
    private final String password;
    private final SecureRandom random;

    MsChapV2Prover(byte[] name, String password, SecureRandom random) {
        this.name = name;
        this.password = password;
        this.random = random;
    }

    @Override
    public AuthMethod method() {
        return AuthMethod.MSCHAPV2;
    }

    @Override
    public Optional<Answer> answer(int identifier, byte[] challenge) {
        if (challenge.length != CHALLENGE) {
            return Optional.empty();
        }
        byte[] peerChallenge = new byte[CHALLENGE];
        random.nextBytes(peerChallenge);
        byte[] challengeHash = MsChapV2.challengeHash(peerChallenge, challenge, WireText.withoutDomain(name));
        byte[] ntHash = MsChap.ntPasswordHash(password);
        byte[] hashHash = MsChap.passwordHashHash(ntHash);
        byte[] ntResponse = MsChap.challengeResponse(challengeHash, ntHash);
        return Optional.of(new Answer(new MsChapResponse(Arrays.copyOf(peerChallenge, 24), ntResponse, 0).encode(),
                MsChapV2.authenticatorResponse(hashHash, ntResponse, challengeHash),
                Optional.of(StartKeyDerivation.msChapV2(hashHash, ntResponse, false))));
    }
}
