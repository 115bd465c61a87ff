package io.pptpoperator.operator.render;

import io.pptpoperator.dataplane.config.ConfigException;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.ProfilesFile;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.lending.LendingRecord;
import io.pptpoperator.operator.lending.PoolDivision;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The files of a server's configuration Secret.
 *
 * @param files their texts, by name
 */
public record ConfigurationFiles(SortedMap<String, String> files) {

    /** The users of all members. */
    public static final String USERS = "users.yaml";
    /** Who else decides about logins, for all members; only there when somebody does, or is told of sessions. */
    public static final String RADIUS = RadiusConfig.file(USERS);
    /** The profiles that users have, for all members; only there when somebody has one. */
    public static final String PROFILES = ProfilesFile.file(USERS);

    /** No member has such a name: a pod's ends with a number, and a node's has no part that is one alone. */
    private static final Pattern OF_USERS = Pattern.compile("users(\\.[0-9]+)?\\.yaml");
    /** What the API server lets a Secret hold. */
    private static final int MAX_BYTES = 1 << 20;
    /** At most what another file of users takes before there is anybody in it. */
    private static final int EMPTY_COPY = 64;
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

    /** The same files with this about RADIUS. */
    public ConfigurationFiles withRadius(Optional<RadiusRendering> radius) {
        var all = new TreeMap<>(files);
        all.remove(RADIUS);
        radius.ifPresent(it -> all.put(RADIUS, ConfigWriter.writeRadius(it.config())));
        return new ConfigurationFiles(all);
    }

    /** The same files with these profiles. */
    public ConfigurationFiles withProfiles(Collection<ProfileConfig> profiles) {
        var all = new TreeMap<>(files);
        all.remove(PROFILES);
        if (!profiles.isEmpty()) {
            all.put(PROFILES, ConfigWriter.writeProfiles(List.copyOf(profiles)));
        }
        return new ConfigurationFiles(all);
    }

    /** The same files with these users, for images of every age. */
    public ConfigurationFiles withUsers(List<UserConfig> users) {
        return withUsers(users, UsersSchema.KEYS);
    }

    /** The same files with these users, of whose settings some may have come with these keys. */
    ConfigurationFiles withUsers(List<UserConfig> users, List<UsersSchema.Key> keys) {
        var all = new TreeMap<>(files);
        all.keySet().removeIf(ConfigurationFiles::isOfUsers);
        var versions = new TreeSet<>(Set.of(UsersSchema.OLDEST));
        keys.stream().filter(key -> users.stream().anyMatch(key.isUsed())).forEach(key -> versions.add(key.since()));
        for (int version : versions) {
            all.put(UsersSchema.file(USERS, version), ConfigWriter.writeUsers(
                    users.stream().flatMap(user -> UsersSchema.understood(user, version, keys).stream()).toList()));
        }
        return new ConfigurationFiles(all);
    }

    /** Of all files, or of their digests, those of users. */
    public static List<String> users(Map<String, String> files) {
        return new TreeMap<>(files).entrySet()
                .stream()
                .filter(it -> isOfUsers(it.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean isOfUsers(String file) {
        return OF_USERS.matcher(file).matches();
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
        long copies = users(withUsers(roster.accepted()).files).size();
        long left = MAX_BYTES - withUsers(List.of()).bytes() - (copies - 1) * EMPTY_COPY;
        if (left < 0) {
            throw ConfigurationTooLargeException.withoutUsers(MAX_BYTES - left);
        }
        var without = new ArrayList<ObjectKey>();
        for (ObjectKey user : roster.generations().keySet()) {
            if (roster.verdicts().get(user) instanceof UserVerdict.Accepted(UserConfig config)) {
                long bytes = copies * (size(ConfigWriter.writeUsers(List.of(config))) - NO_USER.length());
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
                .filter(it -> !isOfUsers(it.getKey())
                        && !Set.of(LendingRecord.KEY, RADIUS, PROFILES).contains(it.getKey()))
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
