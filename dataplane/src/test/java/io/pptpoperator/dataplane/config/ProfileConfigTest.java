package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.hours.WeeklyWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileConfigTest {

    private static final String SERVER = "{localIP: 10.8.0.1, pools: [10.8.0.2-9]}\n";
    private static final String USERS = "users: [{username: bob, password: x, profile: warehouse}]\n";

    @TempDir
    private Path folder;

    private static List<ProfileConfig> parse(String yaml) {
        return ConfigReader.parseProfiles("users.profiles.yaml", yaml);
    }

    @Test
    void whatIsWrittenReadsBack() {
        List<ProfileConfig> profiles = parse(ConfigTexts.PROFILES);

        ProfileConfig warehouse = profiles.getFirst();
        assertThat(warehouse.sessionPolicy().maxDuration()).contains(Duration.ZERO);
        assertThat(warehouse.hours().orElseThrow()).isEqualTo(new ProfileConfig.Hours(ZoneId.of("Europe/Berlin"),
                List.of(WeeklyWindow.parse("Mon-Fri 08:00-18:00"), WeeklyWindow.parse("Sat-Sun 22:00-06:00"))));
        assertThat(warehouse.routes().push()).containsExactly(Ipv4Prefix.parse("10.20.0.0/16"),
                Ipv4Prefix.parse("0.0.0.0/0"));
        assertThat(profiles.getLast()).isEqualTo(ProfileConfig.withDefaults("plain"));
        assertThat(parse(ConfigWriter.writeProfiles(profiles))).isEqualTo(profiles);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            profiles: [{dns: [10.0.0.1]}]                          | profiles[0].name: is missing
            profiles: [{name: a}, {name: a}]                       | is another profile
            profiles: [{name: 'a b'}]                              | profiles[0].name: 'a b' is not possible here
            profiles: [{name: a, dns: [127.0.0.1]}]                | profiles[0].dns[0]: 127.0.0.1 cannot be the address
            profiles: [{name: a, hours: {timeZone: Berlin, windows: ['Mon 08:00-09:00']}}] | Berlin' is not a time zone
            profiles: [{name: a, hours: {windows: []}}]            | profiles[0].hours.windows
            profiles: [{name: a, hours: {windows: ['Mon 9-10']}}]  | Mon-Fri 08:00-18:00
            profiles: [{name: a, sessionPolicy: {perUser: -1}}]    | 0 to 1000
            profiles: [{name: a, routes: {domain: 'a..b'}}]        | a domain such as corp.example.com
            profiles: [{name: a, alowedDestinations: []}]          | alowedDestinations
            """)
    void whatCannotWorkIsRefusedWithWhatWouldBeRight(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    @Test
    void theFileMayComeAndGoAndSayWhatItLikes() throws IOException {
        Path server = Files.writeString(folder.resolve("server.yaml"), SERVER);
        Path users = Files.writeString(folder.resolve("users.yaml"), USERS);
        Configuration without = ConfigReader.read(server, users);
        assertThat(without.profiles()).isEmpty();
        assertThat(without.digests().profiles()).isEmpty();

        Path file = Files.writeString(folder.resolve("users.profiles.yaml"), ConfigTexts.PROFILES);
        ConfigReader.Reread with = ConfigReader.readAgain(server, users, without);
        assertThat(with.errors()).isEmpty();
        assertThat(with.configuration().profiles()).hasSize(2);
        assertThat(with.configuration().digests().profiles()).isEqualTo(ConfigDigests.of(ConfigTexts.PROFILES));

        Files.writeString(file, "profiles: nobody's\n");
        ConfigReader.Reread wrong = ConfigReader.readAgain(server, users, with.configuration());
        assertThat(wrong.errors()).hasSize(1);
        assertThat(wrong.configuration()).as("what was in force goes on").isEqualTo(with.configuration());

        Files.delete(file);
        assertThat(ConfigReader.readAgain(server, users, with.configuration()).configuration()).isEqualTo(without);
    }

    /** An image that knows no profiles would give such a user all that the server gives. */
    @Test
    void usersWithProfilesAreLeftOutWhereProfilesAreNotKnown() {
        UserConfig bob = ConfigReader.parse(SERVER, USERS).users().getFirst();
        assertThat(UsersSchema.understood(bob, 2, UsersSchema.KEYS)).isEmpty();
        assertThat(UsersSchema.understood(bob, UsersSchema.OWN, UsersSchema.KEYS)).contains(bob);
        UserConfig spent = ConfigReader.parse(SERVER, USERS.replace("profile: warehouse", "overQuota: true"))
                .users()
                .getFirst();
        assertThat(UsersSchema.understood(spent, 2, UsersSchema.KEYS)).isEmpty();
    }
}
