package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MPPE between a session and its client: every strength, losses, resets and re-negotiation. */
class EncryptionTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final String EVERYTHING = """
            encryption: {keyLengths: [40, 56, 128], allowStateful: true}
            """;

    private static EncryptionSettings required(boolean stateful, Integer... bits) {
        return new EncryptionSettings(EncryptionPolicy.REQUIRED, Set.of(bits), stateful);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 56, 128})
    void everyStrengthThatIsAllowedWorks(int bits) {
        World world = new World(EVERYTHING);
        Dialer alice = Dialer.of("alice", "secret-a").with(required(false, bits)).build();
        Session session = LoginTest.connect(world, HOME, alice).session();
        assertThat(session.encryption()).contains(new MppeParameters(bits, true));
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void aStrengthThatIsNotAllowedIsRefusedAndTheReasonSaysSo() {
        World world = new World();
        Dialer alice = Dialer.of("alice", "secret-a").with(required(false, 40)).build();
        RecordedEvents.End end = LoginTest.dialInVain(world, HOME, alice);
        assertThat(world.record.connected).isEmpty();
        assertThat(end.detail()).contains("the peer insists on MPPE with 40 bits, and only 128 bits are allowed here");
    }

    @Test
    void statelessPacketsSurviveEveryLossAndChangeOfOrder() {
        World world = new World();
        Dialer alice = Dialer.alice();
        LoginTest.connect(world, HOME, alice);
        int[] count = new int[1];
        world.weather((toServer, packet) -> {
            count[0]++;
            return count[0] % 7 == 0 ? World.Weather.LOST : count[0] % 5 == 0 ? 12 : 0;
        });
        for (int i = 0; i < 2_000; i++) {
            alice.ping(World.GATEWAY, 100);
            world.run(Duration.ofMillis(7));
        }
        assertThat(world.datapath.arrived().size()).isBetween(1_500, 1_999);
        assertThat(alice.received.size()).isBetween(1_000, 1_999);
        assertThat(world.datapath.drops(DropCause.MPPE_MALFORMED)).isZero();
        assertThat(alice.tunnel().bogus).isZero();
        world.weather((toServer, packet) -> 0);
        LoginTest.assertPingsPass(world, alice);
    }

    /** Connects a client that insists on stateful MPPE in both directions. */
    private static Dialer connectStateful(World world) {
        Dialer alice = Dialer.of("alice", "secret-a").stateful().build();
        Session session = LoginTest.connect(world, HOME, alice).session();
        assertThat(session.encryption()).contains(new MppeParameters(128, false));
        LoginTest.assertPingsPass(world, alice);
        return alice;
    }

    /** Loses the next GRE packets in one direction. */
    private static void lose(World world, boolean toServer, int packets) {
        int[] left = {packets};
        world.weather((direction, packet) -> direction == toServer && left[0]-- > 0 ? World.Weather.LOST : 0);
    }

    @Test
    void aLossOnTheWayToTheServerIsHealedByAReset() {
        World world = new World(EVERYTHING);
        Dialer alice = connectStateful(world);
        lose(world, true, 1);
        alice.ping(World.GATEWAY, 100);
        alice.ping(World.GATEWAY, 100);
        world.run(Duration.ofSeconds(1));
        assertThat(world.datapath.drops(DropCause.MPPE_AWAITING_RESET)).isEqualTo(1);
        assertThat(world.record.mppeResets).isEqualTo(1);
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.record.mppeResets).isEqualTo(1);
    }

    @Test
    void aLostResetRequestIsRepeatedWhilePacketsCannotBeDeciphered() {
        World world = new World(EVERYTHING);
        Dialer alice = connectStateful(world);
        lose(world, true, 1);
        alice.ping(World.GATEWAY, 100);
        lose(world, false, 1);
        alice.ping(World.GATEWAY, 100);
        world.run(Duration.ofSeconds(1));
        assertThat(world.datapath.drops(DropCause.MPPE_AWAITING_RESET)).isEqualTo(1);
        alice.ping(World.GATEWAY, 100);
        world.run(Duration.ofSeconds(1));
        assertThat(world.datapath.drops(DropCause.MPPE_AWAITING_RESET)).isEqualTo(2);
        assertThat(world.record.mppeResets).isEqualTo(2);
        LoginTest.assertPingsPass(world, alice);
    }

    @Test
    void aLossOnTheWayToTheClientIsHealedByAResetThatTheClientAsksFor() {
        World world = new World(EVERYTHING);
        Dialer alice = connectStateful(world);
        lose(world, false, 1);
        world.datapath.send(Ping.request(World.GATEWAY, alice.address(), 1, 100));
        world.datapath.send(Ping.request(World.GATEWAY, alice.address(), 2, 100));
        world.run(Duration.ofSeconds(1));
        assertThat(world.record.mppeResets).isEqualTo(1);
        LoginTest.assertPingsPass(world, alice);
        assertThat(alice.tunnel().bogus).isZero();
    }

    @Test
    void statefulPacketsSurviveALongBadTime() {
        World world = new World(EVERYTHING);
        Dialer alice = connectStateful(world);
        int[] count = new int[1];
        world.weather((toServer, packet) -> ++count[0] % 41 == 0 ? World.Weather.LOST : 0);
        for (int i = 0; i < 2_000; i++) {
            alice.ping(World.GATEWAY, 100);
            world.run(Duration.ofMillis(30));
        }
        assertThat(world.datapath.arrived().size()).isGreaterThan(1_500);
        assertThat(alice.received.size()).isGreaterThan(1_000);
        world.weather((toServer, packet) -> 0);
        world.run(Duration.ofSeconds(1));
        alice.ping(World.GATEWAY, 100);
        world.run(Duration.ofSeconds(1));
        LoginTest.assertPingsPass(world, alice);
        assertThat(world.record.ends).isEmpty();
    }

    @Test
    void lcpBegunAnewGoesThroughTheWholeLoginAndKeepsTheAddress() {
        World world = new World();
        Dialer alice = Dialer.alice();
        Session session = LoginTest.connect(world, HOME, alice).session();
        Ipv4Address address = alice.address();
        alice.beginsAnew();
        world.run(Duration.ofMillis(1_010));
        assertThat(world.datapath.tunnelOf(address)).as("the way to Alice meanwhile").isEmpty();
        assertThat(world.datapath.send(Ping.request(World.GATEWAY, address, 1, 20))).isFalse();
        world.runUntil("Alice is connected again", () -> world.datapath.tunnelOf(address).isPresent() && alice.isUp());
        assertThat(alice.address()).isEqualTo(address);
        assertThat(session.isConnected()).isTrue();
        assertThat(world.record.connected).containsExactly(session);
        assertThat(world.sessions.leases().used()).isEqualTo(1);
        LoginTest.assertPingsPass(world, alice);
    }
}
