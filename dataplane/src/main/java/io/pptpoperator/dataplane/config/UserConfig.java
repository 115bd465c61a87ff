package io.pptpoperator.dataplane.config;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One user of {@code users.yaml}. Its text form never shows the secret.
 *
 * @param username the name the client logs in with
 * @param credentials what verifies the client's proof of the password
 * @param enabled whether the user may log in
 * @param validUntil when the user's time is over
 * @param address static address
 * @param allowedSources networks the client may connect from; none: anywhere
 * @param routes networks behind the client, routed to it and accepted as its packets' sources
 * @param sessions how many at once, instead of the server's {@code sessions.perUser}; zero: any number
 */
public record UserConfig(String username, Credentials credentials, boolean enabled, Optional<Instant> validUntil,
        Optional<Ipv4Address> address, List<Ipv4Prefix> allowedSources, List<Ipv4Prefix> routes, OptionalInt sessions) {

    /** Copies the lists. */
    public UserConfig {
        allowedSources = List.copyOf(allowedSources);
        routes = List.copyOf(routes);
    }

    /** A user with nothing but the two settings that have no default. */
    public static UserConfig withDefaults(String username, Credentials credentials) {
        return new UserConfig(username, credentials, true, Optional.empty(), Optional.empty(), List.of(), List.of(),
                OptionalInt.empty());
    }

    /** The same user without an address of its own. */
    public UserConfig withoutAddress() {
        return new UserConfig(username, credentials, enabled, validUntil, Optional.empty(), allowedSources, routes,
                sessions);
    }
}
