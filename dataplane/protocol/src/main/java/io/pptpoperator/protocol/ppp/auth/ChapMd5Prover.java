package io.pptpoperator.protocol.ppp.auth;

import java.util.Optional;

/** Answers plain CHAP (RFC 1994). */
final class ChapMd5Prover implements ChapProver {
    private final String password;

    ChapMd5Prover(String password) {
        this.password = password;
    }

    @Override
    public AuthMethod method() {
        return AuthMethod.CHAP_MD5;
    }

    @Override
    public Optional<Answer> answer(int identifier, byte[] challenge) {
        return Optional.of(new Answer(ChapMd5.response(identifier, password, challenge), "", Optional.empty()));
    }
}
