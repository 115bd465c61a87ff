package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One user of {@code users.yaml}, as {@link ServerConfig} is of a server. Its text form never shows the secret. */
// @formatter:off
public record UserConfig(
        @Setting(value = "what the client logs in with; `DOMAIN\\` and `@realm` may come with it", example = "alice",
                // PAP's Peer-ID holds 255 bytes (RFC 1334 section 2.2.1).
                min = "1", max = "255",
                pattern = "[^\\x00-\\x20\\x7f]([^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?", form = USERNAME)
        String username,

        @Setting(value = "exactly one of `password` and `ntHash`. The password in clear: every method works. The NT "
                + "hash (MD4 of the password in UTF-16LE, 32 hex digits): MS-CHAP works, PAP and CHAP-MD5 cannot",
                example = "a password, or an ntHash of 32 hexadecimal digits,")
        Credentials credentials,

        @Setting(value = "`false` ends the user's sessions within a second", or = "true")
        boolean enabled,

        @Setting("when the user's time is over, such as `2027-01-01T00:00:00Z`; sessions end then")
        Optional<Instant> validUntil,

        @Setting("static address, inside the pools or not")
        Optional<Ipv4Address> address,

        @Setting(value = "networks the client may connect from; empty: anywhere", max = "64")
        List<Ipv4Prefix> allowedSources,

        @Setting(value = "networks behind the client: routed to it while it is connected, and accepted as its packets' "
                + "sources", max = "64")
        List<Ipv4Prefix> routes,

        @Setting(value = "sessions at once, instead of the server's `sessionPolicy.perUser`; `0`: any number",
                min = "0", max = "1000")
        OptionalInt maxSessions,

        Optional<RateSettings> rateLimit,

        @Setting(value = "the profile of `users.profiles.yaml` that says what else the user may have; where there is none of "
                + "this name the user is not let in", pattern = ProfileConfig.NAME, min = "1", max = "253",
                form = ProfileConfig.NAME_FORM)
        Optional<String> profile,

        @Setting(value = "whether a quota is used up that ends sessions: the user is not let in until it is `false` again",
                or = "false")
        boolean overQuota) {
    // @formatter:on

    /** What is right for a name. */
    static final String USERNAME = "1 to 255 characters without control characters, and without spaces at its ends,";

    private static final Section<UserConfig> SETTINGS = Section.of(UserConfig.class);

    /** Copies the lists. */
    public UserConfig {
        allowedSources = List.copyOf(allowedSources);
        routes = List.copyOf(routes);
    }

    /** A user with nothing but the two settings that have no default. */
    public static UserConfig withDefaults(String username, Credentials credentials) {
        return SETTINGS.with(SETTINGS.with(SETTINGS.defaults(), "username", username), "credentials", credentials);
    }

    /** The same user with another address and other routes. */
    public UserConfig with(Optional<Ipv4Address> otherAddress, List<Ipv4Prefix> otherRoutes) {
        return SETTINGS.with(SETTINGS.with(this, "address", otherAddress), "routes", otherRoutes);
    }

    /** The same user, as fast as can be. */
    UserConfig withoutRateLimit() {
        return SETTINGS.with(this, "rateLimit", Optional.empty());
    }

    /** The same user, with what the server gives. */
    UserConfig withoutProfile() {
        return SETTINGS.with(this, "profile", Optional.empty());
    }

    /** The same user, with something left of every quota. */
    UserConfig withinQuota() {
        return SETTINGS.with(this, "overQuota", false);
    }

    /** The same user without an address of its own. */
    public UserConfig withoutAddress() {
        return with(Optional.empty(), routes);
    }
}
