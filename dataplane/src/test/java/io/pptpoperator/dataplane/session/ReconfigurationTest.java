package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.EchoRequest;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Changed files apply to the next login at once, and no session that may go on notices. */
class ReconfigurationTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address OFFICE = Ipv4Address.parse("203.0.113.8");

    private static final int IPCP = 0x8021;

    private final World world = new World();
    private final Dialer alice = Dialer.alice();

    @Test
    void aNewUserAndANewPasswordWorkAtOnceAndTheOldPasswordNoLonger() {
        Line line = LoginTest.connect(world, HOME, alice);
        world.configure(World.NETWORK + "authentication: {retries: 0}\n", """
                users:
                  - {username: alice, password: changed}
                  - {username: carol, password: secret-c}
                """);
        LoginTest.connect(world, OFFICE, Dialer.of("carol", "secret-c").build());
        Dialer old = Dialer.alice();
        world.connect(OFFICE.plus(1), old);
        world.runUntil("the old password is refused", () -> old.loginFailure.isPresent());
        assertThat(world.record.failedLogins).extracting(RecordedEvents.FailedLogin::reason)
                .containsExactly(LoginFailure.BAD_CREDENTIALS);
        assertThat(line.session().isConnected()).as("the session from before").isTrue();
        LoginTest.assertPingsPass(world, alice);
        LoginTest.connect(world, OFFICE.plus(2), Dialer.of("alice", "changed").build());
    }

    @Test
    void dnsServersAndAddressPoolsApplyToNewLoginsOnly() {
        LoginTest.connect(world, HOME, alice);
        Ipv4Address before = alice.address();
        world.configure("""
                localIP: 192.168.10.1
                pools: [192.168.20.0/24]
                dns: [9.9.9.9]
                """, World.USERS);
        Dialer bob = Dialer.bob();
        LoginTest.connect(world, OFFICE, bob);
        assertThat(bob.address().toString()).startsWith("192.168.20.");
        assertThat(bob.network.orElseThrow().dns()).containsExactly(Ipv4Address.parse("9.9.9.9"));
        assertThat(alice.address()).isEqualTo(before);
        LoginTest.assertPingsPass(world, alice);
        alice.clearCall();
        world.run(Duration.ofSeconds(1));
        Dialer again = Dialer.alice();
        LoginTest.connect(world, HOME, again);
        assertThat(again.address().toString()).startsWith("192.168.20.");
        assertThat(world.sessions.leases().used()).isEqualTo(2);
    }

    @Test
    void aLoginThatIsNotCompleteDoesNotKeepAnAddressThatThePoolsLost() {
        LoginTest.connect(world, HOME, alice);
        Dialer bob = Dialer.bob().deafTo(protocol -> protocol == IPCP);
        world.connect(OFFICE, bob);
        world.runUntil("bob has an address, and does not know it", () -> world.sessions.leases().used() == 2);
        world.configure("""
                localIP: 192.168.10.1
                pools: [192.168.20.0/24]
                """, World.USERS);
        world.runUntil("bob is told to try again", () -> bob.end.isPresent());
        assertThat(world.sessions.leasedAddresses()).containsExactly(alice.address());
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void limitsApplyToTheNextClientAndThrowNobodyOut() {
        LoginTest.connect(world, HOME, alice);
        LoginTest.connect(world, OFFICE, Dialer.bob());
        world.configure(World.NETWORK + "limits: {maxSessions: 1, connectionsPerSource: 1}\n", World.USERS);
        assertThat(world.sessions.count()).isEqualTo(2);
        Dialer third = Dialer.bob();
        world.connect(OFFICE.plus(1), third);
        world.runUntil("the third is refused", () -> third.hungUp);
        world.connect(HOME, Dialer.bob());
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.refusals).containsExactly(Refusal.SESSIONS, Refusal.CONNECTIONS_PER_SOURCE);
        assertThat(world.sessions.count()).isEqualTo(2);
    }

    @Test
    void theKeepaliveOfControlConnectionsThatAreThereChanges() {
        LoginTest.connect(world, HOME, alice);
        world.configure(World.NETWORK + "keepalive: {controlInterval: 10s}\n", World.USERS);
        world.run(Duration.ofSeconds(11));
        assertThat(alice.messages).anyMatch(EchoRequest.class::isInstance);
    }

    @Test
    void timeLimitsApplyToSessionsThatAreThere() {
        LoginTest.connect(world, HOME, alice);
        world.run(Duration.ofMinutes(10));
        world.configure(World.NETWORK + "sessionPolicy: {maxDuration: 5m}\n", World.USERS);
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).hasSize(1);
    }

    @Test
    void aLoginUnderWayWhileItsUserIsRemovedDoesNotGoThrough() {
        Dialer slow = Dialer.alice().deafTo(protocol -> protocol == 0x8021);
        world.connect(HOME, slow);
        world.run(Duration.ofSeconds(1));
        assertThat(world.sessions.all()).hasSize(1)
                .first()
                .satisfies(session -> assertThat(session.username()).contains("alice"));
        world.configure(World.NETWORK, "users:\n  - {username: bob, password: secret-b}\n");
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.ends).hasSize(1);
        assertThat(world.record.connected).isEmpty();
        assertThat(world.sessions.leases().used()).isZero();
    }

    @Test
    void routesBehindAClientLeadToItsTunnel() {
        World routed = new World(World.NETWORK,
                "users:\n  - {username: alice, password: secret-a, routes: [10.50.0.0/16]}\n");
        LoginTest.connect(routed, HOME, alice);
        assertThat(routed.datapath.tunnelOf(Ipv4Address.parse("10.50.3.4")))
                .isEqualTo(routed.datapath.tunnelOf(alice.address()))
                .isPresent();
    }

    @Test
    void theMtuFollowsFromTheClientsMruAndTheEncryption() {
        World clear = new World("encryption: {policy: Off}\n");
        Dialer plain = Dialer.of("alice", "secret-a").with(EncryptionSettings.NONE).build();
        Session session = LoginTest.connect(clear, HOME, plain).session();
        assertThat(session.mtu()).isEqualTo(1400);
        assertThat(clear.datapath.tunnelOf(plain.address()).orElseThrow().network().orElseThrow().mss())
                .isEqualTo(1360);
        Session encrypted = LoginTest.connect(world, HOME, alice).session();
        assertThat(encrypted.mtu()).isEqualTo(1396);
        assertThat(world.datapath.tunnelOf(alice.address()).orElseThrow().network().orElseThrow().mss())
                .isEqualTo(1356);
    }

    @Test
    void theMssIsLeftAloneOrFixedWhereTheConfigurationSaysSo() {
        World off = new World("mss: Off\n");
        LoginTest.connect(off, HOME, alice);
        assertThat(off.datapath.tunnelOf(alice.address()).orElseThrow().network().orElseThrow().mss()).isZero();
        World fixed = new World("mss: 1200\n");
        Dialer other = Dialer.alice();
        LoginTest.connect(fixed, HOME, other);
        assertThat(fixed.datapath.tunnelOf(other.address()).orElseThrow().network().orElseThrow().mss())
                .isEqualTo(1200);
    }
}
