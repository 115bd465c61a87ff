package io.pptpoperator.dataplane.config;

import java.util.List;

/**
 * All configuration files, valid each and together.
 *
 * @param server {@code server.yaml}
 * @param users {@code users.yaml}
 * @param radius {@code users.radius.yaml}; {@link RadiusConfig#NONE} when there is none
 * @param profiles {@code users.profiles.yaml}; nothing when there is none
 * @param digests which texts they were
 */
public record Configuration(ServerConfig server, List<UserConfig> users, RadiusConfig radius,
        List<ProfileConfig> profiles, ConfigDigests digests) {

    /** Copies the lists. */
    public Configuration {
        users = List.copyOf(users);
        profiles = List.copyOf(profiles);
    }

    /** The same with other settings of the server. */
    public Configuration with(ServerConfig other) {
        return new Configuration(other, users, radius, profiles, digests);
    }

    /** The same with other users. */
    public Configuration with(List<UserConfig> others) {
        return new Configuration(server, others, radius, profiles, digests);
    }
}
