package io.pptpoperator.protocol.ppp.auth;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Finds the user that a peer claims to be. A user who is not there gets credentials that nobody can know, so that
 * refusing takes the same steps and the same time.
 */
final class UserLookup {

    /**
     * A user to be verified.
     *
     * @param account empty when the user is unknown or the method cannot be verified for it
     * @param credentials the account's or, without one, random ones
     * @param failure why the login fails if it fails
     */
    record User(Optional<LoginPolicy.Account> account, Credentials credentials, LoginFailure failure) {}

    private final LoginPolicy policy;
    private final AuthMethod method;
    private final Credentials nobody;

    UserLookup(LoginPolicy policy, AuthMethod method, SecureRandom random) {
        this.policy = policy;
        this.method = method;
        nobody = new Credentials.Password(new BigInteger(64, random).toString(Character.MAX_RADIX));
    }

    User find(String name) {
        if (!policy.mayTry(name)) {
            return new User(Optional.empty(), nobody, LoginFailure.TOO_MANY_FAILURES);
        }
        Optional<LoginPolicy.Account> account = policy.find(name);
        Optional<LoginPolicy.Account> usable = account.filter(found -> isEnough(found.credentials()));
        return new User(usable, usable.map(LoginPolicy.Account::credentials).orElse(nobody),
                account.isPresent() && usable.isEmpty()
                        ? LoginFailure.METHOD_NOT_POSSIBLE
                        : LoginFailure.BAD_CREDENTIALS);
    }

    private boolean isEnough(Credentials credentials) {
        return switch (credentials) {
            case Credentials.Password ignored -> true;
            case Credentials.NtHash ignored -> method.worksWithNtHash();
        };
    }

    /** Asks whether a user who proved the password may in. */
    LoginPolicy.Admission admit(LoginPolicy.Account account) {
        return policy.admit(account, method);
    }
}
