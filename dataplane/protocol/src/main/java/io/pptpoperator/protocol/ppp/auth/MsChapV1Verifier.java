package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Verifies MS-CHAPv1 by its NT response (RFC 2433). The LAN Manager response, which RFC 2433 deprecates, never counts.
 */
final class MsChapV1Verifier implements ChapVerifier {

    @Override
    public AuthMethod method() {
        return AuthMethod.MSCHAPV1;
    }

    @Override
    public int challengeLength() {
        return 8;
    }

    @Override
    public Optional<LoginProof> verify(byte[] challenge, ChapPacket.Response response, Credentials credentials) {
        byte[] ntHash = NtHashes.ntHash(credentials);
        byte[] expected = MsChap.challengeResponse(challenge, ntHash);
        return MsChapResponse.parse(response.value())
                .filter(value -> MessageDigest.isEqual(expected, value.ntResponse()))
                .map(value -> new LoginProof(LoginProof.WELCOME_TEXT,
                        Optional.of(StartKeyDerivation.msChapV1(MsChap.passwordHashHash(ntHash), challenge,
                                NtHashes.lmHash(credentials).orElse(null)))));
    }
}
