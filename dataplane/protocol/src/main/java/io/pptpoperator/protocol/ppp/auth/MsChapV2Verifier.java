package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChapV2;
import java.security.MessageDigest;
import java.util.Optional;

/** Verifies MS-CHAPv2, and proves the server's own knowledge of the password in return (RFC 2759). */
final class MsChapV2Verifier implements ChapVerifier {
    /** The flags of Windows 98, which takes whatever follows the proof for part of it. */
    private static final int WINDOWS_98 = 4;

    @Override
    public AuthMethod method() {
        return AuthMethod.MSCHAPV2;
    }

    @Override
    public int challengeLength() {
        return 16;
    }

    @Override
    public Optional<LoginProof> verify(byte[] challenge, ChapPacket.Response response, Credentials credentials) {
        byte[] ntHash = NtHashes.ntHash(credentials);
        return MsChapResponse.parse(response.value()).flatMap(value -> {
            // The domain stays out of the hash (RFC 2759 section 4), but some peers leave it in.
            Optional<LoginProof> bare = verify(challenge, value, WireText.withoutDomain(response.name()), ntHash);
            Optional<LoginProof> full = verify(challenge, value, response.name(), ntHash);
            return bare.or(() -> full);
        });
    }

    private static Optional<LoginProof> verify(byte[] challenge, MsChapResponse value, byte[] name, byte[] ntHash) {
        byte[] challengeHash = MsChapV2.challengeHash(value.peerChallenge(), challenge, name);
        byte[] expected = MsChap.challengeResponse(challengeHash, ntHash);
        if (!MessageDigest.isEqual(expected, value.ntResponse())) {
            return Optional.empty();
        }
        byte[] hashHash = MsChap.passwordHashHash(ntHash);
        String success = MsChapV2.authenticatorResponse(hashHash, expected, challengeHash)
                + (value.flags() == WINDOWS_98 ? "" : " M=" + LoginProof.WELCOME_TEXT);
        return Optional.of(new LoginProof(success, Optional.of(StartKeyDerivation.msChapV2(hashHash, expected, true))));
    }
}
