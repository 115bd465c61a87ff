package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Windows 10 and Android, byte by byte, against a server's sessions in memory. */
class ScriptedPeersTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final String NAME_SERVERS = "dns: [9.9.9.9, 1.1.1.1]\n";

    private final World world = new World(NAME_SERVERS);
    private final WindowsPeer windows = new WindowsPeer("LAB\\alice", "secret-a");
    private final AndroidPeer android = new AndroidPeer("alice", "secret-a");

    private Line connect(ScriptedPeer peer) {
        Line line = world.connect(HOME, peer);
        world.runUntil("the client is connected", () -> peer.isUp() && line.session().isConnected());
        return line;
    }

    private void assertPingsPass(ScriptedPeer peer) {
        byte[] small = peer.ping(World.GATEWAY, 1, 32);
        byte[] large = peer.ping(World.GATEWAY, 2, 1300);
        byte[] fromServer = Ping.request(World.GATEWAY, peer.option(3), 3, 600);
        world.datapath.send(fromServer);
        world.run(Duration.ofSeconds(2));
        assertThat(peer.heardReplyTo(small)).isTrue();
        assertThat(peer.heardReplyTo(large)).isTrue();
        assertThat(world.datapath.arrived()).anyMatch(packet -> Ping.isReplyTo(fromServer, packet));
    }

    @Test
    void windowsConnectsEncryptedWithItsNameServersAndItsComputersNameIsKnown() {
        Session session = connect(windows).session();
        assertThat(session.encryption()).contains(new MppeParameters(128, true));
        assertThat(session.username()).contains("alice");
        assertThat(session.computer()).isEqualTo("MSEDGEWIN10");
        assertThat(session.mtu()).isEqualTo(1396);
        assertThat(session.address()).contains(windows.option(3));
        assertThat(windows.option(0x81)).isEqualTo(Ipv4Address.parse("9.9.9.9"));
        assertThat(windows.option(0x83)).isEqualTo(Ipv4Address.parse("1.1.1.1"));
        assertThat(windows.addresses).as("address and two name servers, WINS rejected").hasSize(18);
        assertThat(windows.ipv6Rejected).isTrue();
        assertPingsPass(windows);
        assertThat(session.traffic().packetsIn()).isEqualTo(3);
        assertThat(windows.acksOfServer).isPositive();
    }

    @Test
    void windowsIsConnectedWithinASecondThoughTheServersFirstRequestIsLost() {
        boolean[] lost = new boolean[1];
        world.weather((toServer, packet) -> {
            boolean first = !toServer && !lost[0];
            lost[0] |= first;
            return first ? World.Weather.LOST : 0;
        });
        connect(windows);
        assertThat(world.now()).isLessThan(1_000);
        assertPingsPass(windows);
    }

    /** How many packets a login and a good-bye have, at least. */
    private static final int PACKETS = 30;

    /** Loses one packet, in either direction. */
    private static World losing(int number) {
        World lossy = new World(NAME_SERVERS);
        int[] count = new int[1];
        lossy.weather((toServer, packet) -> count[0]++ == number ? World.Weather.LOST : 0);
        return lossy;
    }

    @Test
    void windowsIsConnectedAndHangsUpWhicheverPacketIsLost() {
        for (int lost = 0; lost < PACKETS; lost++) {
            World lossy = losing(lost);
            WindowsPeer peer = new WindowsPeer("LAB\\alice", "secret-a");
            Line line = lossy.connect(HOME, peer);
            lossy.runUntil("connected without packet " + lost + ": " + peer.transcript,
                    () -> peer.isUp() && line.session().isConnected());
            assertThat(lossy.now()).as("without packet %s", lost).isLessThan(10_000);
            peer.hangUp();
            lossy.runUntil("hung up without packet " + lost, () -> peer.hungUp && !line.isOpen());
        }
    }

    /** But for CHAP's Success, without which pppd waits until the server hangs up; then one dials again. */
    @Test
    void androidIsConnectedAndHangsUpWhicheverPacketIsLost() {
        int successes = 0;
        for (int lost = 0; lost < PACKETS; lost++) {
            World lossy = losing(lost);
            AndroidPeer peer = new AndroidPeer("alice", "secret-a");
            Line line = lossy.connect(HOME, peer);
            lossy.runUntil("connected without packet " + lost,
                    () -> peer.isUp() && line.session().isConnected() || peer.hungUp);
            if (peer.hungUp) {
                assertThat(peer.transcript).as("without packet %s", lost)
                        .noneMatch(entry -> entry.startsWith("PPP < c223 03"));
                successes++;
                continue;
            }
            assertThat(lossy.now()).as("without packet %s", lost).isLessThan(10_000);
            peer.hangUp();
            lossy.runUntil("hung up without packet " + lost, () -> !line.isOpen());
        }
        assertThat(successes).isEqualTo(1);
    }

    @Test
    void androidIsConnectedWithinASecondWhenNothingIsLost() {
        connect(android);
        assertThat(world.now()).isLessThan(1_000);
    }

    @Test
    void windowsHangsUp() {
        Line line = connect(windows);
        windows.hangUp();
        world.run(Duration.ofSeconds(2));
        assertThat(line.isOpen()).isFalse();
        assertThat(windows.hungUp).isTrue();
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.PEER_REQUEST);
        assertThat(world.record.ends.getFirst().detail()).isEqualTo("the peer closed the link");
    }

    @Test
    void windowsIsDisconnected() {
        Line line = connect(windows);
        line.connection().orElseThrow().end(TerminationReason.ADMIN, "by hand", world.now());
        world.run(Duration.ofSeconds(1));
        assertThat(line.isOpen()).isFalse();
        assertThat(world.record.ends.getFirst().reason()).isEqualTo(TerminationReason.ADMIN);
    }

    @Test
    void windowsWithAWrongPasswordIsTold691() {
        WindowsPeer wrong = new WindowsPeer("alice", "secret-b");
        world.connect(HOME, wrong);
        world.runUntil("the login failed", () -> wrong.loginFailed);
        assertThat(wrong.transcript).anyMatch(entry -> entry.startsWith("PPP < c223 04")
                && entry.contains(ScriptedPeer.text("E=691 R=1 C=".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void aPersonWhoTakesThreeQuartersOfAMinuteToTypeTheRightPasswordGetsIn() {
        WindowsPeer slow = new WindowsPeer("alice", "secret-b");
        Line line = world.connect(HOME, slow);
        world.runUntil("the login failed", () -> slow.loginFailed);
        world.run(Duration.ofSeconds(45));
        assertThat(line.isOpen()).isTrue();
        slow.retype("secret-a");
        world.runUntil("the client is connected", () -> slow.isUp() && line.session().isConnected());
        assertPingsPass(slow);
    }

    @Test
    void whoNeverTypesAnotherPasswordIsLetGoAfterAMinute() {
        WindowsPeer gone = new WindowsPeer("alice", "secret-b");
        Line line = world.connect(HOME, gone);
        world.runUntil("the login failed", () -> gone.loginFailed);
        world.run(Duration.ofSeconds(62));
        assertThat(line.isOpen()).isFalse();
        assertThat(world.sessions.pending()).isZero();
    }

    @Test
    void androidConnectsEncryptedAndTheServerSendsOnThoughNothingIsEverAcknowledged() {
        Session session = connect(android).session();
        assertThat(session.encryption()).contains(new MppeParameters(128, true));
        assertThat(android.option(0x81)).isEqualTo(Ipv4Address.parse("9.9.9.9"));
        assertThat(android.option(0x83)).isEqualTo(Ipv4Address.parse("1.1.1.1"));
        assertPingsPass(android);
        for (int i = 0; i < 200; i++) {
            world.datapath.send(Ping.request(World.GATEWAY, android.option(3), i, 900));
        }
        world.run(Duration.ofSeconds(1));
        assertThat(session.traffic().packetsIn()).isEqualTo(203);
    }

    @Test
    void androidConnectsAlthoughEveryThirdPacketOverTakesAnother() {
        int[] count = new int[1];
        world.weather((toServer, packet) -> ++count[0] % 3 == 0 ? 25 : 0);
        connect(android);
        world.weather((toServer, packet) -> 0);
        assertPingsPass(android);
    }

    @Test
    void androidHangsUpWithoutClearingTheCall() {
        Line line = connect(android);
        android.hangUp();
        world.run(Duration.ofSeconds(2));
        assertThat(line.isOpen()).isFalse();
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.PEER_REQUEST);
        assertThat(world.record.ends.getFirst().detail()).contains("User request");
    }

    @Test
    void androidIsDisconnected() {
        Line line = connect(android);
        line.connection().orElseThrow().end(TerminationReason.ADMIN, "by hand", world.now());
        world.run(Duration.ofSeconds(1));
        assertThat(line.isOpen()).isFalse();
        assertThat(world.record.ends.getFirst().reason()).isEqualTo(TerminationReason.ADMIN);
    }
}
