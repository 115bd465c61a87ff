package io.pptpoperator.protocol.ppp.auth;

import java.security.MessageDigest;
import java.util.Optional;

/** Verifies plain CHAP, which needs the clear password (RFC 1994). */
final class ChapMd5Verifier implements ChapVerifier {

    @Override
    public AuthMethod method() {
        return AuthMethod.CHAP_MD5;
    }

    @Override
    public int challengeLength() {
        return 16;
    }

    @Override
    public Optional<LoginProof> verify(byte[] challenge, ChapPacket.Response response, Credentials credentials) {
        return switch (credentials) {
            case Credentials.Password(String password) -> {
                byte[] expected = ChapMd5.response(response.identifier(), password, challenge);
                yield MessageDigest.isEqual(expected, response.value())
                        ? Optional.of(LoginProof.WELCOME)
                        : Optional.empty();
            }
            case Credentials.NtHash ignored -> Optional.empty();
        };
    }
}
