package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.rate.BitRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final String MINIMAL = """
            localIP: 192.168.10.1
            pools: ["192.168.10.100-200"]
            """;

    @Test
    void everythingButAddressAndPoolHasADefault() {
        ServerConfig server = ConfigReader.parseServer("server.yaml", MINIMAL);
        assertThat(server)
                .isEqualTo(ServerConfig.withDefaults(Ipv4Address.parse("192.168.10.1"), List.of("192.168.10.100-200")));
        assertThat(ConfigCheck.server(server)).isEmpty();
    }

    @Test
    void theDocumentedDefaultsAreTheDefaults() {
        assertThat(ConfigReader.parseServer("server.yaml", ConfigTexts.ALL_DEFAULTS))
                .isEqualTo(ConfigReader.parseServer("server.yaml", MINIMAL));
    }

    @Test
    void readsEverySetting() {
        ServerConfig server = ConfigReader.parseServer("server.yaml", ConfigTexts.NOTHING_DEFAULT);
        assertThat(server.name()).isEqualTo("vpn1");
        assertThat(server.listen()).isEqualTo(new ServerConfig.Listen(Ipv4Address.parse("192.0.2.1"), 1724));
        assertThat(server.network())
                .isEqualTo(
                        new ServerConfig.Network("vpn0", Ipv4Address.parse("10.0.0.1"),
                                List.of("10.0.0.2-99", "10.8.0.0/24"), List.of("10.8.0.1"),
                                List.of(Ipv4Address.parse("9.9.9.9"), Ipv4Address.parse("1.1.1.1")),
                                List.of(Ipv4Address.parse("10.1.1.1")),
                                new PushedRoutes(List.of(Ipv4Prefix.parse("10.0.0.0/8"),
                                        Ipv4Prefix.parse("172.16.0.0/12")), Optional.of("corp.example.com")),
                                OptionalInt.of(1300), OptionalInt.of(1200), false, false,
                                List.of(Ipv4Prefix.parse("10.0.0.0/8")), List.of(
                                        new HostRule(Optional.of(Ipv4Address.parse("192.0.2.1")), HostRule.Protocol.TCP,
                                                List.of(new HostRule.Ports(443, 443),
                                                        new HostRule.Ports(30_000, 32_767))),
                                        new HostRule(Optional.empty(), HostRule.Protocol.ICMP, List.of())),
                                true, new ServerConfig.Nat(false, Optional.of("eth7"),
                                        List.of(Ipv4Prefix.parse("172.16.0.0/12")))));
        assertThat(server.network().addressPool()).hasToString("10.0.0.2-10.0.0.99,10.8.0.2-10.8.0.254");
        assertThat(server.authentication()).isEqualTo(new ServerConfig.Authentication(
                List.of(AuthMethod.MSCHAPV2, AuthMethod.CHAP_MD5, AuthMethod.PAP), 0, Duration.ofSeconds(45)));
        assertThat(server.encryption()).isEqualTo(
                new ServerConfig.Encryption(ServerConfig.Encryption.Policy.PREFERRED, List.of(128, 56, 40), true));
        assertThat(server.keepalive()).isEqualTo(new ServerConfig.Keepalive(Duration.ZERO, 3, Duration.ofSeconds(90)));
        assertThat(server.reordering()).isEqualTo(new ServerConfig.Reordering(0, Duration.ofMillis(20)));
        assertThat(server.limits()).isEqualTo(new ServerConfig.Limits(10, 20, 30, 40));
        assertThat(server.sessionPolicy()).isEqualTo(new ServerConfig.SessionPolicy(0,
                ServerConfig.SessionPolicy.WhenExceeded.DENY, Duration.ofMinutes(30), Duration.ofMinutes(90)));
        assertThat(server.admin()).isEqualTo(new ServerConfig.Admin(Ipv4Address.ANY, 9000, Optional
                .of(new ServerConfig.Tls(Path.of("/tls/tls.crt"), Path.of("/tls/tls.key"), Path.of("/tls/ca.crt")))));
        assertThat(server.drainTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(server.log()).isEqualTo(new ServerConfig.Log(ServerConfig.Log.Level.DEBUG,
                ServerConfig.Log.Format.JSON, List.of(Ipv4Address.parse("203.0.113.5"))));
        assertThat(server.datapath()).isEqualTo(new ServerConfig.Datapath(2, ServerConfig.Datapath.Offload.NEVER,
                ServerConfig.Datapath.PacketSockets.ALWAYS, ServerConfig.Datapath.XdpSockets.AUTO,
                ServerConfig.Datapath.RealtimePriority.AUTO, true));
    }

    @Test
    void readsEverySettingOfAUser() {
        List<UserConfig> users = ConfigTexts.users(ConfigTexts.USERS);
        assertThat(users).containsExactly(
                new UserConfig("alice", new Credentials.Password("secret"), true,
                        Optional.of(Instant.parse("2027-01-01T00:00:00Z")),
                        Optional.of(Ipv4Address.parse("192.168.10.50")), List.of(Ipv4Prefix.parse("203.0.113.0/24")),
                        List.of(Ipv4Prefix.parse("10.9.0.0/16")), OptionalInt.of(3),
                        Optional.of(new RateSettings(Optional.of(new BitRate(2_500_000)),
                                Optional.of(new BitRate(10_000_000)), Duration.ofMillis(500))),
                        Optional.of("warehouse"), true),
                UserConfig.withDefaults("bob",
                        new Credentials.NtHash(HexFormat.of().parseHex("8846f7eaee8fb117ad06bdd830b7586c"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"007", "0x1F", "1_000", "1e3", ".5", "true", "yes", "12:30:45", "2020-01-01", "-", "0o17"})
    void aPasswordThatLooksLikeSomethingElseIsTakenAsWritten(String text) {
        assertThat(ConfigTexts.users("users: [{username: a, password: " + text + "}]").getFirst().credentials())
                .isEqualTo(new Credentials.Password(text));
    }

    @Test
    void anEmptyUserListMustBeSaid() {
        assertThat(ConfigTexts.users("users: []")).isEmpty();
        assertThat(errorsOfUsers(""))
                .containsExactly("users.yaml:1: users: is missing; a value such as [] for nobody would be right");
    }

    @Test
    void everyErrorIsOneLineWithFileLineAndField() {
        assertThat(errors("""
                name: pptp
                listen:
                  port: 70000
                localIp: 192.168.10.1
                pools:
                  - 192.168.10.300
                  - 192.168.10.100-200
                authentication:
                  methods: [mschap]
                encryption:
                  keyLengths: []
                  policy: sometimes
                keepalive:
                  interval: 20
                  intervall: 20s
                foo:
                  bar: 1
                """)).containsExactly("server.yaml:1: localIP: is missing; a value such as 192.168.10.1 would be right",
                "server.yaml:3: listen.port: 70000 is out of bounds; 1 to 65535 would be right",
                "server.yaml:4: localIp: this key is not known; did you mean 'localIP'?",
                "server.yaml:6: pools[0]: '192.168.10.300' is not an address range; forms such as"
                        + " 192.168.10.100-200, 192.168.10.100-192.168.11.50, 10.8.0.0/24 and 10.8.0.7 would be right",
                "server.yaml:9: authentication.methods[0]: 'mschap' is not possible here; one of EAP, MSCHAPv2, MSCHAPv1,"
                        + " CHAP-MD5, PAP would be right",
                "server.yaml:11: encryption.keyLengths: is empty; 1 to 3 would be right",
                "server.yaml:12: encryption.policy: 'sometimes' is not possible here; one of Required, Preferred, Off"
                        + " would be right",
                "server.yaml:14: keepalive.interval: '20' is not a duration; a number with a unit such as 500ms, 20s,"
                        + " 5m or 1h30m would be right",
                "server.yaml:15: keepalive.intervall: this key is not known; did you mean 'interval'?",
                "server.yaml:16: foo: this key is not known; known are name, listen, tun, localIP, pools, exclude, dns,"
                        + " wins, routes, mtu, mss, fragmentOversized, isolateClients, allowedDestinations, hostAccess,"
                        + " proxyARP, nat, authentication, encryption, keepalive, reordering, limits, sessionPolicy,"
                        + " adminAddress, adminPort, adminTLS, drainTimeout, log, workers, offload, packetSockets,"
                        + " xdpSockets, realtimePriority, cpuAffinity");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    listen: {port: 0}                                      | listen.port: 0 is out of bounds
                    name: "my server"                                      | name: 'my server' is not possible here; a host name
                    tun: a-name-that-is-too-long                           | tun: 'a-name-that-is-too-long' is not possible here
                    tun: ..                                                | tun: '..' is not possible here; an interface's name
                    mtu: 1501                                              | mtu: 1501 is out of bounds; Auto, or 576 to 1500
                    mtu: auto                                              | mtu: 'auto' is not possible here; Auto, or 576 to
                    mtu: Off                                               | mtu: 'Off' is not possible here; Auto, or 576 to
                    mss: 100                                               | mss: 100 is out of bounds; Auto, Off, or 536 to 1460
                    mss: 0                                                 | mss: '0' is not possible here; Auto, Off, or 536 to
                    dns: [1.1.1.1, 1.1.1.2, 1.1.1.3]                       | dns: has 3 items; at most 2
                    wins: [127.0.0.1]                                      | wins[0]: 127.0.0.1 cannot be
                    allowedDestinations: [10.0.0.1/8]                      | 10.0.0.0/8 would be right
                    hostAccess: [{ports: [22]}]                            | hostAccess[0].protocol: is missing
                    hostAccess: [{protocol: GRE}]                          | hostAccess[0].protocol: 'GRE' is not possible here
                    hostAccess: [{protocol: TCP}]                          | hostAccess[0].ports: is missing
                    hostAccess: [{protocol: ICMP, ports: [1]}]             | hostAccess[0].ports: means nothing for ICMP
                    hostAccess: [{protocol: TCP, ports: [0]}]              | hostAccess[0].ports[0]: '0' is no port
                    hostAccess: [{protocol: TCP, ports: [9-8]}]            | hostAccess[0].ports[0]: '9-8' is no port
                    hostAccess: [{protocol: UDP, ports: [65536]}]          | hostAccess[0].ports[0]: '65536' is no
                    hostAccess: [{address: 127.0.0.1, protocol: ICMP}]     | hostAccess[0].address: 127.0.0.1 cannot
                    hostAccess: {protocol: ICMP}                           | hostAccess: a list, each item after a dash
                    nat: {enabled: ja}                                     | nat.enabled: 'ja' is not possible here; one of true
                    nat: [a]                                               | nat: keys with their values
                    exclude: [x]                                           | exclude[0]: 'x' is not an address range
                    exclude: [192.168.0.0/16]                              | pools: no address is left
                    authentication: {methods: []}                          | authentication.methods: is empty; 1 to 5
                    authentication: {methods: [PAP, PAP]}                  | authentication.methods: a method stands here twice
                    authentication: {methods: [PAP, CHAP-MD5]}             | encryption.policy: encryption is required, but none
                    authentication: {timeout: 0s}                          | authentication.timeout: 0s is out of bounds; 1s to 10m
                    authentication: {retries: -1}                          | authentication.retries: -1 is out of bounds; 0 to 10
                    authentication: {retries: 99999999999}                 | authentication.retries: '99999999999' is not a whole
                    authentication: {retries: many}                        | authentication.retries: 'many' is not possible here
                    encryption: {keyLengths: [64]}                         | encryption.keyLengths[0]: '64' is not possible here
                    keepalive: {interval: 2h}                              | keepalive.interval: 2h is out of bounds; 0s, or 1s to 1h
                    reordering: {delay: 2s}                                | reordering.delay: 2s is out of bounds; 0s to 1s
                    adminAddress: 0.0.0.0                                  | adminAddress: 0.0.0.0 is open to other machines
                    listen: {port: 9723}                                   | adminPort: 9723 is listen.port already
                    adminTLS: {key: k}                                     | adminTLS.certificate: is missing
                    adminTLS: {certificate: c, key: k, clientCA: ""}       | adminTLS.clientCA:
                    log: {level: trace}                                    | log.level: 'trace' is not possible here
                    workers: [1]                                           | workers: one value, without keys
                    """)
    void whatCannotWorkIsSaid(String yaml, String message) {
        assertThat(String.join("\n", errors(yaml + "\n" + MINIMAL))).contains(message);
    }

    @Test
    void aPoolAroundTheServersOwnAddressIsSaid() {
        assertThat(errors("localIP: 10.8.0.1\npools: [10.8.0.0/24]")).containsExactly(
                "server.yaml:2: pools: the pool contains localIP 10.8.0.1, which is the server's own; a pool without it,"
                        + " or 10.8.0.1 in exclude, would be right");
    }

    @Test
    void whatUsersCannotHaveIsSaidOnTheirLine() {
        assertThat(errorsOfUsers("""
                users:
                  - username: alice
                    password: hunter2
                    address: 192.168.10.50
                    routes: [10.1.0.0/16]
                  - username: alice
                    password: hunter2
                    address: 192.168.10.50
                    routes: [10.1.0.0/16]
                    maxSessions: -1
                  - username: ""
                    password: ""
                """)).containsExactly(
                "users.yaml:6: users[1].username: 'alice' is another user's name already; a different one would be"
                        + " right",
                "users.yaml:8: users[1].address: 192.168.10.50 is another user's static address already; a different"
                        + " one would be right",
                "users.yaml:9: users[1].routes[0]: 10.1.0.0/16 is routed to users[0] already; a network that no other"
                        + " entry has would be right",
                "users.yaml:10: users[1].maxSessions: -1 is out of bounds; 0 to 1000 would be right",
                "users.yaml:11: users[2].username: '' is not possible here; 1 to 255 characters without control"
                        + " characters, and without spaces at its ends, would be right",
                "users.yaml:12: users[2].password: this cannot be a password; 1 to 256 characters without control"
                        + " characters would be right");
    }

    @Test
    void aStaticAddressThatIsTheServersOwnIsSaid() {
        assertThat(errors(() -> ConfigReader.parse(MINIMAL, """
                users:
                  - username: alice
                    password: hunter2
                    address: 192.168.10.1
                """))).containsExactly("users.yaml:4: users[0].address: 192.168.10.1 is the server's own"
                + " localIP; another address would be right");
    }

    @ParameterizedTest
    @ValueSource(strings = {"users: [{username: a, password: [hunter2]}]",
            "users: [{username: a, password: {hunter2: hunter2}}]", "users: [{username: a, password: *hunter2}]",
            "users: [{username: a, password: &hunter2 x}]", "users: [{username: a, password: !hunter2 x}]",
            "users: [{username: a, password: %hunter2}]", "users: [{username: a, password: @hunter2}]",
            "users: [{username: a, password: \"hunter2}]", "users: [{username: a, password:hunter2}]",
            "users:\n  - username: a\n    password:hunter2\n    enabled: true",
            "users:\n  - username: a\n    password:hunter2", "users:\n  - username: a\n    password: \"hunter2\n",
            "users:\n  - username: a\n    password: hunter2: x\n", "users:\n  - username: a\n\tpassword: hunter2\n",
            "users:\n  - username: a\n    ntHash: hunter2\n",
            "users:\n  - username: a\n    ntHash: hunter2\n    password: hunter2",
            "users:\n  - username: a\n    password: hunter2\u0007\n",
            "users:\n  - username: a\n    password: \"hunter2\\x07\"\n",
            "users:\n  - username: a\n    password: \"hunter2\\x",
            "users:\n  - username: a\n    password: hunter2\n    password: hunter2\n", "hunter2", "- hunter2",
            "hunter2: hunter2"})
    void noErrorEverShowsASecret(String yaml) {
        assertThat(errorsOfUsers(yaml)).isNotEmpty().noneMatch(error -> error.contains("hunter2"));
    }

    @Test
    void aliasesAreRefusedBeforeTheyMultiply() {
        String bomb = """
                a: &a [x, x, x, x, x, x, x, x]
                b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
                c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
                """;
        assertThat(errors(bomb)).singleElement().asString().startsWith("server.yaml:1: anchors (&) and aliases (*)");
        assertThat(errors(MINIMAL + "name: *x")).singleElement().asString().contains("server.yaml:3: anchors");
        assertThat(errors("&a " + MINIMAL)).singleElement().asString().contains("server.yaml:1: anchors");
    }

    @Test
    void whatIsNoSingleDocumentIsRefused() {
        assertThat(errors(MINIMAL + "---\n" + MINIMAL)).singleElement()
                .asString()
                .startsWith("server.yaml:4: a second document");
        assertThat(errors(MINIMAL + MINIMAL)).singleElement()
                .asString()
                .startsWith("server.yaml:3: this key stands here for the second time");
        assertThat(errors("[".repeat(5000))).singleElement().asString().contains("nested too deeply");
        assertThat(errors("a: !!binary x")).singleElement().asString().contains("tags (!) are not supported");
    }

    @Test
    void filesThatCannotBeReadAreErrorsOfBothFilesAtOnce(@TempDir Path directory) throws IOException {
        Path server = directory.resolve("server.yaml");
        Path users = directory.resolve("users.yaml");
        assertThat(errors(() -> ConfigReader.read(server, users))).containsExactly(
                "server.yaml: there is no such file in " + directory,
                "users.yaml: there is no such file in " + directory);
        Files.write(server, new byte[]{(byte) 0xff, (byte) 0xfe});
        Files.write(users, new byte[ConfigReader.MAX_USERS_BYTES + 1]);
        assertThat(errors(() -> ConfigReader.read(server, users))).containsExactly("server.yaml: is not UTF-8 text",
                "users.yaml: is longer than 16777216 bytes");
        Files.writeString(server, MINIMAL);
        Files.writeString(users, ConfigTexts.USERS);
        assertThat(ConfigReader.read(server, users)).isEqualTo(ConfigReader.parse(MINIMAL, ConfigTexts.USERS));
    }

    @Test
    void tenThousandUsersAreReadInOneGo() {
        var text = new StringBuilder("users:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("  - username: user").append(i).append("\n    ntHash: 8846f7eaee8fb117ad06bdd830b7586c\n");
        }
        assertThat(ConfigTexts.users(text.toString())).hasSize(10_000)
                .last()
                .extracting(UserConfig::username)
                .isEqualTo("user9999");
    }

    @Test
    void textOfConfigurationsHidesSecrets() {
        Configuration configuration = ConfigReader.parse(MINIMAL, ConfigTexts.USERS.replace("secret", "hush"));
        assertThat(configuration.toString()).contains("alice").doesNotContain("hush").doesNotContain("8846");
        assertThatThrownBy(() -> configuration.users().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static List<String> errors(String serverYaml) {
        return errors(() -> ConfigReader.parseServer("server.yaml", serverYaml));
    }

    private static List<String> errorsOfUsers(String usersYaml) {
        return errors(() -> ConfigTexts.users(usersYaml));
    }

    private static List<String> errors(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        ConfigException exception = catchThrowableOfType(ConfigException.class, reading);
        assertThat(exception).isNotNull();
        return exception.getMessage().lines().toList();
    }
}
