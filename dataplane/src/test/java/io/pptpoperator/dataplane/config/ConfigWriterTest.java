package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.rate.BitRate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWriterTest {

    @ParameterizedTest
    @ValueSource(strings = {ConfigTexts.ALL_DEFAULTS, ConfigTexts.NOTHING_DEFAULT})
    void whatIsWrittenReadsBack(String yaml) {
        ServerConfig server = ConfigReader.parseServer("server.yaml", yaml);
        String written = ConfigWriter.writeServer(server);
        assertThat(ConfigReader.parseServer("written", written)).isEqualTo(server);
        assertThat(ConfigWriter.writeServer(ConfigReader.parseServer("written", written))).isEqualTo(written);
    }

    @Test
    void whatIsAtItsDefaultIsLeftOutForDataPlanesThatDoNotKnowIt() {
        ServerConfig server = ServerConfig.withDefaults(Ipv4Address.parse("10.8.0.1"), List.of("10.8.0.2-9"));

        assertThat(ConfigWriter.writeServer(server)).isEqualTo("""
                localIP: 10.8.0.1
                pools:
                - 10.8.0.2-9
                """);
        assertThat(ConfigWriter.writeUsers(List.of(UserConfig.withDefaults("alice", new Credentials.Password("s")))))
                .isEqualTo("""
                        users:
                        - username: alice
                          password: s
                        """);
    }

    @Property
    void usersReadBackWhateverTheirNamesAndPasswordsContain(@ForAll("users") List<UserConfig> users) {
        String written = ConfigWriter.writeUsers(users);
        if (ConfigCheck.users(users).isEmpty()) {
            assertThat(ConfigTexts.users(written)).isEqualTo(users);
        }
    }

    @Provide
    Arbitrary<List<UserConfig>> users() {
        Arbitrary<String> text = Arbitraries.oneOf(Arbitraries.strings().ofMinLength(1).ofMaxLength(40),
                Arbitraries.strings()
                        .withChars(" :#-?[]{},&*!|>'\"%@`\\~\u00e9\u4e2d=<.0123456789eEnulyts")
                        .ofMinLength(1)
                        .ofMaxLength(12),
                Arbitraries.of("null", "~", "yes", "007", "1e3", "\ud83d\ude00 smile", "2027-01-01", "\ufeffx", "=",
                        "<<"));
        Arbitrary<Credentials> credentials = Arbitraries.oneOf(text.map(Credentials.Password::new),
                Arbitraries.bytes().array(byte[].class).ofSize(16).map(Credentials.NtHash::new));
        Arbitrary<Ipv4Prefix> prefix = Combinators
                .combine(Arbitraries.integers(), Arbitraries.integers().between(0, 32))
                .as((bits, length) -> new Ipv4Prefix(new Ipv4Address(length == 0 ? 0 : bits & -1 << 32 - length),
                        length));
        Arbitrary<BitRate> bits = Arbitraries.longs().between(BitRate.LEAST, BitRate.MOST).map(BitRate::new);
        Arbitrary<RateSettings> rate = Combinators
                .combine(bits, bits.optional(), Arbitraries.integers().between(10, 10_000))
                .as((up, down, burst) -> new RateSettings(Optional.of(up), down, Duration.ofMillis(burst)));
        return Combinators
                .combine(text, credentials, Arbitraries.of(true, false),
                        Arbitraries.longs().between(0, 253402300799L).map(Instant::ofEpochSecond).optional(),
                        Arbitraries.integers().map(Ipv4Address::new).optional(), prefix.list().ofMaxSize(3),
                        Arbitraries.integers().between(0, 9).optional(), rate.optional())
                .as((username, secret, enabled, until, address, prefixes, sessions, limit) -> new UserConfig(username,
                        secret, enabled, until, address, prefixes, List.of(),
                        sessions.map(OptionalInt::of).orElse(OptionalInt.empty()), limit,
                        enabled ? Optional.empty() : Optional.of("plan-1"), !enabled))
                .list()
                .ofMaxSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "users"})
    void optionalSettingsMayBeAbsent(String what) {
        if (what.equals("tls")) {
            assertThat(ConfigWriter.writeServer(ConfigReader.parseServer("server.yaml", ConfigTexts.ALL_DEFAULTS)))
                    .doesNotContain("TLS");
        } else {
            assertThat(ConfigWriter.writeUsers(List.of())).isEqualTo("users: []\n");
            assertThat(Optional.of(ConfigTexts.users("users: []\n"))).contains(List.of());
        }
    }
}
