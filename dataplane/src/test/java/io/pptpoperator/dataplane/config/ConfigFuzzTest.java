package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Damaged configurations: either still one, or errors as declared. */
class ConfigFuzzTest {

    private static final String[] SNIPPETS = {"\n", " ", "  ", ":", ": ", "- ", "-", "[", "]", "{", "}", ",", "\"", "'",
            "#", "&a", "*a", "!", "!!str ", "|", ">", "%", "@", "`", "?", "? ", "---\n", "...\n", "\t", "null", "~",
            "true", "0", "-1", "99999999999999999999", "1e9", ".inf", "\u0000", "\ufeff", "\u2028", "\ud800", "é",
            "<<: ", "\\", "\\x", "255.255.255.255", "0.0.0.0/0", "h", "ms", "2027-13-01T00:00:00Z", "%TAG ! x\n"};

    @Property(tries = 2000)
    void aDamagedServerFileIsRefusedInDeclaredWords(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int changes) {
        String text = seed % 2 == 0 ? ConfigTexts.ALL_DEFAULTS : ConfigTexts.NOTHING_DEFAULT;
        Optional<ServerConfig> server = valueOrErrors(damage(text, seed, changes),
                yaml -> ConfigReader.parseServer("server.yaml", yaml));
        server.ifPresent(it -> {
            assertThat(ConfigCheck.server(it)).isEmpty();
            assertThat(ConfigReader.parseServer("again", ConfigWriter.writeServer(it))).isEqualTo(it);
        });
    }

    @Property(tries = 2000)
    void aDamagedUsersFileIsRefusedInDeclaredWords(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        Optional<List<UserConfig>> users = valueOrErrors(damage(ConfigTexts.USERS, seed, changes),
                yaml -> ConfigTexts.users(yaml));
        users.ifPresent(it -> assertThat(ConfigTexts.users(ConfigWriter.writeUsers(it))).isEqualTo(it));
    }

    @Property(tries = 2000)
    void aDamagedRadiusFileIsRefusedInDeclaredWords(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int changes) {
        Optional<RadiusConfig> radius = valueOrErrors(damage(ConfigTexts.RADIUS, seed, changes),
                yaml -> ConfigReader.parseRadius("users.radius.yaml", yaml));
        radius.ifPresent(it -> {
            assertThat(ConfigCheck.radius(it)).isEmpty();
            assertThat(ConfigReader.parseRadius("again", ConfigWriter.writeRadius(it))).isEqualTo(it);
        });
    }

    @Property(tries = 2000)
    void aDamagedProfilesFileIsRefusedInDeclaredWords(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int changes) {
        Optional<List<ProfileConfig>> profiles = valueOrErrors(damage(ConfigTexts.PROFILES, seed, changes),
                yaml -> ConfigReader.parseProfiles("users.profiles.yaml", yaml));
        profiles.ifPresent(it -> {
            assertThat(ConfigCheck.profiles(it)).isEmpty();
            assertThat(ConfigReader.parseProfiles("again", ConfigWriter.writeProfiles(it))).isEqualTo(it);
        });
    }

    @Property(tries = 1000)
    void anyTextIsRefusedInDeclaredWords(@ForAll String text) {
        assertThat(valueOrErrors(text, yaml -> ConfigReader.parseServer("server.yaml", yaml))).isEmpty();
        assertThat(valueOrErrors(text, yaml -> ConfigTexts.users(yaml))).isEmpty();
    }

    private static <T> Optional<T> valueOrErrors(String yaml, Function<String, T> reader) {
        try {
            return Optional.of(reader.apply(yaml));
        } catch (ConfigException e) {
            assertThat(e.errors()).isNotEmpty().allSatisfy(error -> {
                assertThat(error.toString())
                        .matches("(server|users|users\\.radius|users\\.profiles)\\.yaml:([1-9][0-9]*:)? .+");
                assertThat(error.line())
                        .isLessThanOrEqualTo(yaml.split("\r\n|[\n\r\u0085\u2028\u2029]", -1).length + 1);
            });
            assertThat(e.getMessage().lines()).hasSameSizeAs(e.errors());
            return Optional.empty();
        }
    }

    private static String damage(String text, long seed, int changes) {
        var random = new Random(seed);
        var damaged = new StringBuilder(text);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, end);
                case 1 -> damaged.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 2 -> damaged.replace(at, end, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                default -> damaged.insert(at, damaged.substring(at, end));
            }
        }
        return damaged.toString();
    }
}
