package io.pptpoperator.operator.roster;

import io.pptpoperator.dataplane.config.UserConfig;

/** What a server makes of a VpnUser that is meant for it. */
public sealed interface UserVerdict {

    /**
     * The user can log in, as far as the server is concerned.
     *
     * @param config the user's entry in {@code users.yaml}
     */
    record Accepted(UserConfig config) implements UserVerdict {}

    /**
     * The user is left out; all others are served.
     *
     * @param reason why, for programs
     * @param message why, for people; never a secret
     */
    record Rejected(Reason reason, String message) implements UserVerdict {}

    /** Why a user is left out. The names are part of the API: they are reasons of conditions. */
    enum Reason {
        /** The operator is about to generate the password. */
        PasswordNotGenerated,
        /** The Secret that the user names is not there, or not marked as one for VpnUsers. */
        SecretNotFound,
        /** The Secret is there, but not the key. */
        SecretKeyNotFound,
        /** The Secret's value cannot be a password. */
        InvalidPassword,
        /** The Secret's value is not an NT hash. */
        InvalidNtHash,
        /** The server offers no method that works with an NT hash alone. */
        PasswordNeeded,
        /** An older VpnUser of the server has the username. */
        DuplicateUsername,
        /** An older VpnUser of the server has the static address, or a route that it lies in. */
        DuplicateAddress,
        /** The static address is the server's own. */
        AddressIsServers,
        /** The server does not let users have the static address. */
        AddressNotAllowed,
        /** An older VpnUser of the server has the route, or a part of it. */
        DuplicateRoute,
        /** The server does not let users have the route. */
        RouteNotAllowed,
        /** There is no such profile in the server's namespace. */
        ProfileNotFound,
        /** The server does not let users have the profile. */
        ProfileNotAllowed,
        /** The profile says something impossible. */
        InvalidProfile,
        /** The server's configuration has no room for the user: older ones fill it. */
        ConfigurationFull,
        /** The spec says something impossible that the schema let through. */
        InvalidSpec
    }
}
