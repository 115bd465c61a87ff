package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.hours.OpeningHours;
import io.pptpoperator.protocol.hours.WeeklyWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One profile of {@code users.profiles.yaml}: what the users may have who name it, within what the server gives. It is a
 * file of its own so that an image that does not know profiles goes on with those that it knows. Names are those of a
 * VpnProfile.
 */
// @formatter:off
public record ProfileConfig(
        @Setting(value = "what users name it by, and RADIUS servers in Filter-Id", example = "warehouse",
                pattern = NAME, min = "1", max = "253", form = NAME_FORM)
        String name,

        @Setting(value = "networks that its users may send to, as far as the server's `allowedDestinations` has them too; "
                + "empty: the server's", max = "256")
        List<Ipv4Prefix> allowedDestinations,

        @Setting(value = "keep its users from reaching other clients, and others from reaching them, where the server's "
                + "`isolateClients` does not anyway", or = "false")
        boolean isolateClients,

        @Setting(value = "name servers that its users are told; empty: the server's", max = "2")
        List<Ipv4Address> dns,

        @Setting(value = "WINS servers that its users are told; empty: the server's", max = "2")
        List<Ipv4Address> wins,

        SessionPolicy sessionPolicy,

        Optional<RateSettings> rateLimit,

        Optional<Hours> hours,

        PushedRoutes routes) {

    /** What one of its users may have; what is empty is as the server's {@code sessionPolicy} says. */
    public record SessionPolicy(
            @Setting(value = "sessions of one user at once, unless the user's `maxSessions` says otherwise; `0`: any "
                    + "number; empty: the server's", min = "0", max = "1000")
            OptionalInt perUser,

            @Setting(value = "ends a session without data traffic; `0s`: never; empty: the server's",
                    min = "1s", max = "8760h", zero = "0s")
            Optional<Duration> idleTimeout,

            @Setting(value = "ends a session however busy it is; `0s`: never; empty: the server's",
                    min = "1s", max = "8760h", zero = "0s")
            Optional<Duration> maxDuration) {}

    /** When its users may be logged in. */
    public record Hours(
            @Setting(value = "whose clocks count, such as `Europe/Berlin`", or = "UTC")
            ZoneId timeZone,

            @Setting(value = "hours of the week, such as `Mon-Fri 08:00-18:00`, `Sat,Sun 10:00-14:00`, `Fri-Sun "
                    + "22:00-06:00` (which ends on the following day each) or `Mon-Sun 00:00-24:00`",
                    example = "[Mon-Fri 08:00-18:00]", min = "1", max = "64", pattern = WeeklyWindow.PATTERN,
                    form = "hours of the week such as Mon-Fri 08:00-18:00")
            List<WeeklyWindow> windows) {

        /** Copies the list. */
        public Hours {
            windows = List.copyOf(windows);
        }

        /** When that is. */
        public OpeningHours openingHours() {
            return new OpeningHours(timeZone, windows);
        }
    }
    // @formatter:on

    /** What may be the name of one. */
    static final String NAME = "[0-9A-Za-z]([-_.0-9A-Za-z]*[0-9A-Za-z])?";
    /** The same in words. */
    static final String NAME_FORM = "a name of letters, digits, dashes, dots and underscores such as warehouse";

    private static final Section<ProfileConfig> SETTINGS = Section.of(ProfileConfig.class);

    /** Copies the lists. */
    public ProfileConfig {
        allowedDestinations = List.copyOf(allowedDestinations);
        dns = List.copyOf(dns);
        wins = List.copyOf(wins);
    }

    /** One that says nothing: its users have what the server gives. */
    public static ProfileConfig withDefaults(String name) {
        return SETTINGS.with(SETTINGS.defaults(), "name", name);
    }
}
