package io.pptpoperator.dataplane.config;

import java.util.List;

/**
 * Both configuration files, valid each and together.
 *
 * @param server {@code server.yaml}
 * @param users {@code users.yaml}
 * @param digests which texts they were
 */
public record Configuration(ServerConfig server, List<UserConfig> users, ConfigDigests digests) {

    /** Copies the list. */
    public Configuration {
        users = List.copyOf(users);
    }
}
