package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.dataplane.session.RecordedEvents.FailedLogin;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.link.LoginStep;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins that go through, from the first control message to the first ping, and logins that are refused. */
class LoginTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");

    private static World worldOf(String user) {
        return new World(World.NETWORK, "users:\n  - " + user + "\n");
    }

    /** Lets this client dial and waits until it is connected. */
    static Line connect(World world, Ipv4Address from, Dialer dialer) {
        Line line = world.connect(from, dialer);
        world.runUntil("the client is connected", () -> dialer.isUp() && line.session().isConnected());
        return line;
    }

    /** Lets this client dial and waits until its call is over. */
    static RecordedEvents.End dialInVain(World world, Ipv4Address from, Dialer dialer) {
        Line line = world.connect(from, dialer);
        world.runUntil("the call is over", () -> !world.record.ends.isEmpty() && !line.isOpen());
        assertThat(world.datapath.tunnels()).isEmpty();
        assertThat(world.sessions.count()).isZero();
        assertThat(world.sessions.pending()).isZero();
        assertThat(world.sessions.leases().used()).isZero();
        return world.record.ends.getFirst();
    }

    static void assertPingsPass(World world, Dialer dialer) {
        byte[] request = dialer.ping(World.GATEWAY, 56);
        world.run(Duration.ofSeconds(1));
        assertThat(dialer.heardReplyTo(request)).as("reply to the client's ping").isTrue();
        byte[] other = Ping.request(World.GATEWAY, dialer.address(), 7, 1200);
        assertThat(world.datapath.send(other)).isTrue();
        world.run(Duration.ofSeconds(1));
        assertThat(world.datapath.arrived()).as("reply to the server's ping")
                .anyMatch(packet -> Ping.isReplyTo(other, packet));
    }

    @Test
    void aUserLogsInAndPingsGoBothWaysEncrypted() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Session session = connect(world, HOME, alice).session();

        assertThat(world.record.connected).containsExactly(session);
        assertThat(session.username()).contains("alice");
        assertThat(session.method()).contains(AuthMethod.MSCHAPV2);
        assertThat(session.encryption()).contains(new MppeParameters(128, true));
        assertThat(session.address()).contains(alice.address());
        assertThat(session.peer()).isEqualTo(HOME);
        assertThat(session.mtu()).isEqualTo(1396);
        assertThat(world.record.steps).extracting(RecordedEvents.Step::step)
                .containsExactlyElementsOf(EnumSet.range(LoginStep.CONTROL, LoginStep.ADDRESSES));
        assertThat(world.record.steps).extracting(RecordedEvents.Step::millis)
                .allSatisfy(millis -> assertThat(millis).isBetween(1L, 600L));
        assertThat(world.sessions.pending()).isZero();

        assertPingsPass(world, alice);
        assertThat(alice.tunnel().clear).isZero();
        assertThat(alice.tunnel().bogus).isZero();
        assertThat(session.traffic().packetsIn()).isEqualTo(2);
        assertThat(session.traffic().packetsOut()).isEqualTo(2);
        assertThat(world.record.failedLogins).isEmpty();
        assertThat(world.record.notes).isEmpty();
    }

    @Test
    void aWrongPasswordIsRefusedAndCounted() {
        World world = new World();
        Dialer alice = Dialer.of("alice", "secret-b").build();
        RecordedEvents.End end = dialInVain(world, HOME, alice);
        assertThat(alice.loginFailure).contains(LoginFailure.BAD_CREDENTIALS);
        assertThat(world.record.failedLogins).isNotEmpty().allSatisfy(failed -> {
            assertThat(failed.username()).isEqualTo("alice");
            assertThat(failed.known()).isTrue();
            assertThat(failed.reason()).isEqualTo(LoginFailure.BAD_CREDENTIALS);
        });
        assertThat(world.record.connected).isEmpty();
        assertThat(end.session().wasConnected()).isFalse();
    }

    @Test
    void aWrongPasswordEndsWithThatReasonWhereNoRetryIsAllowed() {
        World world = new World("authentication: {retries: 0}\n");
        RecordedEvents.End end = dialInVain(world, HOME, Dialer.of("alice", "secret-b").build());
        assertThat(end.reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(world.record.failedLogins).containsExactly(new FailedLogin("alice", true, AuthMethod.MSCHAPV2,
                LoginFailure.BAD_CREDENTIALS, LoginFailure.BAD_CREDENTIALS.message()));
    }

    @Test
    void afterManyWrongPasswordsEvenTheRightOneHasToWaitForAMinuteButNotFromElsewhere() {
        World world = new World("authentication: {retries: 0}\n");
        for (int i = 0; i < LoginBackoff.PAIR_BURST; i++) {
            dialInVain(world, HOME, Dialer.of("alice", "secret-b").build());
            world.record.ends.clear();
        }
        world.record.failedLogins.clear();
        Dialer refused = Dialer.alice();
        dialInVain(world, HOME, refused);
        assertThat(refused.loginFailure).contains(LoginFailure.BAD_CREDENTIALS);
        assertThat(world.record.failedLogins).extracting(FailedLogin::reason)
                .containsExactly(LoginFailure.TOO_MANY_FAILURES);
        connect(world, HOME.plus(1), Dialer.alice());
        world.run(Duration.ofMinutes(1));
        connect(world, HOME, Dialer.alice());
    }

    @Test
    void anUnknownUserIsRefusedWithTheSameWordsAsAWrongPassword() {
        World world = new World("authentication: {retries: 0}\n");
        Dialer nobody = Dialer.of("mallory", "secret-a").build();
        RecordedEvents.End end = dialInVain(world, HOME, nobody);
        assertThat(end.reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(nobody.loginFailure).contains(LoginFailure.BAD_CREDENTIALS);
        assertThat(world.record.failedLogins).containsExactly(new FailedLogin("mallory", false, AuthMethod.MSCHAPV2,
                LoginFailure.BAD_CREDENTIALS, LoginFailure.BAD_CREDENTIALS.message()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CORP\\alice", "alice@corp.example", "CORP\\alice@corp.example"})
    void aDomainOrRealmIsPassedOver(String name) {
        World world = new World();
        Dialer alice = Dialer.of(name, "secret-a").build();
        assertThat(connect(world, HOME, alice).session().username()).contains("alice");
        assertPingsPass(world, alice);
    }

    @Test
    void aUserWhoseConfiguredNameHasADomainIsFoundByTheWholeName() {
        World world = worldOf("{username: 'CORP\\alice', password: secret-a}");
        assertThat(connect(world, HOME, Dialer.of("CORP\\alice", "secret-a").build()).session().username())
                .contains("CORP\\alice");
    }

    @Test
    void aPasswordBeyondAsciiWorks() {
        World world = worldOf("{username: alice, password: 'Grüße, 密码 🔑'}");
        assertPingsPass(world, dialled(world, Dialer.of("alice", "Grüße, 密码 🔑").build()));
    }

    private static Dialer dialled(World world, Dialer dialer) {
        connect(world, HOME, dialer);
        return dialer;
    }

    @ParameterizedTest
    @EnumSource(value = AuthMethod.class, mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void everyMethodThatIsSwitchedOnLetsIn(AuthMethod method) {
        World world = new World("""
                authentication: {methods: [PAP, CHAP-MD5, MSCHAPv1, MSCHAPv2]}
                encryption: {policy: Preferred}
                """);
        EncryptionSettings optional = new EncryptionSettings(EncryptionPolicy.PREFERRED, Set.of(128), false);
        Dialer alice = Dialer.of("alice", "secret-a").with(method).with(optional).build();
        Session session = connect(world, HOME, alice).session();
        assertThat(session.method()).contains(method);
        assertThat(session.encryption().isPresent()).isEqualTo(method.yieldsMppeKeys());
        assertPingsPass(world, alice);
    }

    @Test
    void aClientThatWantsAnotherMethodIsTold() {
        World world = new World();
        Dialer alice = Dialer.of("alice", "secret-a").with(AuthMethod.PAP).with(EncryptionSettings.NONE).build();
        RecordedEvents.End end = dialInVain(world, HOME, alice);
        assertThat(end.reason()).isEqualTo(TerminationReason.AUTHENTICATION_REFUSED);
    }

    @Test
    void aClientWithoutEncryptionIsRefusedWithAReasonThatSaysSo() {
        World world = new World();
        Dialer alice = Dialer.of("alice", "secret-a").with(EncryptionSettings.NONE).build();
        RecordedEvents.End end = dialInVain(world, HOME, alice);
        assertThat(end.reason()).isEqualTo(TerminationReason.ENCRYPTION_REFUSED);
        assertThat(end.detail()).contains("encryption switched off").contains("required");
        assertThat(world.record.connected).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"enabled: false | DISABLED", "validUntil: 2026-01-02T12:00:00Z | EXPIRED",
            "allowedSources: [198.51.100.0/24] | SOURCE_NOT_ALLOWED"})
    void aUserWhoMayNotLogInIsRefusedInSpiteOfTheRightPassword(String setting, LoginFailure reason) {
        World world = worldOf("{username: alice, password: secret-a, " + setting + "}");
        Dialer alice = Dialer.alice();
        RecordedEvents.End end = dialInVain(world, HOME, alice);
        assertThat(end.reason()).isEqualTo(TerminationReason.AUTHENTICATION_FAILED);
        assertThat(world.record.failedLogins).extracting(FailedLogin::reason).containsExactly(reason);
    }

    @Test
    void aUserFromAnAllowedSourceGetsInUntilTheTimeIsOver() {
        World world = worldOf("{username: alice, password: secret-a, validUntil: 2026-01-02T13:00:00Z, "
                + "allowedSources: [192.0.2.0/24, 203.0.113.0/28]}");
        assertThat(connect(world, HOME, Dialer.alice()).session().isConnected()).isTrue();
    }

    @Test
    void aStaticAddressIsGivenToItsUserAndToNobodyElse() {
        World world = new World(World.NETWORK, """
                users:
                  - {username: alice, password: secret-a, address: 10.7.7.7}
                  - {username: bob, password: secret-b}
                """);
        Dialer alice = dialled(world, Dialer.alice());
        assertThat(alice.address()).isEqualTo(Ipv4Address.parse("10.7.7.7"));
        Dialer bob = Dialer.bob();
        connect(world, HOME.plus(1), bob);
        assertThat(bob.address().toString()).startsWith("192.168.10.");
    }

    @Test
    void nameServersAreHandedOut() {
        World world = new World("dns: [9.9.9.9, 1.1.1.1]\nwins: [10.1.1.1]\n");
        Dialer alice = dialled(world, Dialer.alice());
        assertThat(alice.network.orElseThrow().dns()).containsExactly(Ipv4Address.parse("9.9.9.9"),
                Ipv4Address.parse("1.1.1.1"));
        assertThat(alice.network.orElseThrow().wins()).containsExactly(Ipv4Address.parse("10.1.1.1"));
    }

    @Test
    void whenNoAddressIsLeftTheClientIsToldSoAndTheNextOneGetsTheOneThatBecomesFree() {
        World world = new World("""
                localIP: 192.168.10.1
                pools: [192.168.10.100]
                """, World.USERS);
        Dialer alice = dialled(world, Dialer.alice());
        Dialer bob = Dialer.bob();
        world.connect(HOME.plus(1), bob);
        world.runUntil("Bob is refused", () -> !world.record.ends.isEmpty());
        assertThat(world.record.failedLogins).extracting(FailedLogin::reason).containsExactly(LoginFailure.NO_ADDRESS);
        assertThat(bob.loginFailure).isPresent();
        assertThat(alice.isUp()).isTrue();

        alice.clearCall();
        world.runUntil("Alice is gone", () -> world.record.ends.size() == 2);
        Dialer again = Dialer.bob();
        connect(world, HOME.plus(1), again);
        assertThat(again.address()).isEqualTo(Ipv4Address.parse("192.168.10.100"));
    }

    @Test
    void packetsOfPeersThatAreTracedAreToldWithoutSecrets() {
        World world = new World("""
                authentication: {methods: [PAP]}
                encryption: {policy: Off}
                """);
        world.record.tracing = true;
        Dialer alice = Dialer.of("alice", "secret-a").with(AuthMethod.PAP).with(EncryptionSettings.NONE).build();
        connect(world, HOME, alice);
        assertThat(world.record.traces).anyMatch(text -> text.startsWith("< ") && text.contains("OutgoingCallRequest"))
                .anyMatch(text -> text.startsWith("> LCP"))
                .anyMatch(text -> text.contains("Authenticate-Request"))
                .noneMatch(text -> text.contains("secret-a") || text.contains("7365637265742d61"));
    }
}
