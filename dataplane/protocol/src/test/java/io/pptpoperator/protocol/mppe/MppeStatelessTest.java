package io.pptpoperator.protocol.mppe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MppeStatelessTest {
    private static final MppeParameters STATELESS_128 = new MppeParameters(128, true);

    private final MppeWorkspace workspace = new MppeWorkspace();
    private final Random random = new Random(1);

    /** A sender, a receiver, and the GRE sequence numbers between them. */
    private final class Tunnel {
        final ReferenceSender sender;
        final MppeDecryptor decryptor;

        Tunnel(MppeParameters parameters) {
            byte[] key = TestPackets.key(random, parameters);
            sender = new ReferenceSender(parameters, key, false);
            decryptor = new MppeDecryptor(parameters, key);
        }

        void lose(int packets) {
            for (int k = 0; k < packets; k++) {
                sender.encrypt(new byte[1]);
            }
        }

        MppeVerdict receive(byte[] packet, int sequence) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
            return decryptor.decrypt(buffer, 0, packet.length, sequence, workspace);
        }

        MppeVerdict sendAndReceive(int sequence) {
            return receive(sender.encrypt(TestPackets.ipv4(random, 40)), sequence);
        }
    }

    @Property(tries = 200)
    void encryptsAsTheReferenceDoes(@ForAll long seed, @ForAll MppeStrength strength,
            @ForAll @IntRange(min = 20, max = 1500) int length) {
        Random packets = new Random(seed);
        var parameters = new MppeParameters(strength.bits(), true);
        byte[] key = TestPackets.key(packets, parameters);
        var reference = new ReferenceSender(parameters, key, false);
        var encryptor = new MppeEncryptor(parameters, key);
        for (int k = 0; k < 10; k++) {
            byte[] data = TestPackets.ipv4(packets, length);
            ByteBuffer buffer = TestPackets.buffer(data, 7);
            encryptor.encrypt(buffer, 7, data.length + 2, workspace);
            assertThat(TestPackets.bytes(buffer, 7, data.length + 2)).isEqualTo(reference.encrypt(data));
        }
    }

    @Property(tries = 200)
    void whatArrivesInOrderIsDecryptedWhateverIsLostOrLate(@ForAll long seed, @ForAll MppeStrength strength) {
        Random network = new Random(seed);
        var parameters = new MppeParameters(strength.bits(), true);
        byte[] key = TestPackets.key(network, parameters);
        var reference = new ReferenceSender(parameters, key, false);
        var decryptor = new MppeDecryptor(parameters, key);
        byte[] delayed = null;
        int delayedSequence = 0;
        int sequence = network.nextInt();
        for (int k = 0; k < 60; k++) {
            sequence += 1 + network.nextInt(3);
            byte[] data = TestPackets.ipv4(network, 20 + network.nextInt(100));
            byte[] packet = reference.encrypt(data);
            switch (network.nextInt(4)) {
                case 0 -> {
                    delayed = packet;
                    delayedSequence = sequence;
                }
                case 1 -> {
                }
                default -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
                    assertThat(decryptor.decrypt(buffer, 0, packet.length, sequence, workspace))
                            .isEqualTo(MppeVerdict.OK);
                    assertThat(TestPackets.bytes(buffer, 2, data.length)).isEqualTo(data);
                    if (delayed != null) {
                        ByteBuffer late = ByteBuffer.allocateDirect(delayed.length).put(0, delayed);
                        assertThat(decryptor.decrypt(late, 0, delayed.length, delayedSequence, workspace))
                                .isEqualTo(MppeVerdict.LATE);
                    }
                }
            }
        }
    }

    /** The count has 12 bits; only the GRE sequence number tells how often it went round. */
    @ParameterizedTest
    @ValueSource(ints = {2_047, 2_048, 4_094, 4_095, 4_096, 4_097, 5_000, 8_191, 8_192, 60_000})
    void gapIsBridgedWhenGreProvesIt(int lost) {
        var tunnel = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(-5)).isEqualTo(MppeVerdict.OK);
        tunnel.lose(lost);
        assertThat(tunnel.sendAndReceive(-5 + lost + 1)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.sendAndReceive(-5 + lost + 2)).isEqualTo(MppeVerdict.OK);
    }

    @Test
    void controlPacketsAmongTheLostOnesDoNotMisleadTheCount() {
        var tunnel = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(0)).isEqualTo(MppeVerdict.OK);
        tunnel.lose(5_000);
        assertThat(tunnel.sendAndReceive(5_001 + 900)).isEqualTo(MppeVerdict.OK);
    }

    @ParameterizedTest
    @CsvSource({"2046, OK", "2048, LATE", "4000, LATE"})
    void countAloneIsTrustedOverHalfItsRange(int lost, MppeVerdict verdict) {
        var tunnel = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(100)).isEqualTo(MppeVerdict.OK);
        tunnel.lose(lost);
        assertThat(tunnel.sendAndReceive(101)).isEqualTo(verdict);
    }

    @Test
    void firstPacketsMayBeLost() {
        var tunnel = new Tunnel(STATELESS_128);
        tunnel.lose(17);
        assertThat(tunnel.sendAndReceive(400_000)).isEqualTo(MppeVerdict.OK);
    }

    @Test
    void duplicateIsLate() {
        var tunnel = new Tunnel(STATELESS_128);
        byte[] packet = tunnel.sender.encrypt(TestPackets.ipv4(random, 40));
        assertThat(tunnel.receive(packet, 8)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.receive(packet, 8)).isEqualTo(MppeVerdict.LATE);
        assertThat(tunnel.receive(packet, 9)).isEqualTo(MppeVerdict.LATE);
    }

    /** LCP echoes use up GRE sequence numbers too. */
    @Test
    void idleNightIsNoLoss() {
        var tunnel = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(0)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.sendAndReceive(1_000_000)).isEqualTo(MppeVerdict.OK);
        tunnel.lose(10);
        assertThat(tunnel.sendAndReceive(2_000_000)).isEqualTo(MppeVerdict.OK);
    }

    @Test
    void searchForALostRoundIsNotRepeatedForEachForgery() {
        var tunnel = new Tunnel(STATELESS_128);
        var stranger = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(0)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.receive(stranger.sender.encrypt(TestPackets.ipv4(random, 40)), 50_000))
                .isEqualTo(MppeVerdict.BOGUS);
        stranger.lose(3);
        assertThat(tunnel.receive(stranger.sender.encrypt(TestPackets.ipv4(random, 40)), 50_001))
                .isEqualTo(MppeVerdict.BOGUS);
        tunnel.lose(4_096);
        assertThat(tunnel.sendAndReceive(50_002)).as("a search so soon after one that failed")
                .isEqualTo(MppeVerdict.BOGUS);
    }

    @Property(tries = 300)
    void forgedPacketsNeitherPassNorMoveTheKeys(@ForAll byte[] forged, @ForAll @IntRange(max = 70_000) int sequence) {
        var tunnel = new Tunnel(STATELESS_128);
        assertThat(tunnel.sendAndReceive(0)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.receive(forged, sequence)).isNotEqualTo(MppeVerdict.OK);
        assertThat(tunnel.sendAndReceive(1)).isEqualTo(MppeVerdict.OK);
    }

    @ParameterizedTest
    @CsvSource({"8000, NOT_ENCRYPTED", "0000, NOT_ENCRYPTED", "1000, BOGUS", "9000, BOGUS"})
    void headerMustSayFlushedAndEncrypted(String header, MppeVerdict verdict) {
        var tunnel = new Tunnel(STATELESS_128);
        byte[] packet = new byte[60];
        packet[0] = (byte) (Integer.parseInt(header, 16) >> 8);
        assertThat(tunnel.receive(packet, 0)).isEqualTo(verdict);
    }

    @Test
    void wrongKeysEndInHopelessness() {
        var tunnel = new Tunnel(STATELESS_128);
        var stranger = new Tunnel(STATELESS_128);
        for (int k = 0; k < 16; k++) {
            assertThat(tunnel.decryptor.isHopeless()).isFalse();
            assertThat(tunnel.receive(stranger.sender.encrypt(TestPackets.ipv4(random, 40)), k))
                    .isEqualTo(MppeVerdict.BOGUS);
        }
        assertThat(tunnel.decryptor.isHopeless()).isTrue();
        tunnel.lose(16);
        assertThat(tunnel.sendAndReceive(16)).isEqualTo(MppeVerdict.OK);
        assertThat(tunnel.decryptor.isHopeless()).isFalse();
    }

    @Test
    void startKeyOfAnotherStrengthIsRefused() {
        assertThatThrownBy(() -> new MppeEncryptor(new MppeParameters(40, true), new byte[16]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an MPPE start key for 40 bits has 8 bytes, not 16");
    }
}
