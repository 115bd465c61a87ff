package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.dataplane.handover.RecordReader;
import io.pptpoperator.dataplane.handover.RecordWriter;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions go on in another process, and neither their clients nor the books notice. */
class HandOverTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final Ipv4Address OFFICE = Ipv4Address.parse("203.0.113.8");
    private static final int TIMES = 20;

    @Test
    void aSessionGoesOnThroughManyHandOversAndNoKeyStreamIsUsedTwice() {
        World world = new World();
        Dialer alice = Dialer.alice();
        KeyStreamWitness toServer = new KeyStreamWitness();
        KeyStreamWitness toClient = new KeyStreamWitness();
        world.weather((up, packet) -> {
            (up ? toServer : toClient).see(packet);
            return 0;
        });
        Line line = LoginTest.connect(world, HOME, alice);
        Session first = line.session();
        for (int i = 0; i < TIMES; i++) {
            world.handOver();
            LoginTest.assertPingsPass(world, alice);
            // Each time the same packet: with the same key stream it would look the same.
            world.datapath.send(Ping.request(World.GATEWAY, alice.address(), 1, 60));
            world.run(Duration.ofMillis(100));
        }
        assertThat(toClient.encrypted()).isGreaterThanOrEqualTo(3 * TIMES);
        assertThat(alice.tunnel().bogus).isZero();
        Session last = line.session();
        assertThat(last).isNotSameAs(first);
        assertThat(last.id()).isEqualTo(first.id());
        assertThat(last.username()).contains("alice");
        assertThat(last.method()).contains(AuthMethod.MSCHAPV2);
        assertThat(last.address()).contains(alice.address());
        assertThat(last.since()).isEqualTo(first.since());
        assertThat(last.connectedAt()).isEqualTo(first.connectedAt());
        assertThat(last.encryption()).isEqualTo(first.encryption());
        assertThat(last.mtu()).isEqualTo(first.mtu());
        assertThat(last.traffic().packetsIn()).as("pings, and replies to pings").isEqualTo(3L * TIMES);
        assertThat(world.record.connected).as("logins").hasSize(1);
        assertThat(world.record.takenOver).hasSize(TIMES);
        assertThat(world.record.ends).isEmpty();
        assertThat(world.record.notes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "40 bits", "clear"})
    void aSessionGoesOnHoweverItIsEncrypted(String how) {
        World world = new World("encryption: {policy: Preferred, keyLengths: [40, 128], allowStateful: true}");
        Dialer.Plan plan = Dialer.of("alice", "secret-a");
        Dialer alice = switch (how) {
            case "stateful" -> plan.stateful().build();
            case "40 bits" -> plan.with(new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(40), false)).build();
            default -> plan.with(EncryptionSettings.NONE).build();
        };
        Line line = LoginTest.connect(world, HOME, alice);
        for (int i = 0; i < 3; i++) {
            LoginTest.assertPingsPass(world, alice);
            world.handOver();
        }
        LoginTest.assertPingsPass(world, alice);
        assertThat(line.session().encryption().map(MppeParameters::toString).orElse("clear")).contains(how);
        assertThat(world.record.connected).hasSize(1);
    }

    @Test
    void theSessionLivesOnForAnHourWithItsKeepalivesAndEndsWhenItsClientDoes() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, alice);
        for (int i = 0; i < 12; i++) {
            world.run(Duration.ofMinutes(5));
            world.handOver();
        }
        assertThat(line.isOpen()).isTrue();
        LoginTest.assertPingsPass(world, alice);
        alice.terminate();
        world.runUntil("the session is over", () -> !world.record.ends.isEmpty());
        assertThat(world.record.ends.getFirst().session().id()).isEqualTo(line.session().id());
        assertThat(world.sessions.leases().used()).isZero();
        assertThat(world.sessions.count()).isZero();
    }

    @Test
    void aClientThatIsGoneIsFoundOutByTheSuccessor() {
        World world = new World();
        Dialer alice = Dialer.alice();
        LoginTest.connect(world, HOME, alice);
        alice.dies();
        world.run(Duration.ofSeconds(20));
        world.handOver();
        world.runUntil("the session is over", () -> !world.record.ends.isEmpty());
        assertThat(world.record.ends.getFirst().detail()).contains("Echo-Request");
    }

    @Test
    void aClientNegotiatesAnewWithTheSuccessor() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, alice);
        world.handOver();
        alice.beginsAnew();
        world.runUntil("the client is up again", () -> alice.isUp() && line.session().isConnected());
        world.run(Duration.ofSeconds(5));
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.record.ends).isEmpty();
        assertThat(world.record.connected).hasSize(1);
    }

    @Test
    void aLoginUnderWayIsNotHandedOver() {
        World world = new World();
        Line line = world.connect(HOME, Dialer.alice());
        world.run(Duration.ofMillis(World.LATENCY * 9));
        assertThat(line.connection().flatMap(PeerConnection::snapshot)).isEmpty();
        world.handOver();
        assertThat(world.sessions.count()).isZero();
    }

    @Test
    void theRulesForAllSessionsHoldWithTheSuccessor() {
        World world = new World("sessionPolicy: {perUser: 1, whenExceeded: Deny}");
        Dialer alice = Dialer.alice();
        Line line = LoginTest.connect(world, HOME, alice);
        world.handOver();
        Dialer again = Dialer.alice();
        world.connect(OFFICE, again);
        world.runUntil("the second login is refused", () -> !world.record.failedLogins.isEmpty());
        world.configure(World.NETWORK, "users: [{username: bob, password: secret-b}]");
        world.runUntil("the removed user's session ends", () -> !line.isOpen());
        assertThat(world.sessions.leases().used()).isZero();
    }

    @Test
    void aSessionTakesAFewHundredBytesBeyondTheFirst() {
        World world = new World();
        LoginTest.connect(world, HOME, Dialer.alice());
        Line line = LoginTest.connect(world, OFFICE, Dialer.of("bob", "secret-b").build());
        SessionSnapshot snapshot = line.connection().orElseThrow().snapshot().orElseThrow();
        RecordWriter writer = new RecordWriter();
        byte[] first = writer.write(snapshot);
        byte[] second = writer.write(snapshot);
        assertThat(second.length).isLessThan(1_500).isLessThan(first.length);
        RecordReader reader = new RecordReader();
        List<SessionSnapshot> read = List.of(reader.read(first, SessionSnapshot.class),
                reader.read(second, SessionSnapshot.class));
        assertThat(read).extracting(SessionSnapshot::id).containsOnly(line.session().id());
        RecordWriter other = new RecordWriter();
        other.write(snapshot);
        assertThat(other.write(read.get(1))).as("written once more").isEqualTo(second);
    }
}
