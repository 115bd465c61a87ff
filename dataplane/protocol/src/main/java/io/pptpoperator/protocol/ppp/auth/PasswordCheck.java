package io.pptpoperator.protocol.ppp.auth;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Verifies evidence with credentials from memory. A user who is not there has credentials that nobody can know, so that
 * refusing takes the same steps and the same time as with a wrong password, and has the same reason.
 */
public final class PasswordCheck {

    /** What a check finds. */
    public sealed interface Finding {

        /** The evidence is right. */
        record Right(LoginProof proof) implements Finding {}

        /** It is not, or cannot be verified. */
        record Wrong(LoginFailure reason) implements Finding {}
    }

    private final Credentials nobody;

    /** @param random makes nobody's password */
    public PasswordCheck(SecureRandom random) {
        nobody = new Credentials.Password(new BigInteger(64, random).toString(Character.MAX_RADIX));
    }

    /**
     * Checks.
     *
     * @param credentials those of the user whom the peer claims to be; empty when there is no such user
     */
    public Finding check(LoginEvidence evidence, Optional<Credentials> credentials) {
        Optional<Credentials> usable = credentials.filter(known -> isEnough(known, evidence.method()));
        Optional<LoginProof> proof = evidence.provenBy(usable.orElse(nobody));
        if (proof.isPresent() && usable.isPresent()) {
            return new Finding.Right(proof.get());
        }
        return new Finding.Wrong(credentials.isPresent() && usable.isEmpty()
                ? LoginFailure.METHOD_NOT_POSSIBLE
                : LoginFailure.BAD_CREDENTIALS);
    }

    private static boolean isEnough(Credentials credentials, AuthMethod method) {
        return switch (credentials) {
            case Credentials.Password ignored -> true;
            case Credentials.NtHash ignored -> method.worksWithNtHash();
        };
    }
}
