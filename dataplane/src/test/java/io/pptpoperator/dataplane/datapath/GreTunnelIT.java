package io.pptpoperator.dataplane.datapath;

import static io.pptpoperator.dataplane.datapath.GreClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.mppe.MppeParameters;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Enhanced GRE between a real datapath and a client on the wire: numbers, acknowledgments, order, and what is dropped.
 */
class GreTunnelIT {
    /** LCP Configure-Request without options, with an identifier that tells frames apart. */
    private static byte[] lcp(int identifier) {
        return hex("ff03 c021 01 %02x 0004".formatted(identifier));
    }

    private DatapathLab lab;
    private GreClient client;

    @BeforeEach
    void connect() {
        lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN);
        client = lab.connect(true);
    }

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void aControlFrameReachesTheListenerAndIsAcknowledgedAloneWhenNoDataGoesItsWay() {
        client.sendFrame(lcp(1));
        assertThat(client.frames.next()).isEqualTo(lcp(1));
        GreEnd.Packet ack = client.next();
        assertThat(ack.hasData()).isFalse();
        assertThat(ack.flags()).isEqualTo(0x2081);
        assertThat(ack.ack()).isZero();
    }

    @Test
    void anAcknowledgmentRidesOnDataThatGoesItsWayInTime() {
        GreEnd.Packet data = answered(0);
        // Where this thread was kept from sending for a tenth of a second, the acknowledgment has left alone.
        for (int round = 1; !data.hasAck() && round < 50; round++) {
            data = answered(round);
        }
        assertThat(data.flags()).isEqualTo(0x3081);
        assertThat(data.ack()).isEqualTo(data.sequence());
        assertThat(data.payload()).isEqualTo(lcp(data.sequence()));
        client.sendFrame(lcp(3));
        GreEnd.Packet next = client.next();
        assertThat(next.hasData()).isFalse();
        assertThat(next.ack()).as("what the data carried is not acknowledged again").isEqualTo(data.sequence() + 1);
    }

    /** What the client is sent in answer to a frame of its own, both with this number. */
    private GreEnd.Packet answered(int number) {
        client.sendFrame(lcp(number));
        client.frames.next();
        client.tunnel.send(lcp(number));
        return client.nextData();
    }

    /** Waits for the acknowledgment of a number; while packets come slowly, lower ones are acknowledged before. */
    private static void awaitAck(GreClient of, int number) {
        GreEnd.Packet ack = of.next();
        while (ack.ack() != number) {
            ack = of.next();
        }
    }

    @Test
    void dataGoesOutThoughNothingIsEverAcknowledged() {
        for (int i = 0; i < 1_000; i++) {
            client.tunnel.send(lcp(i & 0xff));
        }
        for (int i = 0; i < 1_000; i++) {
            GreEnd.Packet packet = client.next();
            assertThat(packet.flags()).isEqualTo(0x3001);
            assertThat(packet.sequence()).isEqualTo(i);
            assertThat(packet.payload()).isEqualTo(lcp(i & 0xff));
        }
    }

    @Test
    void anyFirstNumberIsTakenAndNumbersGoRound() {
        client.sendFrame(-2, lcp(1));
        client.sendFrame(-1, lcp(2));
        client.sendFrame(0, lcp(3));
        for (int i = 1; i <= 3; i++) {
            assertThat(client.frames.next()).isEqualTo(lcp(i));
        }
        awaitAck(client, 0);
    }

    @Test
    void packetsThatComeEarlyAreBroughtIntoOrder() {
        GreClient patient = lab.connectWaitingForGaps(1);
        patient.sendFrame(0, lcp(0));
        patient.sendFrame(3, lcp(3));
        patient.sendFrame(1, lcp(1));
        patient.sendFrame(2, lcp(2));
        for (int i = 0; i <= 3; i++) {
            assertThat(patient.frames.next()).isEqualTo(lcp(i));
        }
        assertThat(patient.tunnel.traffic().reordered()).isPositive();
        awaitAck(patient, 3);
    }

    @Test
    void aPacketThatNeverComesIsGivenUp() {
        client.sendFrame(0, lcp(0));
        client.sendFrame(2, lcp(2));
        client.sendFrame(3, lcp(3));
        assertThat(client.frames.next()).isEqualTo(lcp(0));
        assertThat(client.frames.next()).isEqualTo(lcp(2));
        assertThat(client.frames.next()).isEqualTo(lcp(3));
        client.sendFrame(1, chap(1));
        lab.awaitDrops(DropCause.LATE, 1);
    }

    @Test
    void whatIsOutOfOrderIsDroppedButLcpWhichMayTellThatAClientHasBegunAnew() {
        client.sendFrame(10, chap(10));
        client.sendFrame(10, chap(10));
        lab.awaitDrops(DropCause.DUPLICATE, 1);
        client.sendFrame(9, chap(9));
        lab.awaitDrops(DropCause.LATE, 1);
        client.sendFrame(1 << 30, chap(11));
        lab.awaitDrops(DropCause.FAR_AHEAD, 1);
        for (int number : new int[]{10, 8, 1 << 30}) {
            client.sendFrame(number, lcp(number));
            assertThat(client.frames.nextOutOfOrder()).isEqualTo(lcp(number));
        }
        client.sendFrame(11, chap(11));
        assertThat(client.frames.next()).isEqualTo(chap(10));
        assertThat(client.frames.next()).isEqualTo(chap(11));
        assertThat(lab.datapath.drops(DropCause.LATE)).isEqualTo(1);
    }

    @Test
    void aClientThatIsKnownToHaveBegunAnewIsHeardFromItsFirstNumberOn() {
        client.sendFrame(5_000, chap(1));
        assertThat(client.frames.next()).isEqualTo(chap(1));
        client.tunnel.restartReceiving();
        client.awaitWorker();
        client.sendFrame(0, chap(2));
        client.sendFrame(1, chap(3));
        assertThat(client.frames.next()).isEqualTo(chap(2));
        assertThat(client.frames.next()).isEqualTo(chap(3));
    }

    /** Something that no network reorders on purpose. */
    private static byte[] chap(int number) {
        return hex("ff03 c223 04 %02x 0004".formatted(number & 0xff));
    }

    @Test
    void greOfAnotherAddressOrOfNoCallIsDroppedAndNobodyNotices() {
        GreClient thief = new GreClient(lab.clients, DatapathLab.CLIENT_HOST.plus(1), 1, client.tunnel, client.frames);
        thief.sendFrame(0, lcp(66));
        lab.awaitDrops(DropCause.WRONG_PEER, 1);
        int free = client.tunnel.callId() ^ 1;
        client.sendRaw(hex("3001 880b 0008 %04x 00000000 ff03c02101010004".formatted(free)));
        lab.awaitDrops(DropCause.UNKNOWN_CALL, 1);
        client.sendFrame(lcp(1));
        assertThat(client.frames.next()).isEqualTo(lcp(1));
    }

    @Test
    void malformedPacketsAreDroppedAndNobodyNotices() {
        String callId = "%04x".formatted(client.tunnel.callId());
        client.sendRaw(hex("b001 880b 0004 " + callId + " 00000000 00000000")); // a checksum
        client.sendRaw(hex("1001 880b 0004 " + callId + " 00000000 00000000")); // no key
        client.sendRaw(hex("3001 880b 00ff " + callId + " 00000000 00000000")); // a payload longer than the packet
        client.sendRaw(hex("2001 880b 0004 " + callId + " 00000000")); // data without a number
        client.sendRaw(hex("2001 880b 0000 " + callId)); // nothing at all
        lab.awaitDrops(DropCause.MALFORMED_GRE, 5);
        client.sendFrame(hex("ff03"));
        client.sendFrame(hex("00"));
        client.sendFrame(new byte[0]);
        lab.awaitDrops(DropCause.MALFORMED_PPP, 3);
        client.sendFrame(lcp(1));
        assertThat(client.frames.next()).isEqualTo(lcp(1));
    }

    @Test
    void whatIsNoEnhancedGreDoesNotEvenReachTheProcess() {
        client.sendRaw(hex("0000 0800 4500"));
        client.sendRaw(hex("3001 880b"));
        client.sendFrame(lcp(1));
        assertThat(client.frames.next()).isEqualTo(lcp(1));
        assertThat(lab.datapath.drops(DropCause.MALFORMED_GRE)).isZero();
    }

    @Test
    void everyWayToWriteAPppHeaderIsUnderstood() {
        for (String frame : new String[]{"ff03 c021 01010004", "c021 01010004", "ff03 8021 01010004", "8021 01010004",
                "ff03 5b 0102", "5b 0102"}) {
            client.sendFrame(hex(frame));
            assertThat(client.frames.next()).isEqualTo(hex(frame));
        }
    }

    @Test
    void anEncryptedPacketBeforeThereAreKeysIsDroppedAndTheSessionIsToldOnce() {
        byte[] early = hex("ff03 00fd 9000" + "00".repeat(40));
        for (int i = 0; i < 10; i++) {
            client.sendFrame(early);
        }
        lab.awaitDrops(DropCause.NO_KEYS, 10);
        assertThat(client.frames.next()).isEqualTo(early);
        client.sendFrame(lcp(1));
        byte[] next = client.frames.next();
        assertThat(next).satisfiesAnyOf(frame -> assertThat(frame).isEqualTo(lcp(1)),
                frame -> assertThat(frame).isEqualTo(early));
        assertThat(lab.datapath.isRunning()).isTrue();
    }

    @Test
    void packetsThatDoNotDecryptMakeTheSessionHopelessInTheEnd() {
        client.encrypt();
        for (int i = 0; i < 20; i++) {
            client.sendFrame(hex("ff03 00fd 90%02x".formatted(i) + "5a".repeat(60)));
        }
        lab.awaitDrops(DropCause.MPPE_MALFORMED, 20);
        Await.until("the session is hopeless", Await.PATIENCE, () -> client.frames.hopeless.get() > 0);
    }

    @Test
    void aLossInStatefulModeCallsForAResetUntilOneComes() {
        client.encrypt(new MppeParameters(128, false));
        client.openNetwork(DatapathLab.CLIENT);
        byte[] ping = Ping.request(DatapathLab.CLIENT, DatapathLab.HOST, 1, 20);
        client.sendIp(ping);
        assertThat(lab.host.next()).hasSize(ping.length);
        client.encrypted(ping); // lost
        client.sendIp(ping);
        lab.awaitDrops(DropCause.MPPE_AWAITING_RESET, 1);
        Await.until("a reset is asked for", Await.PATIENCE, () -> client.frames.resetsNeeded.get() == 1);
        Await.until("it is asked for again", Await.PATIENCE, () -> {
            client.sendIp(ping);
            return client.frames.resetsNeeded.get() > 1;
        });
    }

    @Test
    void aSessionThatDoesNotWorkItsFramesOffLosesSomeAndNoOtherSessionDoes() throws InterruptedException {
        GreClient other = lab.connect(DatapathLab.CLIENT_HOST.plus(1), true);
        CountDownLatch busy = new CountDownLatch(1);
        lab.controlLoop().execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 100; i++) {
            client.sendFrame(lcp(i));
        }
        lab.awaitDrops(DropCause.CONTROL_QUEUE_FULL, 36);
        other.sendFrame(lcp(200));
        busy.countDown();
        assertThat(other.frames.next()).isEqualTo(lcp(200));
        for (int i = 0; i < 64; i++) {
            assertThat(client.frames.next()).isEqualTo(lcp(i));
        }
        client.sendFrame(lcp(201));
        assertThat(client.frames.next()).isEqualTo(lcp(201));
    }

    @Test
    void whatWasSentBeforeATunnelIsClosedStillLeavesAndItsCallIdIsFreeAfterwards() {
        client.tunnel.send(lcp(1));
        client.tunnel.send(lcp(2));
        client.tunnel.close();
        client.tunnel.send(lcp(3));
        assertThat(client.next().payload()).isEqualTo(lcp(1));
        assertThat(client.next().payload()).isEqualTo(lcp(2));
        lab.awaitDrops(DropCause.SEND_FAILED, 1);
        client.sendFrame(lcp(4));
        lab.awaitDrops(DropCause.UNKNOWN_CALL, 1);
        assertThat(client.frames.waiting()).isZero();
        assertThat(lab.datapath.directory.contains(client.tunnel.callId())).isFalse();
    }

    @Test
    void aTunnelClosedWhileItHoldsPacketsAndOwesAcknowledgmentsIsForgotten() {
        GreClient patient = lab.connectWaitingForGaps(1);
        patient.sendFrame(0, lcp(0));
        patient.sendFrame(5, lcp(5));
        assertThat(patient.frames.next()).isEqualTo(lcp(0));
        patient.tunnel.close();
        client.sendFrame(lcp(9));
        assertThat(client.frames.next()).isEqualTo(lcp(9));
        awaitAck(client, 0);
        assertThat(patient.frames.waiting()).isZero();
    }
}
