package io.pptpoperator.operator.render;

import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.UserConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
    /** The operator's own record of how the pools are divided; see {@link PoolDivision#toText}. */
    public static final String POOLS = "pools";

    /** What the API server lets a Secret hold. */
    private static final int MAX_BYTES = 1 << 20;
    /** Lines of {@code users.yaml} that say what is so anyway; without them twice as many users fit into a Secret. */
    private static final Pattern DEFAULTS = Pattern
            .compile("(?m)^ +(enabled: true|allowedSources: \\[\\]|routes: \\[\\])\n");

    /** Copies the map. */
    public ConfigurationFiles {
        files = new TreeMap<>(files);
    }

    /**
     * Renders all files: one {@code server.yaml} per member that has a share of the pools, and the users.
     *
     * @param fileName the name of a member's {@code server.yaml}
     * @throws ConfigurationTooLargeException when a Secret cannot hold them
     */
    public static ConfigurationFiles of(ServerRendering server, PoolDivision division, List<UserConfig> users,
            UnaryOperator<String> fileName) {
        var files = new TreeMap<String, String>();
        division.members().forEach((member, part) -> {
            if (!part.share().isEmpty()) {
                // The edition makes the file another one, even where an earlier share was the same.
                files.put(fileName.apply(member), "# Pools: edition " + part.edition() + '\n'
                        + server.withPools(part.share()));
            }
        });
        files.put(USERS, DEFAULTS.matcher(ConfigWriter.writeUsers(users)).replaceAll(""));
        files.put(POOLS, division.toText());
        long bytes = files.entrySet().stream()
                .mapToLong(it -> it.getKey().length() + it.getValue().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MAX_BYTES) {
            throw new ConfigurationTooLargeException(users.size(), bytes);
        }
        return new ConfigurationFiles(files);
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
