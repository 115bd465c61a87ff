package io.pptpoperator.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.mppe.MppeParameters;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelTest {
    private static final MppeParameters MPPE = new MppeParameters(128, true);
    private static final MppeParameters STATEFUL = new MppeParameters(128, false);
    private static final byte[] ECHO = {(byte) 0xff, 3, (byte) 0xc0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0};
    private static final byte[] IPCP = {(byte) 0xff, 3, (byte) 0x80, 0x21, 1, 1, 0, 4};

    private final End server = End.server(false);
    private final End client = End.client(false);

    private void encrypt(MppeParameters parameters) {
        server.decrypt(parameters);
        server.encrypt(parameters);
        client.decrypt(parameters);
        client.encrypt(parameters);
    }

    @ParameterizedTest
    @CsvSource({"0, false, false, false", "0, false, true, true", "128, true, false, false", "128, true, true, true",
            "128, false, true, false", "56, true, false, true", "56, false, false, false", "40, true, true, false",
            "40, false, false, true"})
    void whatGoesInOnOneSideComesOutOnTheOther(int bits, boolean stateless, boolean address, boolean protocol) {
        if (bits > 0) {
            encrypt(new MppeParameters(bits, stateless));
        }
        client.state.compressHeaders(address, protocol);
        server.state.compressHeaders(address, protocol);
        for (int i = 0; i < 600; i++) {
            byte[] there = End.ipPacket(20 + i * 2, i);
            server.receive(client.packet(there));
            assertThat(server.ip.getLast()).isEqualTo(there);
            byte[] back = End.ipPacket(1_400 - i, i);
            client.receive(server.packet(back));
            assertThat(client.ip.getLast()).isEqualTo(back);
        }
        assertThat(server.encrypted).isEqualTo(bits > 0 ? 600 : 0);
        assertThat(server.drops).isEmpty();
        assertThat(client.drops).isEmpty();
    }

    @Test
    void packetsAreNumberedAndAcknowledgeWhatCame() {
        byte[] first = client.packet(End.ipPacket(40, 1));
        assertThat(GreHeader.sequence(ByteBuffer.wrap(first), 0)).isZero();
        assertThat(GreHeader.hasAck(ByteBuffer.wrap(first), 0)).isFalse();
        server.receive(first);
        assertThat(server.state.owesAck()).isTrue();
        assertThat(server.state.ackDeadline()).isEqualTo(server.now + GreState.ACK_DELAY);
        ByteBuffer answer = ByteBuffer.wrap(server.frame(ECHO));
        assertThat(GreHeader.hasAck(answer, 0)).isTrue();
        assertThat(GreHeader.ack(answer, 0)).isZero();
        assertThat(GreHeader.callId(answer, 0)).isEqualTo(7);
        assertThat(server.state.owesAck()).isFalse();
        server.receive(client.packet(End.ipPacket(40, 2)));
        ByteBuffer alone = ByteBuffer.wrap(server.acknowledgment());
        assertThat(GreHeader.hasSequence(alone, 0)).isFalse();
        assertThat(GreHeader.ack(alone, 0)).isEqualTo(1);
        client.receive(alone.array());
        assertThat(client.state.acksReceived()).isEqualTo(1);
        assertThat(client.state.owesAck()).as("an acknowledgment is not acknowledged").isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void packetsThatOvertookOthersComeOutInOrder(boolean encrypted) {
        if (encrypted) {
            encrypt(MPPE);
        }
        server.receive(client.packet(End.ipPacket(100, 0)));
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            List<byte[]> packets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                packets.add(client.packet(End.ipPacket(100 + i, round * 8 + i)));
            }
            Collections.shuffle(packets, random);
            server.receive(packets.toArray(byte[][]::new));
        }
        assertThat(server.ip).hasSize(401);
        for (int i = 0; i < 400; i++) {
            assertThat(server.ip.get(i + 1)).isEqualTo(End.ipPacket(100 + i % 8, i));
        }
        assertThat(server.held).isPositive();
        assertThat(server.drops).isEmpty();
        assertThat(server.state.heldUntil()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aGapIsGivenUpWhenItsTimeIsOver() {
        encrypt(MPPE);
        server.receive(client.packet(End.ipPacket(100, 0)));
        byte[] lost = client.packet(End.ipPacket(100, 1));
        server.receive(client.packet(End.ipPacket(100, 2)));
        assertThat(server.ip).hasSize(1);
        assertThat(server.state.heldUntil()).isEqualTo(server.now + End.PATIENCE);
        server.now += End.PATIENCE - 1;
        server.expire();
        assertThat(server.ip).hasSize(1);
        server.now++;
        server.expire();
        assertThat(server.ip).hasSize(2);
        assertThat(server.state.takeSkippedKeys()).as("the lost packet's key").isEqualTo(1);
        server.receive(lost);
        assertThat(server.drops).containsExactly(TunnelDrop.LATE);
    }

    @Test
    void onlyLcpIsHeardOutOfOrder() {
        byte[] echo = client.frame(ECHO);
        byte[] ipcp = client.frame(IPCP);
        server.receive(echo, ipcp, echo, ipcp);
        assertThat(server.frames).containsExactly(ECHO, IPCP);
        assertThat(server.framesOutOfOrder).containsExactly(ECHO);
        assertThat(server.drops).containsExactly(TunnelDrop.DUPLICATE);
    }

    @Test
    void aPeerThatCountsAnewIsHeardOnceItIsKnown() {
        for (int i = 0; i < 100; i++) {
            server.receive(client.frame(IPCP));
        }
        server.state.restartReceiving();
        server.receive(End.client(false).frame(ECHO));
        assertThat(server.frames).hasSize(101);
    }

    @Test
    void whatIsNoFrameIsDropped() {
        server.receive(client.frame(new byte[0]), client.frame(new byte[]{(byte) 0xff, 3}),
                client.frame(new byte[]{0}));
        assertThat(server.drops).containsOnly(TunnelDrop.MALFORMED_PPP).hasSize(3);
        assertThat(server.frames).isEmpty();
    }

    /** The peer believes that CCP is open; the link is told now and then, and sees the frame. */
    @Test
    void encryptedPacketsWithoutKeysAreDroppedAndOneInAHundredMillisecondsIsShown() {
        client.encrypt(MPPE);
        for (int i = 0; i < 50; i++) {
            server.receive(client.packet(End.ipPacket(100, i)));
            server.now += 10;
        }
        assertThat(server.drops).containsOnly(TunnelDrop.NO_KEYS).hasSize(50);
        assertThat(server.frames).hasSize(5);
        assertThat(server.ip).isEmpty();
    }

    @Test
    void aLossInAStatefulStreamAsksForAResetUntilOneHasCome() {
        encrypt(STATEFUL);
        server.receive(client.packet(End.ipPacket(100, 0)));
        client.packet(End.ipPacket(100, 1));
        for (int i = 0; i < 30; i++) {
            server.receive(client.packet(End.ipPacket(100, 2 + i)));
            server.now += 10;
        }
        server.now += End.PATIENCE;
        server.expire();
        assertThat(server.ip).hasSize(1);
        assertThat(server.drops).containsOnly(TunnelDrop.MPPE_AWAITING_RESET);
        assertThat(server.resetsNeeded).isBetween(2, 4);
        client.state.resetEncryption();
        byte[] fresh = End.ipPacket(100, 99);
        server.receive(client.packet(fresh));
        assertThat(server.ip.getLast()).isEqualTo(fresh);
    }

    @Test
    void differentKeysAreToldHopeless() {
        server.decrypt(MPPE);
        End stranger = End.server(false);
        stranger.encrypt(MPPE);
        for (int i = 0; i < 40; i++) {
            server.receive(stranger.packet(End.ipPacket(200, i)));
        }
        assertThat(server.ip).isEmpty();
        assertThat(server.hopeless).isPositive();
        assertThat(server.drops).containsOnly(TunnelDrop.MPPE_MALFORMED);
    }

    @Test
    void aTunnelSendsOnceItsPeerHasAnsweredAndUntilItIsClosed() {
        TunnelState dialled = new TunnelState(TunnelState.NOT_YET, true,
                new ReceiveWindow(new ReorderSlab(2, 100), 0, 0));
        assertThat(dialled.canSend()).isFalse();
        dialled.answered(0x1234);
        assertThat(dialled.canSend()).isTrue();
        ByteBuffer packet = ByteBuffer.allocateDirect(100);
        new TunnelSender(1).frame(dialled, packet, 0, ECHO, 0);
        assertThat(GreHeader.callId(packet, 0)).isEqualTo(0x1234);
        dialled.close();
        assertThat(dialled.canSend()).isFalse();
        assertThat(dialled.isClosed()).isTrue();
    }

    /** More packets than are decrypted together, of two tunnels, come out in each one's order. */
    @Test
    void moreThanABatchAtOnceLosesNothing() {
        encrypt(MPPE);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            packets.add(client.packet(End.ipPacket(60 + i, i)));
        }
        server.receive(packets.toArray(byte[][]::new));
        assertThat(server.ip).hasSize(30);
        for (int i = 0; i < 30; i++) {
            assertThat(server.ip.get(i)).isEqualTo(End.ipPacket(60 + i, i));
        }
    }

    /** Counted by the JVM itself, both ways, with every fourth packet early. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPacketsWayAllocatesNothing(boolean encrypted) {
        int packets = 20_000;
        Round round = new Round();
        if (encrypted) {
            round.encrypt();
        }
        round.run(packets);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        round.run(packets);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(packets);
        assertThat(round.arrived).isEqualTo(2 * packets);
        assertThat(round.held).isPositive();
    }

    /** Packets from one end to the other in memory of their own. */
    private static final class Round implements TunnelSink<TunnelState> {
        private static final int SLOT = 256;
        private static final int GROUP = 4;
        private final ByteBuffer wire = ByteBuffer.allocateDirect(GROUP * SLOT);
        private final int[] lengths = new int[GROUP];
        private final TunnelSender sender = new TunnelSender(GROUP);
        private final TunnelReceiver<TunnelState> receiver = new TunnelReceiver<>(this, GROUP,
                ByteBuffer.allocateDirect(SLOT), 0);
        private final End from = End.client(false);
        private final End to = End.server(false);
        private final byte[] packet = End.ipPacket(100, 1);
        private int arrived;
        private int held;

        void encrypt() {
            from.encrypt(MPPE);
            to.decrypt(MPPE);
        }

        void run(int packets) {
            for (int i = 0; i < packets; i += GROUP) {
                for (int slot = 0; slot < GROUP; slot++) {
                    wire.put(sender.beginIp(from.state, wire, slot * SLOT), packet);
                    lengths[slot] = sender.endIp(from.state, packet.length, i);
                }
                sender.finish();
                for (int slot : i == 0 && arrived == 0 ? IN_ORDER : SWAPPED) {
                    int header = GreHeader.validate(wire, slot * SLOT, lengths[slot]);
                    receiver.receive(to.state, wire, slot * SLOT, header, i);
                }
                receiver.finish(i);
            }
        }

        private static final int[] IN_ORDER = {0, 1, 2, 3};
        private static final int[] SWAPPED = {0, 2, 1, 3};

        @Override
        public void ip(TunnelState tunnel, ByteBuffer buffer, int offset, int length, boolean encrypted, long now) {
            arrived++;
        }

        @Override
        public void controlFrame(TunnelState tunnel, ByteBuffer buffer, int offset, int length, boolean inOrder,
                long now) {
            throw new AssertionError("no control frame was sent");
        }

        @Override
        public void resetNeeded(TunnelState tunnel) {
            throw new AssertionError("nothing was lost");
        }

        @Override
        public void hopeless(TunnelState tunnel) {
            throw new AssertionError("the keys are the same");
        }

        @Override
        public void held(TunnelState tunnel) {
            held++;
        }

        @Override
        public void dropped(TunnelState tunnel, TunnelDrop cause) {
            throw new AssertionError("dropped: " + cause);
        }
    }
}
