package io.pptpoperator.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.config.UsersSchema;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.UserVerdict;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFilesTest {

    private static final int SECRET = 1 << 20;
    private static final String SERVER = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";
    private static final ConfigurationFiles SETTINGS = new ConfigurationFiles(
            new TreeMap<>(Map.of("office-pptp-0.yaml", SERVER, "pools", "office-pptp-0  \n")));

    @Test
    void profilesAreAFileOfTheirOwnWhileThereAreAny() {
        ConfigurationFiles files = SETTINGS.withProfiles(List.of(ProfileConfig.withDefaults("bronze")));

        assertThat(files.files()).containsEntry("users.profiles.yaml", "profiles:\n- name: bronze\n");
        assertThat(ConfigurationFiles.users(files.files())).as("it is none of users").isEmpty();
        assertThat(files.server()).as("nor of a server").isEqualTo(SETTINGS.server());
        assertThat(files.withProfiles(List.of())).isEqualTo(SETTINGS);
    }

    @Test
    void usersThatFitAreAllThere() {
        Roster roster = roster(user("a", 10), user("b", 10));

        assertThat(SETTINGS.fitting(roster)).isSameAs(roster);
        assertThat(SETTINGS.withUsers(roster.accepted()).files().get("users.yaml")).contains("username: a\n",
                "username: b\n");
    }

    @Test
    void theYoungestStayOutOfWhatASecretCannotHold() {
        Roster roster = roster(user("z-oldest", SECRET / 2), user("m-middle", SECRET / 2), user("a-youngest", 10));

        Roster fitting = SETTINGS.fitting(roster);

        assertThat(fitting.accepted()).extracting(UserConfig::username).containsExactly("a-youngest", "z-oldest");
        assertThat(fitting.rejected()).containsOnlyKeys(new ObjectKey("vpn", "m-middle"));
        assertThat(fitting.rejected().firstEntry().getValue().reason()).isEqualTo(UserVerdict.Reason.ConfigurationFull);
        assertThat(bytes(SETTINGS.withUsers(fitting.accepted()))).isLessThanOrEqualTo(SECRET);
    }

    @Test
    void aByteMoreIsTooMuch() {
        Roster small = roster(user("a", 10));
        int left = SECRET - bytes(SETTINGS.withUsers(small.accepted()));
        Roster full = roster(user("a", 10 + left));
        assertThat(bytes(SETTINGS.withUsers(full.accepted()))).isEqualTo(SECRET);

        assertThat(SETTINGS.fitting(full)).isSameAs(full);
        assertThat(SETTINGS.fitting(roster(user("a", 11 + left))).accepted()).isEmpty();
    }

    @Test
    void settingsThatFillASecretAloneAreRefused() {
        var files = new ConfigurationFiles(new TreeMap<>(Map.of("office-pptp-0.yaml", "x".repeat(SECRET))));

        assertThatThrownBy(() -> files.fitting(roster(user("a", 1)))).isInstanceOf(ConfigurationTooLargeException.class)
                .hasMessageContaining("the pods' settings alone have");
    }

    @Test
    void whatTheServerRunsWithIsReadFromAnyMembersFile() {
        assertThat(SETTINGS.withUsers(List.of()).server())
                .hasValueSatisfying(it -> assertThat(it.network().localIP()).hasToString("10.8.0.1"));
        assertThat(new ConfigurationFiles(new TreeMap<>(Map.of("users.yaml", "users: []\n"))).server()).isEmpty();
    }

    /** An image of before a key, which says nothing of what it understands: revocations reach it, and nobody gains. */
    @Test
    void anImageThatDoesNotKnowAKeyIsToldOfEverybodyElse() {
        var limit = new UsersSchema.Key(2, user -> user.maxSessions().isPresent(), user -> user, true);
        var hint = new UsersSchema.Key(3, user -> user.address().isPresent(), UserConfig::withoutAddress, false);
        UserConfig plain = user("plain", 10);
        UserConfig limited = new UserConfig("limited", plain.credentials(), true, Optional.empty(), Optional.empty(),
                List.of(), List.of(), OptionalInt.of(1), Optional.empty(), Optional.empty(), false);
        UserConfig placed = new UserConfig("placed", plain.credentials(), false, Optional.empty(),
                Optional.of(Ipv4Address.parse("10.8.0.9")), List.of(), List.of(), OptionalInt.empty(), Optional.empty(),
                Optional.empty(), false);

        var files = SETTINGS.withUsers(List.of(plain, limited, placed), List.of(limit, hint));

        assertThat(users(files, "users.yaml")).as("left out where it would get more than it may")
                .containsExactly(plain, placed.withoutAddress());
        assertThat(users(files, "users.2.yaml")).containsExactly(plain, limited, placed.withoutAddress());
        assertThat(users(files, "users.3.yaml")).containsExactly(plain, limited, placed);
        Map<String, String> digests = files.digests();
        for (int version = 0; version < 6; version++) {
            assertThat(UsersSchema.digest("users.yaml", version, digests)).as("version %d", version)
                    .contains(digests.get(switch (version) {
                        case 0, 1 -> "users.yaml";
                        case 2 -> "users.2.yaml";
                        default -> "users.3.yaml";
                    }));
        }
        assertThat(files.withUsers(List.of(plain), List.of(limit, hint)).files()).as("nobody uses a new key")
                .containsKey("users.yaml")
                .doesNotContainKeys("users.2.yaml", "users.3.yaml");
        assertThat(files.server()).as("none of them is a member's").isPresent();
    }

    private static List<UserConfig> users(ConfigurationFiles files, String name) {
        return ConfigReader.parse(SERVER, files.files().get(name)).users();
    }

    /** docs/architecture.md states these figures. */
    @ParameterizedTest
    @CsvSource({"10, 14900", "20, 13000", "64, 8400", "255, 3300"})
    void soManyUsersFitIntoASecret(int nameLength, int users) {
        var all = IntStream.range(0, 20_000)
                .mapToObj(i -> UserConfig.withDefaults(String.format("%0" + nameLength + "d", i),
                        new Credentials.NtHash(new byte[16])))
                .toList();
        int one = bytes(SETTINGS.withUsers(all.subList(0, 2))) - bytes(SETTINGS.withUsers(all.subList(0, 1)));
        int others = bytes(SETTINGS.withUsers(List.of()));

        assertThat((SECRET - others) / one).isBetween(users, users + users / 30);
    }

    private static int bytes(ConfigurationFiles files) {
        return files.files().entrySet().stream().mapToInt(it -> it.getKey().length() + it.getValue().length()).sum();
    }

    /** Longer than any password may be: only the size counts here. */
    private static UserConfig user(String name, int passwordLength) {
        return UserConfig.withDefaults(name, new Credentials.Password("p".repeat(passwordLength)));
    }

    private static Roster roster(UserConfig... oldestFirst) {
        var verdicts = new TreeMap<ObjectKey, UserVerdict>();
        var generations = new LinkedHashMap<ObjectKey, Long>();
        Stream.of(oldestFirst).forEach(user -> {
            VpnUser resource = Manifests.user(user.username(), "");
            verdicts.put(ObjectKey.of(resource), new UserVerdict.Accepted(user));
            generations.put(ObjectKey.of(resource), 1L);
        });
        return new Roster(verdicts, generations, 0);
    }
}
