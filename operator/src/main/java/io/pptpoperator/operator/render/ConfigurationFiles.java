package io.pptpoperator.operator.render;

import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.lending.LendingRecord;
import io.pptpoperator.operator.lending.PoolDivision;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The files of a server's configuration Secret.
 *
 * @param files their texts, by name
 */
public record ConfigurationFiles(SortedMap<String, String> files) {

    /** The users of all members. */
    public static final String USERS = "users.yaml";

    /** What the API server lets a Secret hold. */
    private static final int MAX_BYTES = 1 << 20;
    /** What {@code users.yaml} begins with. */
    private static final String NO_USER = "users:\n";

    /** Copies the map. */
    public ConfigurationFiles {
        files = new TreeMap<>(files);
    }

    /**
     * Renders all files but the users': one {@code server.yaml} per member that has a share of the pools.
     *
     * @param fileName the name of a member's {@code server.yaml}
     */
    public static ConfigurationFiles of(ServerRendering server, PoolDivision division, UnaryOperator<String> fileName) {
        var files = new TreeMap<String, String>();
        division.members().forEach((member, part) -> {
            if (!part.share().isEmpty()) {
                // The edition makes the file another one, even where an earlier share was the same.
                files.put(fileName.apply(member),
                        "# Pools: edition " + part.edition() + '\n' + server.withPools(part.share()));
            }
        });
        files.put(LendingRecord.KEY, division.toText());
        return new ConfigurationFiles(files);
    }

    /** The same files with these users. */
    public ConfigurationFiles withUsers(List<UserConfig> users) {
        var all = new TreeMap<>(files);
        all.put(USERS, ConfigWriter.writeUsers(users));
        return new ConfigurationFiles(all);
    }

    /**
     * The users as far as a Secret holds them beside the other files. When it does not hold all, the youngest have to
     * stay out, so that whoever could log in still can, and whoever is disabled or deleted cannot.
     *
     * @throws ConfigurationTooLargeException when a Secret does not even hold the other files
     */
    public Roster fitting(Roster roster) {
        if (withUsers(roster.accepted()).bytes() <= MAX_BYTES) {
            return roster;
        }
        long left = MAX_BYTES - withUsers(List.of()).bytes();
        if (left < 0) {
            throw ConfigurationTooLargeException.withoutUsers(MAX_BYTES - left);
        }
        var without = new ArrayList<ObjectKey>();
        for (ObjectKey user : roster.generations().keySet()) {
            if (roster.verdicts().get(user) instanceof UserVerdict.Accepted(UserConfig config)) {
                long bytes = size(ConfigWriter.writeUsers(List.of(config))) - NO_USER.length();
                if (bytes <= left) {
                    left -= bytes;
                } else {
                    without.add(user);
                }
            }
        }
        return roster.without(without, new UserVerdict.Rejected(UserVerdict.Reason.ConfigurationFull,
                "the server's configuration is full: older VpnUsers take the 1048576 bytes that a Secret holds; divide"
                        + " the users among several PptpServers"));
    }

    /** What one of the members' {@code server.yaml} says; empty when there is none, or none that can be read. */
    public Optional<ServerConfig> server() {
        return files.entrySet()
                .stream()
                .filter(it -> !it.getKey().equals(USERS) && !it.getKey().equals(LendingRecord.KEY))
                .findFirst()
                .flatMap(it -> {
                    try {
                        return Optional.of(ConfigReader.parseServer(it.getKey(), it.getValue()));
                    } catch (ConfigException e) {
                        return Optional.empty();
                    }
                });
    }

    private long bytes() {
        return files.entrySet().stream().mapToLong(it -> it.getKey().length() + size(it.getValue())).sum();
    }

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** SHA-256 of every file. */
    public Map<String, String> digests() {
        var digests = new TreeMap<String, String>();
        files.forEach((name, text) -> digests.put(name, Digests.of(text)));
        return digests;
    }

    @Override
    public String toString() {
        return "ConfigurationFiles" + files.keySet();
    }
}
