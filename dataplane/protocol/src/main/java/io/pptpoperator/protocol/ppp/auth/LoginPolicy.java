package io.pptpoperator.protocol.ppp.auth;

import java.util.Optional;

/** What the authenticator's side of a link asks about users; all calls answer at once, from memory. */
public interface LoginPolicy {

    /** A user as configured: the name as configured, and what verifies its password. */
    record Account(String username, Credentials credentials) {}

    /** The answer about a user who has proved the password. */
    sealed interface Admission {

        /** The login goes through. */
        record Admitted() implements Admission {}

        /** The login is refused in spite of the right password. */
        record Refused(LoginFailure reason) implements Admission {}
    }

    /** Whether a password may be tried for this name now; to ask counts as a try. */
    default boolean mayTry(String name) {
        return true;
    }

    /**
     * Looks a user up.
     *
     * @param name the name as the peer sent it, with any {@code DOMAIN\} or {@code @realm}; the implementation tries
     *     the full name first, then the bare one
     */
    Optional<Account> find(String name);

    /** Decides about a user whose password was right: state, source address, session limit, free address. */
    Admission admit(Account account, AuthMethod method);
}
