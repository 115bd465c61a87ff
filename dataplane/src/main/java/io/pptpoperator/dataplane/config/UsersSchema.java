package io.pptpoperator.dataplane.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Versions of {@code users.yaml}. A key that an image does not know makes the whole file unreadable to it, revocations
 * too; so the file is for every image, and users who have newer keys stand as they are in a second file beside it, such as
 * {@code users.2.yaml}, which is for images that understand that version or a later one. An image takes the newest that
 * it understands.
 */
public final class UsersSchema {

    /** What an image understands that does not say. */
    public static final int OLDEST = 0;
    /** What this data plane understands. */
    public static final int OWN = 3;

    static final String ENDING = ".yaml";

    /** The keys that came after {@link #OLDEST}. Whoever adds one raises {@link #OWN}. */
    public static final List<Key> KEYS = List.of(
            new Key(2, user -> user.rateLimit().isPresent(), UserConfig::withoutRateLimit, true),
            new Key(3, user -> user.profile().isPresent(), UserConfig::withoutProfile, true),
            new Key(3, UserConfig::overQuota, UserConfig::withinQuota, true));

    private UsersSchema() {}

    /**
     * A key that came with a version.
     *
     * @param since the version
     * @param isUsed whether a user has it
     * @param without the same user without it
     * @param widens whether a user may do more without it than with it: such a one is left out where it is not understood
     */
    public record Key(int since, Predicate<UserConfig> isUsed, UnaryOperator<UserConfig> without, boolean widens) {}

    /** The name of the file that is for images that understand a version. */
    public static String file(String users, int version) {
        return version == OLDEST
                ? users
                : users.substring(0, users.length() - ENDING.length()) + "." + version + ENDING;
    }

    /** The name of the file about something else that stands beside one with users. */
    static String beside(String users, String what) {
        return (users.endsWith(ENDING) ? users.substring(0, users.length() - ENDING.length()) : users) + "." + what
                + ENDING;
    }

    /** The file, of those beside {@code users}, that this data plane is to read. */
    static Path newest(Path users) {
        String name = String.valueOf(users.getFileName());
        return name.endsWith(ENDING)
                ? IntStream.iterate(OWN, it -> it > OLDEST, it -> it - 1)
                        .mapToObj(it -> users.resolveSibling(file(name, it)))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(users)
                : users;
    }

    /**
     * A user as an image of a version shall know it.
     *
     * @return nothing when the user must be left out there
     */
    public static Optional<UserConfig> understood(UserConfig user, int version, List<Key> keys) {
        UserConfig known = user;
        for (Key key : keys.stream()
                .filter(it -> it.since() > version)
                .sorted(Comparator.comparingInt(Key::since))
                .toList()) {
            if (key.isUsed().test(known)) {
                if (key.widens()) {
                    return Optional.empty();
                }
                known = key.without().apply(known);
            }
        }
        return Optional.of(known);
    }

    /**
     * Which of several files an image reads.
     *
     * @param users the name of the file for all
     * @param digests of the files that there are, by name
     * @return its digest
     */
    public static Optional<String> digest(String users, int version, Map<String, String> digests) {
        return IntStream.iterate(version, it -> it >= OLDEST, it -> it - 1)
                .mapToObj(it -> digests.get(file(users, it)))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
