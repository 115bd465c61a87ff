package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody who is not on the way forges GRE in a client's name, with its Call ID and a number that fits, which he finds
 * by trying them all. He sees no answer. The session lives on, encrypted, with the same keys.
 */
class BlindAttackTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final int GRE_DATA = 12;

    private final World world = new World("encryption: {policy: Preferred}");
    private final Dialer alice = Dialer.alice();
    private Line line;
    /** Of the last GRE packet to the server. */
    private int sequence;
    private int callId;

    @BeforeEach
    void connect() {
        world.weather((toServer, packet) -> {
            ByteBuffer gre = ByteBuffer.wrap(packet);
            if (toServer && GreHeader.hasSequence(gre, 0)) {
                sequence = GreHeader.sequence(gre, 0);
                callId = GreHeader.callId(gre, 0);
            }
            return 0;
        });
        line = LoginTest.connect(world, HOME, alice);
        LoginTest.assertPingsPass(world, alice);
    }

    private void forge(int number, String hex) {
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
        ByteBuffer packet = ByteBuffer.allocate(GRE_DATA + frame.length);
        GreHeader.writeData(packet, 0, callId, frame.length, number);
        packet.put(GRE_DATA, frame);
        world.datapath.receive(HOME, packet.array());
    }

    private void assertNothingHasChanged() {
        assertThat(world.record.ends).isEmpty();
        assertThat(world.record.notes).noneMatch(note -> note.startsWith("LCP begins anew"));
        assertThat(line.session().isConnected()).isTrue();
        assertThat(line.session().encryption()).isPresent();
        assertThat(world.datapath.tunnelOf(alice.address())).isPresent();
        assertThat(alice.tunnel().clear).isZero();
        assertThat(alice.tunnel().bogus).isZero();
        assertThat(world.datapath.drops(DropCause.NO_KEYS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff03c021 0577 0004", "ff03c021 0177 0004", "ff03c021 0677 0004",
            "ff03c021 0777 0008 01010004", "ff03c021 0877 0006 80fd", "ff03c021 0877 0006 c021", "80fd 0177 0004",
            "80fd 0177 000a 120601000040", "80fd 0577 0004", "80fd 0677 0004", "80fd 0777 0008 01010004",
            "80fd 0e77 0004", "c223 0177 0016 10 00000000000000000000000000000000 41"})
    void noPacketEndsOrRestartsAnything(String frame) {
        for (int i = 0; i < 3; i++) {
            forge(sequence + 1, frame);
            world.run(Duration.ofMillis(700));
        }
        world.run(Duration.ofSeconds(5));
        assertNothingHasChanged();
        // Whoever guesses a number takes it from the client's next packet: that one is lost.
        for (int i = 0; i < 3; i++) {
            alice.ping(World.GATEWAY, 20);
        }
        world.run(Duration.ofSeconds(1));
        LoginTest.assertPingsPass(world, alice);
        assertNothingHasChanged();
    }

    /** IPCP has no echo: what is believed of it in an idle link leads to a new negotiation, and so to no harm. */
    @ParameterizedTest
    @ValueSource(strings = {"8021 0177 0004", "8021 0577 0004", "8021 0677 0004", "ff03c021 0877 0006 8021"})
    void noPacketOfIpcpTakesTheNetworkAwayForLong(String frame) {
        forge(sequence + 1, frame);
        world.run(Duration.ofSeconds(5));
        assertNothingHasChanged();
        LoginTest.assertPingsPass(world, alice);
        forge(sequence + 1, frame);
        byte[] request = Ping.request(World.GATEWAY, alice.address(), 77, 40);
        for (int i = 0; i < 20; i++) {
            world.run(Duration.ofMillis(100));
            assertThat(world.datapath.send(request)).as("while the client talks").isTrue();
        }
    }

    @Test
    void aPacketFarAheadDoesNotStopTraffic() {
        for (int i = 0; i < 50; i++) {
            forge(sequence + (1 << 30), "80fd 0e77 0004");
            forge(sequence + (1 << 30) + 1, "ff03c021 0577 0004");
            LoginTest.assertPingsPass(world, alice);
        }
        assertNothingHasChanged();
    }

    @Test
    void aRealHangUpIsBelievedWithinASecondOrTwo() {
        alice.terminate();
        world.run(Duration.ofSeconds(2));
        assertThat(world.record.ends).extracting(RecordedEvents.End::reason)
                .containsExactly(TerminationReason.PEER_REQUEST);
    }

    /** A client whose machine was restarted goes on in the same call, its GRE numbered from 0 again. */
    @Test
    void aClientThatBeginsAnewAtZeroIsHeardWithinASecondOrTwo() {
        for (int i = 0; i < 300; i++) {
            alice.ping(World.GATEWAY, 20);
        }
        world.run(Duration.ofSeconds(1));
        Ipv4Address address = alice.address();
        alice.tunnel().numbersAnew();
        alice.beginsAnew();
        world.run(Duration.ofSeconds(2));
        assertThat(world.datapath.tunnelOf(address)).isPresent();
        assertThat(alice.isUp()).isTrue();
        assertThat(world.record.ends).isEmpty();
        LoginTest.assertPingsPass(world, alice);
    }
}
