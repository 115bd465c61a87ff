package io.pptpoperator.operator.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.RateSettings;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict.Reason;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import io.pptpoperator.protocol.rate.RateLimit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RosterTest {

    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";
    private static final String ALLOWING = ", users: {allowedNetworks: [192.168.50.0/24, 10.9.0.0/24, 10.9.1.0/24]}";
    /** MD4 of "clientPass" in UTF-16LE: RFC 2759 section 9.2. */
    private static final String HASH_OF_CLIENT_PASS = "44ebba8d5312b8d611474411f56989ae";

    private final Map<ObjectKey, Map<String, String>> secrets = new HashMap<>();
    private NamespaceLookup namespaces = NamespaceLookup.UNSEEN;

    RosterTest() {
        secret("alice", Map.of("password", "clientPass", "nt-hash", HASH_OF_CLIENT_PASS, "empty", "", "bad", "xyz"));
    }

    @Test
    void aPasswordBecomesItsNtHashWhereThatIsEnough() {
        UserConfig alice = accepted(SMALLEST, withPassword("alice", ""));

        assertThat(alice.username()).isEqualTo("alice");
        assertThat(alice.credentials()).isEqualTo(new Credentials.NtHash(HexFormat.of().parseHex(HASH_OF_CLIENT_PASS)));
    }

    @Test
    void aMethodThatNeedsThePasswordGetsIt() {
        UserConfig alice = accepted(SMALLEST + ", authentication: {methods: [MSCHAPv2, PAP]}",
                withPassword("alice", ""));

        assertThat(alice.credentials()).isEqualTo(new Credentials.Password("clientPass"));
    }

    @Test
    void everySettingOfTheUserArrives() {
        UserConfig alice = accepted(SMALLEST + ALLOWING, withPassword("alice", """
                , username: 'OFFICE\\a', enabled: false, validUntil: '2030-01-01T00:00:00Z', address: 10.8.0.50,
                allowedSources: [203.0.113.0/24], routes: [192.168.50.0/24], maxSessions: 2,
                rateLimit: {upload: 2500k, download: 10M, burst: 1s}"""));

        assertThat(alice.username()).isEqualTo("OFFICE\\a");
        assertThat(alice.enabled()).isFalse();
        assertThat(alice.validUntil()).hasValueSatisfying(it -> assertThat(it).hasToString("2030-01-01T00:00:00Z"));
        assertThat(alice.address()).hasToString("Optional[10.8.0.50]");
        assertThat(alice.allowedSources()).hasToString("[203.0.113.0/24]");
        assertThat(alice.routes()).hasToString("[192.168.50.0/24]");
        assertThat(alice.maxSessions()).hasValue(2);
        assertThat(alice.rateLimit().flatMap(RateSettings::limit))
                .hasValue(new RateLimit(2_500_000, 10_000_000, 312_500, 1_250_000));
    }

    @Test
    void theLineFeedAtTheEndOfAFileIsNoPartOfThePassword() {
        secret("alice", Map.of("password", "clientPass\n"));

        assertThat(accepted(SMALLEST, withPassword("alice", "")).credentials())
                .isEqualTo(new Credentials.NtHash(HexFormat.of().parseHex(HASH_OF_CLIENT_PASS)));
    }

    @Test
    void aGeneratedPasswordIsReadFromTheUsersOwnSecret() {
        VpnUser bob = Manifests.user("bob", "");
        assertThat(roster(SMALLEST, bob).rejected().firstEntry().getValue().reason())
                .isEqualTo(Reason.PasswordNotGenerated);

        secret(GeneratedPassword.secretName(bob), Map.of(GeneratedPassword.KEY, "generated"));
        assertThat(roster(SMALLEST, bob).accepted()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    password: {secretKeyRef: {name: nobody, key: password}} | SecretNotFound    | to mark one: kubectl label secret -n vpn nobody pptp-operator.io/password=true
                    password: {secretKeyRef: {name: alice, key: pass}}      | SecretKeyNotFound | Secret alice has no key pass
                    password: {secretKeyRef: {name: alice, key: empty}}     | InvalidPassword   | password: this cannot be a password
                    ntHash: {secretKeyRef: {name: alice, key: bad}}         | InvalidNtHash     | key bad of Secret alice is not an NT hash
                    address: 10.8.0.1, password: {secretKeyRef: {name: alice, key: password}} | AddressIsServers | is the server's localIP
                    address: 10.8.0, password: {secretKeyRef: {name: alice, key: password}}   | InvalidSpec | '10.8.0' is not an IPv4
                    rateLimit: {upload: fast}, password: {secretKeyRef: {name: alice, key: password}} | InvalidSpec | 'fast' is not a rate in bits per second
                    rateLimit: {download: 10k, burst: 1h}, password: {secretKeyRef: {name: alice, key: password}} | InvalidSpec | rateLimit.burst: 1h is out of bounds; 10ms to 10s
                    rateLimit: {burst: 1s}, password: {secretKeyRef: {name: alice, key: password}} | InvalidSpec | rateLimit needs upload, download or both
                    username: ' a ', password: {secretKeyRef: {name: alice, key: password}}   | InvalidSpec | username: ' a ' is not possible here; 1 to 255
                    """)
    void whatIsWrongWithOneUserIsSaidWithoutItsSecret(String spec, Reason reason, String message) {
        Roster roster = roster(SMALLEST, Manifests.user("alice", spec), withPassword("bob", ""));

        UserVerdict.Rejected rejected = roster.rejected().get(new ObjectKey("vpn", "alice"));
        assertThat(rejected.reason()).isEqualTo(reason);
        assertThat(rejected.message()).contains(message).doesNotContain("clientPass").doesNotContain("xyz");
        assertThat(roster.accepted()).extracting(UserConfig::username).containsExactly("bob");
    }

    @Test
    void anNtHashAloneIsNotEnoughForMethodsThatNeedThePassword() {
        VpnUser alice = Manifests.user("alice", "ntHash: {secretKeyRef: {name: alice, key: nt-hash}}");

        assertThat(roster(SMALLEST, alice).accepted()).hasSize(1);
        assertThat(
                roster(SMALLEST + ", authentication: {methods: [PAP]}, encryption: {policy: 'Off'}", alice).rejected()
                        .firstEntry()
                        .getValue()
                        .reason())
                .isEqualTo(Reason.PasswordNeeded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    , username: both             | DuplicateUsername | username both is taken by the older VpnUser vpn/older
                    , address: 10.8.0.50         | DuplicateAddress  | address 10.8.0.50 is taken by the older VpnUser vpn/older
                    , routes: [192.168.50.0/24]  | DuplicateRoute    | route 192.168.50.0/24 is taken by the older VpnUser vpn/older
                    """)
    void ofTwoThatWantTheSameTheOlderOneHasIt(String same, Reason reason, String message) {
        VpnUser older = withPassword("older", same);
        older.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
        VpnUser newer = withPassword("newer", same);
        newer.getMetadata().setCreationTimestamp("2026-01-02T00:00:00Z");

        Roster roster = roster(SMALLEST + ALLOWING, newer, older);

        assertThat(roster.accepted()).hasSize(1);
        UserVerdict.Rejected rejected = roster.rejected().get(ObjectKey.of(newer));
        assertThat(rejected.reason()).isEqualTo(reason);
        assertThat(rejected.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    , routes: [192.168.50.0/24] | , routes: [192.168.50.64/26]                     | DuplicateRoute   | route 192.168.50.64/26 overlaps 192.168.50.0/24 of the older VpnUser vpn/older
                    , routes: [10.9.0.0/25, 10.9.0.0/24] | , routes: [10.9.0.128/25]               | DuplicateRoute   | route 10.9.0.128/25 overlaps 10.9.0.0/24 of the older VpnUser vpn/older
                    , routes: [10.9.0.64/26]    | , routes: [192.168.50.0/24, 10.9.0.0/24]         | DuplicateRoute   | route 10.9.0.0/24 overlaps 10.9.0.64/26 of the older VpnUser vpn/older
                    , address: 10.9.0.7         | , routes: [10.9.0.0/29]                          | DuplicateRoute   | route 10.9.0.0/29 has the address 10.9.0.7 of the older VpnUser vpn/older
                    , routes: [10.9.0.0/29]     | , address: 10.9.0.7                              | DuplicateAddress | address 10.9.0.7 lies in route 10.9.0.0/29 of the older VpnUser vpn/older
                    """)
    void nobodyTakesAPartOfWhatAnotherHas(String has, String wants, Reason reason, String message) {
        VpnUser older = withPassword("older", has);
        older.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
        VpnUser newer = withPassword("newer", wants);
        newer.getMetadata().setCreationTimestamp("2026-01-02T00:00:00Z");

        Roster roster = roster(SMALLEST + ALLOWING, newer, older);

        assertThat(roster.rejected()).containsOnlyKeys(ObjectKey.of(newer))
                .containsValue(new UserVerdict.Rejected(reason, message));
    }

    @Test
    void aUsersOwnRoutesMayLieInEachOtherAndBesideOthers() {
        assertThat(roster(SMALLEST + ALLOWING,
                withPassword("alice", ", address: 10.9.0.7, routes: [10.9.0.0/28, 10.9.0.0/27]"),
                withPassword("bob", ", address: 10.9.0.40, routes: [10.9.0.32/27]")).rejected()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [10.8.0.100-200]              |               | address: 10.8.0.150
            [10.8.0.100-200]              |               | address: 10.8.0.11
            [10.8.0.100-10.8.1.50]        |               | address: 10.8.1.200
            [10.8.0.7]                    |               | address: 10.8.0.11
            [10.8.0.64/26]                |               | address: 10.8.0.127
            [10.8.0.100-200]              | 10.9.0.0/24   | address: 10.9.0.7
            [10.8.0.100-200]              | 10.9.0.0/24   | routes: [10.9.0.0/24]
            [10.8.0.100-200]              | 10.9.0.0/24   | routes: [10.9.0.128/25, 10.9.0.7/32]
            [10.8.0.100-200]              | '10.9.0.0/24, 10.9.1.0/24' | routes: [10.9.0.0/23]
            [10.8.0.100-200]              | 10.8.0.0/24   | routes: [10.8.0.16/28]
            [10.8.0.100-200, not a range] | not a network | address: 10.8.0.11
            """)
    void aUserMayHaveWhatTheServerAllows(String pools, String allowed, String wanted) {
        assertThat(roster("localIP: 10.8.0.1, pools: " + pools + ", users: {allowedNetworks: ["
                + (allowed == null ? "" : allowed) + "]}", withPassword("alice", ", " + wanted)).rejected()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    [10.8.0.100-200] |             | address: 10.1.1.7         | AddressNotAllowed | address 10.1.1.7 lies in no network of the server's pools, nor in its users.allowedNetworks []; with 10.1.1.7/32 there it would be right
                    [10.8.0.64/26]   |             | address: 10.8.0.128       | AddressNotAllowed | address 10.8.0.128 lies in no network
                    [10.8.0.100-200] | 10.9.0.0/24 | address: 10.9.1.7         | AddressNotAllowed | nor in its users.allowedNetworks [10.9.0.0/24]
                    [10.8.0.100-200] |             | routes: [192.168.50.0/24] | RouteNotAllowed   | route 192.168.50.0/24 does not lie in the server's users.allowedNetworks []; with 192.168.50.0/24 there it would be right
                    [10.8.0.100-200] |             | routes: [10.8.0.16/28]    | RouteNotAllowed   | route 10.8.0.16/28 does not lie in
                    [10.8.0.100-200] | 10.9.0.0/24 | routes: [10.9.0.0/23]     | RouteNotAllowed   | route 10.9.0.0/23 does not lie in
                    [10.8.0.100-200] | 10.8.0.0/16 | routes: [10.8.0.150/32]   | RouteNotAllowed   | route 10.8.0.150/32 has addresses of the server's pools
                    [10.8.0.100-200] | 10.8.0.0/16 | routes: [10.8.0.0/24]     | RouteNotAllowed   | route 10.8.0.0/24 has addresses of the server's pools
                    [10.8.0.100-200] | 10.8.0.0/16 | routes: [10.8.0.0/28]     | RouteNotAllowed   | route 10.8.0.0/28 has the server's localIP 10.8.0.1
                    [10.8.0.100-200] | 10.0.0.0/8  | routes: [0.0.0.0/1, 128.0.0.0/1] | InvalidSpec | 0.0.0.0/1 has addresses that cannot be a host's
                    """)
    void whatTheServerDoesNotAllowNobodyGets(String pools, String allowed, String wanted, Reason reason,
            String message) {
        Roster roster = roster("localIP: 10.8.0.1, pools: " + pools + ", users: {allowedNetworks: ["
                + (allowed == null ? "" : allowed) + "]}", withPassword("alice", ", " + wanted),
                withPassword("bob", ""));

        UserVerdict.Rejected rejected = roster.rejected().get(new ObjectKey("vpn", "alice"));
        assertThat(rejected.reason()).isEqualTo(reason);
        assertThat(rejected.message()).contains(message);
        assertThat(roster.accepted()).extracting(UserConfig::username).containsExactly("bob");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                                  | true
            {selector: {matchLabels: {team: sales}}}                                            | true
            {selector: {matchLabels: {team: it}}}                                               | false
            {source: Radius}                                                                    | false
            {source: ResourcesThenRadius}                                                       | true
            {selector: {matchExpressions: [{key: team, operator: In, values: [it, sales]}]}}    | true
            {selector: {matchExpressions: [{key: team, operator: NotIn, values: [it, sales]}]}} | false
            {selector: {matchExpressions: [{key: team, operator: Exists}]}}                     | true
            {selector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}               | false
            {namespaces: [vpn]}                                                                 | true
            {namespaces: [other]}                                                               | false
            {namespaces: ['*']}                                                                 | true
            """)
    void aServerSelectsUsersByLabelAndNamespace(String users, boolean selected) {
        VpnUser alice = withPassword("alice", "");
        alice.getMetadata().setLabels(Map.of("team", "sales"));

        assertThat(roster(SMALLEST + ", users: " + users, alice).verdicts().isEmpty()).isNotEqualTo(selected);
    }

    @Test
    void aUserThatNamesServersUsesNoOther() {
        VpnUser here = withPassword("here", ", servers: [{name: office}]");
        VpnUser hereToo = withPassword("here-too", ", servers: [{name: branch}, {name: office, namespace: vpn}]");
        VpnUser elsewhere = withPassword("elsewhere", ", servers: [{name: office, namespace: other}]");

        assertThat(roster(SMALLEST, here, hereToo, elsewhere).verdicts().keySet()).extracting(ObjectKey::name)
                .containsExactly("here", "here-too");
    }

    @Test
    void aNameThatLeavesNoRoomForThePasswordsSecretIsSaid() {
        Roster roster = roster(SMALLEST, Manifests.user("a".repeat(249), ""), Manifests.user("b".repeat(250), ""));

        assertThat(roster.rejected().values()).extracting(UserVerdict.Rejected::reason)
                .containsExactly(Reason.PasswordNotGenerated, Reason.InvalidSpec);
    }

    @Test
    void whatTheServerRunsWithCountsWhenItsSpecIsImpossible() {
        PptpServer server = Manifests.server("office", SMALLEST);
        ServerConfig running = ConfigReader.parseServer("server.yaml", """
                localIP: 10.8.0.9
                pools: [10.8.0.10-20]
                authentication: {methods: [MSCHAPv2, PAP]}
                """);

        Roster roster = Roster.of(server, ServerTerms.of(server, running, AddressPool.EMPTY, none(server)),
                List.of(withPassword("alice", ""), withPassword("bob", ", address: 10.8.0.9")),
                key -> Optional.ofNullable(secrets.get(key)), PasswordMemory.NONE, namespaces);

        assertThat(roster.accepted()).extracting(UserConfig::credentials)
                .containsExactly(new Credentials.Password("clientPass"));
        assertThat(roster.rejected().firstEntry().getValue().reason()).isEqualTo(Reason.AddressIsServers);
    }

    @Test
    void usersKeepTheirAddressesWhenTheServersPoolsAreImpossible() {
        PptpServer server = Manifests.server("office", "localIP: 10.8.0.1, pools: [127.0.0.0/8]");
        ServerConfig running = ConfigReader.parseServer("server.yaml", "{localIP: 10.8.0.1, pools: [10.8.0.10-20]}\n");

        Roster roster = Roster.of(server,
                ServerTerms.of(server, running, AddressPool.parse("10.8.0.10-20,10.8.1.10-20"), none(server)),
                List.of(withPassword("alice", ", address: 10.8.0.50"), withPassword("bob", ", address: 10.8.1.50"),
                        withPassword("eve", ", address: 10.9.0.50")),
                key -> Optional.ofNullable(secrets.get(key)), PasswordMemory.NONE, namespaces);

        assertThat(roster.accepted()).extracting(UserConfig::username).containsExactly("alice", "bob");
        assertThat(roster.rejected().firstEntry().getValue().reason()).isEqualTo(Reason.AddressNotAllowed);
    }

    @Test
    void aVerdictIsAboutTheGenerationThatWasJudged() {
        VpnUser alice = withPassword("alice", "");
        Roster roster = roster(SMALLEST, alice);
        assertThat(roster.verdict(alice)).isPresent();

        alice.getMetadata().setGeneration(2L);
        assertThat(roster.verdict(alice)).isEmpty();
        assertThat(roster.verdict(withPassword("bob", ""))).isEmpty();
    }

    @Test
    void aServerOfAnotherNamespaceServesOnlyWhoAgrees() {
        PptpServer server = Manifests.server("office", SMALLEST + ", users: {namespaces: ['*']}");
        VpnUser naming = elsewhere("naming", ", servers: [{name: office, namespace: vpn}]");
        VpnUser silent = elsewhere("silent", "");
        VpnUser namesake = elsewhere("namesake", ", servers: [{name: office}]");
        List<VpnUser> users = List.of(naming, silent, namesake);

        assertThat(roster(server, users).accepted()).extracting(UserConfig::username).containsExactly("naming");
        assertThat(roster(server, users).withoutConsent()).isEqualTo(1);
        for (String no : List.of("false", "True", "")) {
            namespaces = it -> Optional.of(Map.of("served-by.pptp-operator.io/vpn", no));
            assertThat(roster(server, users).withoutConsent()).as(no).isEqualTo(1);
        }
        namespaces = it -> Optional.of(Map.of("served-by.pptp-operator.io/vpn2", "true"));
        assertThat(roster(server, users).withoutConsent()).isEqualTo(1);
        namespaces = it -> Optional.of(Map.of("served-by.pptp-operator.io/vpn", "true"));
        assertThat(roster(server, users).accepted()).extracting(UserConfig::username)
                .containsExactlyInAnyOrder("naming", "silent");
    }

    @Test
    void whoeverHasWhatAnotherNamespacesUserWantsIsNotNamed() {
        PptpServer server = Manifests.server("office",
                SMALLEST + ALLOWING.replace("users: {", "users: {namespaces: ['*'], "));
        VpnUser alice = withPassword("alice", ", address: 10.8.0.9, routes: [192.168.50.0/25]");
        String naming = ", servers: [{name: office, namespace: vpn}]";
        VpnUser name = elsewhere("z1", naming + ", username: alice");
        VpnUser address = elsewhere("z2", naming + ", address: 10.8.0.9");
        VpnUser route = elsewhere("z3", naming + ", routes: [192.168.50.0/24]");

        assertThat(roster(server, List.of(alice, name, address, route)).rejected().values()).hasSize(3)
                .allSatisfy(
                        it -> assertThat(it.message()).endsWith("is taken by an older VpnUser of another namespace"));
    }

    private VpnUser elsewhere(String name, String more) {
        VpnUser user = withPassword(name, more);
        user.getMetadata().setNamespace("abroad");
        secrets.put(new ObjectKey("abroad", "alice"), secrets.get(new ObjectKey("vpn", "alice")));
        return user;
    }

    private Roster roster(PptpServer server, List<VpnUser> users) {
        return Roster.of(server, none(server), users, key -> Optional.ofNullable(secrets.get(key)), namespaces);
    }

    @Test
    void aUserThatCannotBeReadIsLeftOutAloneAndTheFieldIsNamed() {
        Roster roster = roster(SMALLEST, withPassword("alice", ", validUntil: '2030-01-01T00:00:00+19:00'"),
                withPassword("bob", ""));

        assertThat(roster.accepted()).extracting(UserConfig::username).containsExactly("bob");
        assertThat(roster.rejected().firstEntry().getValue()).isEqualTo(new UserVerdict.Rejected(Reason.InvalidSpec,
                "spec.validUntil: '2030-01-01T00:00:00+19:00' is not a time such as 2030-01-01T00:00:00Z"));
    }

    @Test
    void whatNobodyThoughtOfCostsTheUserThatItIsAbout() {
        PptpServer server = Manifests.server("office", SMALLEST);
        Roster roster = Roster.of(server, none(server), List.of(withPassword("alice", ""),
                Manifests.user("bob", "password: {secretKeyRef: {name: odd, key: password}}")), key -> {
                    if (key.name().equals("odd")) {
                        throw new IllegalStateException("out of order (this is part of a test)");
                    }
                    return Optional.ofNullable(secrets.get(key));
                }, namespaces);

        assertThat(roster.accepted()).extracting(UserConfig::username).containsExactly("alice");
        assertThat(roster.rejected().firstEntry().getValue().message()).contains("out of order");
    }

    @Test
    void whoIsBeingDeletedIsServedNoMoreWhoeverHoldsTheResource() {
        VpnUser alice = withPassword("alice", ", username: a, address: 10.8.0.9");
        alice.getMetadata().setDeletionTimestamp("2026-06-01T12:00:00Z");
        VpnUser successor = withPassword("bob", ", username: a, address: 10.8.0.9");

        Roster roster = roster(SMALLEST, alice, successor);

        assertThat(roster.verdicts()).containsOnlyKeys(ObjectKey.of(successor));
        assertThat(roster.rejected()).isEmpty();
    }

    @Test
    void aServerThatIsBeingDeletedServesNobody() {
        PptpServer server = Manifests.server("office", SMALLEST);
        server.getMetadata().setDeletionTimestamp("2026-06-01T12:00:00Z");

        assertThat(UserSelector.matches(server, withPassword("alice", ""))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            selector: {matchExpressions: [{key: a}]}                         | false
            selector: {matchExpressions: [{key: a, operator: Like}]}         | false
            selector: {matchExpressions: [{operator: DoesNotExist}]}         | true
            selector: {matchExpressions: [{key: a, operator: NotIn}]}        | true
            selector: {matchExpressions: [{key: a, operator: In}]}           | false
            selector: everybody                                              | false
            namespaces: {vpn: true}                                          | false
            """)
    void whatASelectorDoesNotSayLetsNobodyInByAccident(String users, boolean selected) {
        PptpServer server = Manifests.server("office", SMALLEST + ", users: {" + users + "}");

        assertThat(UserSelector.matches(server, withPassword("alice", ""))).isEqualTo(selected);
    }

    private UserConfig accepted(String serverSpec, VpnUser user) {
        Roster roster = roster(serverSpec, user);
        assertThat(roster.rejected()).isEmpty();
        return roster.accepted().getFirst();
    }

    private Roster roster(String serverSpec, VpnUser... users) {
        PptpServer server = Manifests.server("office", serverSpec);
        return Roster.of(server, none(server), List.of(users), key -> Optional.ofNullable(secrets.get(key)),
                namespaces);
    }

    private static ServerProfiles none(PptpServer server) {
        return ServerProfiles.of(server, List.of(), ProfileMemory.none());
    }

    private static VpnUser withPassword(String name, String more) {
        return Manifests.user(name, "password: {secretKeyRef: {name: alice, key: password}}" + more);
    }

    private void secret(String name, Map<String, String> values) {
        var data = new HashMap<String, String>();
        Stream.of(values)
                .flatMap(it -> it.entrySet().stream())
                .forEach(entry -> data.put(entry.getKey(),
                        Base64.getEncoder().encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8))));
        secrets.put(new ObjectKey("vpn", name), data);
    }

    @Test
    void aSecretThatIsAwayForAMomentKeepsItsUserServedAsTheUserIsNow() {
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        Roster before = roster(SMALLEST, withPassword("alice", ""));
        VpnUser changed = withPassword("alice", ", enabled: false");
        secrets.clear();

        var atOnce = new PasswordMemory(before, Map.of(), noon);
        Roster away = with(atOnce, changed);
        assertThat(away.accepted()).singleElement().satisfies(user -> {
            assertThat(user.credentials()).isEqualTo(before.accepted().getFirst().credentials());
            assertThat(user.enabled()).as("everything else counts at once").isFalse();
        });
        assertThat(atOnce.missed()).containsExactly(entry(ObjectKey.of(changed), noon));

        var later = new PasswordMemory(away, atOnce.missed(), noon.plus(PasswordMemory.PATIENCE).minusSeconds(1));
        assertThat(with(later, changed).accepted()).hasSize(1);
        assertThat(later.missed()).as("since it was first missed").containsExactly(entry(ObjectKey.of(changed), noon));

        var tooLate = new PasswordMemory(away, later.missed(), noon.plus(PasswordMemory.PATIENCE));
        assertThat(with(tooLate, changed).rejected().get(ObjectKey.of(changed)).reason())
                .isEqualTo(UserVerdict.Reason.SecretNotFound);
    }

    @Test
    void whoNeverHadASecretIsNotServedWithoutOne() {
        VpnUser alice = withPassword("alice", "");
        secrets.clear();

        assertThat(with(new PasswordMemory(Roster.EMPTY, Map.of(), Instant.EPOCH), alice).accepted()).isEmpty();
    }

    private Roster with(PasswordMemory memory, VpnUser user) {
        PptpServer server = Manifests.server("office", SMALLEST);
        return Roster.of(server, ServerTerms.of(server, none(server)), List.of(user),
                key -> Optional.ofNullable(secrets.get(key)), memory, namespaces);
    }
}
