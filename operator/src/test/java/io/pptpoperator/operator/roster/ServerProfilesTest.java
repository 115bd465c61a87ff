package io.pptpoperator.operator.roster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.UserVerdict.Reason;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerProfilesTest {

    private static final String SERVER = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";
    private static final VpnProfile BRONZE = Manifests.profile("bronze", """
            allowedDestinations: [10.1.0.0/16], isolateClients: true, dns: [10.0.0.53], wins: [10.0.0.54],
            sessionPolicy: {perUser: 2, idleTimeout: 30m, maxDuration: 12h},
            rateLimit: {upload: 1M, download: 2M, burst: 1s},
            hours: {timeZone: Europe/Berlin, windows: [Mon-Fri 08:00-18:00, "Sat,Sun 10:00-14:00"]},
            routes: {push: [10.1.0.0/16], domain: corp.example.com}""");
    private static final VpnProfile EMPTY = Manifests.profile("empty", "");

    @Test
    void theDataPlaneIsToldWhatTheProfileSays() {
        ProfileConfig config = had("", user("profile: bronze"), BRONZE).orElseThrow();

        assertThat(config.name()).isEqualTo("bronze");
        assertThat(config.allowedDestinations()).map(Object::toString).containsExactly("10.1.0.0/16");
        assertThat(config.isolateClients()).isTrue();
        assertThat(config.dns()).map(Object::toString).containsExactly("10.0.0.53");
        assertThat(config.wins()).map(Object::toString).containsExactly("10.0.0.54");
        assertThat(config.sessionPolicy().perUser()).hasValue(2);
        assertThat(config.sessionPolicy().idleTimeout()).map(Object::toString).contains("PT30M");
        assertThat(config.rateLimit().orElseThrow().download()).map(Object::toString).contains("2M");
        assertThat(config.hours().orElseThrow().timeZone()).hasToString("Europe/Berlin");
        assertThat(config.hours().orElseThrow().windows()).map(Object::toString)
                .containsExactly("Mon-Fri 08:00-18:00", "Sat-Sun 10:00-14:00");
        assertThat(config.routes().domain()).contains("corp.example.com");
    }

    @Test
    void aProfileThatSaysNothingGivesWhatTheServerGives() {
        assertThat(had("", user("profile: empty"), EMPTY)).contains(ProfileConfig.withDefaults("empty"));
    }

    @Test
    void aUserWithoutOneHasTheServersUsualOneIfThereIsOne() {
        assertThat(had(", users: {defaultProfile: bronze}", user(""), BRONZE, EMPTY)).map(ProfileConfig::name)
                .contains("bronze");
        assertThat(had(", users: {defaultProfile: bronze}", user("profile: empty"), BRONZE, EMPTY))
                .map(ProfileConfig::name)
                .contains("empty");
        assertThat(had("", user(""), BRONZE)).isEmpty();
        assertThat(refusal("", user(""), BRONZE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    profile: gold   | ''                                           | ProfileNotFound   | profile gold: there is no such VpnProfile in the server's namespace vpn
                    ''              | ', users: {defaultProfile: gold}'            | ProfileNotFound   | users.defaultProfile gold of the server: there is no such VpnProfile
                    profile: bronze | ', users: {allowedProfiles: [empty, other]}' | ProfileNotAllowed | profile bronze is none of the server's users.allowedProfiles: empty, other
                    """)
    void whoseProfileIsNotToBeHadIsNotServed(String user, String server, Reason reason, String message) {
        assertThat(refusal(server, user(user), BRONZE)).hasValueSatisfying(it -> {
            assertThat(it.reason()).isEqualTo(reason);
            assertThat(it.message()).startsWith(message);
        });
        assertThat(roster(server, user(user), BRONZE).accepted()).isEmpty();
    }

    @Test
    void theServersUsualProfileNeedsNoLeave() {
        assertThat(refusal(", users: {defaultProfile: bronze, allowedProfiles: [empty]}", user(""), BRONZE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hours: {timeZone: Mars/Olympus, windows: [Mon-Fri 08:00-18:00]} | spec.hours.timeZone
            dns: [10.0.0.1, many]                                           | spec.dns
            sessionPolicy: {perUser: lots}                                  | spec.sessionPolicy.perUser
            """)
    void oneThatSaysSomethingImpossibleIsGivenToNobodyAndTheFieldIsNamed(String spec, String field) {
        VpnProfile odd = Manifests.profile("odd", spec);

        assertThat(refusal("", user("profile: odd"), odd)).hasValueSatisfying(it -> {
            assertThat(it.reason()).isEqualTo(Reason.InvalidProfile);
            assertThat(it.message()).contains(field);
        });
        VpnUser stranger = user("profile: odd");
        stranger.getMetadata().setNamespace("abroad");
        assertThat(refusal("", stranger, odd)).hasValueSatisfying(
                it -> assertThat(it.message()).doesNotContain(field).contains("in namespace vpn, says why"));
    }

    @Test
    void ofUsersOfOtherNamespacesTheServersProfilesCountAndNotTheirOwn() {
        VpnProfile generous = Manifests.profile("gold", "");
        generous.getMetadata().setNamespace("abroad");
        VpnUser stranger = user("profile: gold");
        stranger.getMetadata().setNamespace("abroad");

        assertThat(refusal("", stranger, generous)).map(Rejected::reason).contains(Reason.ProfileNotFound);
        assertThat(had("", stranger, generous, Manifests.profile("gold", "isolateClients: true")))
                .map(ProfileConfig::isolateClients)
                .contains(true);
    }

    @Test
    void oneThatIsBeingDeletedIsGone() {
        VpnProfile leaving = Manifests.profile("gold", "");
        leaving.getMetadata().setDeletionTimestamp("2026-06-01T12:00:00Z");

        assertThat(refusal("", user("profile: gold"), leaving)).map(Rejected::reason).contains(Reason.ProfileNotFound);
    }

    @Test
    void oneThatIsAwayForAMomentIsStillHad() {
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        PptpServer server = Manifests.server("office", SERVER);
        VpnUser alice = user("profile: bronze");
        ProfileConfig bronze = had("", alice, BRONZE).orElseThrow();

        var atOnce = new ProfileMemory(Map.of("bronze", bronze), Map.of(), noon);
        assertThat(ServerProfiles.of(server, List.of(), atOnce).of(alice)).contains(bronze);
        assertThat(atOnce.missed()).containsExactly(Map.entry("bronze", noon));

        var justInTime = new ProfileMemory(Map.of("bronze", bronze), atOnce.missed(),
                noon.plus(ProfileMemory.PATIENCE).minusSeconds(1));
        assertThat(ServerProfiles.of(server, List.of(), justInTime).refusal(alice)).isEmpty();
        assertThat(justInTime.missed()).as("since it was first missed").containsExactly(Map.entry("bronze", noon));

        var tooLate = new ProfileMemory(Map.of("bronze", bronze), atOnce.missed(), noon.plus(ProfileMemory.PATIENCE));
        assertThat(ServerProfiles.of(server, List.of(), tooLate).refusal(alice)).map(Rejected::reason)
                .contains(Reason.ProfileNotFound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {upload: 5M, download: 5M} | 1M | 2M
            {upload: 500k}             | 500k | 2M
            {download: 1M, burst: 2s}  | 1M | 1M
            """)
    void ofTwoRatesTheLowerCountsEachWay(String own, String upload, String download) {
        UserConfig config = roster("", user("profile: bronze, rateLimit: " + own), BRONZE).accepted().getFirst();

        assertThat(config.rateLimit().orElseThrow().upload()).map(Object::toString).contains(upload);
        assertThat(config.rateLimit().orElseThrow().download()).map(Object::toString).contains(download);
    }

    @Test
    void aUserWithoutARateOfItsOwnIsNotToldTheProfilesOnceMore() {
        assertThat(roster("", user("profile: bronze"), BRONZE).accepted().getFirst().rateLimit()).isEmpty();
    }

    @Test
    void eachIsToldOnceAndOnlyWhereSomebodyHasIt() {
        PptpServer server = Manifests.server("office", SERVER);
        ServerProfiles profiles = ServerProfiles.of(server, List.of(BRONZE, EMPTY), ProfileMemory.none());
        Roster roster = roster(server, profiles, user("profile: bronze"));

        assertThat(profiles.had(roster, false)).map(ProfileConfig::name).containsExactly("bronze");
        assertThat(profiles.had(roster, true)).as("RADIUS servers may name any")
                .map(ProfileConfig::name)
                .containsExactly("bronze", "empty");
    }

    @Test
    void whatOnlyRadiusServersNameHoldsForAMinuteToo() {
        PptpServer server = Manifests.server("office", SERVER);
        ProfileConfig bronze = had("", user("profile: bronze"), BRONZE).orElseThrow();
        Instant now = Instant.parse("2026-12-01T12:00:00Z");
        var memory = new ProfileMemory(Map.of("bronze", bronze), Map.of(), now);
        ServerProfiles profiles = ServerProfiles.of(server, List.of(), memory);

        assertThat(profiles.had(roster(server, profiles, user("")), true)).containsExactly(bronze);
        assertThat(memory.missed()).containsExactly(Map.entry("bronze", now));
        assertThat(profiles.had(roster(server, profiles, user("")), false)).isEmpty();
    }

    private static Optional<ProfileConfig> had(String server, VpnUser user, VpnProfile... profiles) {
        return profiles(server, profiles).of(user);
    }

    private static Optional<Rejected> refusal(String server, VpnUser user, VpnProfile... profiles) {
        return profiles(server, profiles).refusal(user);
    }

    private static ServerProfiles profiles(String server, VpnProfile... profiles) {
        return ServerProfiles.of(Manifests.server("office", SERVER + server), List.of(profiles), ProfileMemory.none());
    }

    private static Roster roster(String server, VpnUser user, VpnProfile... profiles) {
        return roster(Manifests.server("office", SERVER + server), profiles(server, profiles), user);
    }

    private static Roster roster(PptpServer server, ServerProfiles profiles, VpnUser user) {
        String password = Base64.getEncoder().encodeToString("correct horse".getBytes(StandardCharsets.UTF_8));
        return Roster.of(server, profiles, List.of(user), (ObjectKey key) -> Optional.of(Map.of("password", password)),
                NamespaceLookup.UNSEEN);
    }

    private static VpnUser user(String more) {
        return Manifests.user("alice",
                "password: {secretKeyRef: {name: alice, key: password}}" + (more.isEmpty() ? "" : ", " + more));
    }
}
