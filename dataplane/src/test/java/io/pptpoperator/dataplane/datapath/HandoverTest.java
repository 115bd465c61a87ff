package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.EventFd;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final int WORKERS = 3;
    private static final int ENOUGH = 100_000;

    @Test
    void aPacketReachesTheWorkerItIsForAndWakesNoOther() {
        List<EventFd> wakeUps = List.of(new EventFd(), new EventFd(), new EventFd());
        Handover handover = new Handover(wakeUps);
        ByteBuffer packet = ByteBuffer.allocate(8).putLong(0, 0x0123_4567_89ab_cdefL);
        assertThat(handover.offer(0, 2, packet, 2, 5)).isTrue();
        PacketRing ring = handover.to(2)[0];
        assertThat(ring.isEmpty()).isFalse();
        assertThat(ring.packetLength()).isEqualTo(5);
        assertThat(ring.memory().getInt(ring.packetOffset())).isEqualTo(0x4567_89ab);
        assertThat(wakeUps.get(2).drain()).isTrue();
        for (int to = 0; to < WORKERS; to++) {
            assertThat(handover.to(to)[to]).as("to itself").isNull();
            for (int from = 0; from < WORKERS; from++) {
                assertThat(from == to || from == 0 && to == 2 || handover.to(to)[from].isEmpty()).isTrue();
            }
            assertThat(wakeUps.get(to).drain()).as("worker %s was woken up", to).isFalse();
        }
        wakeUps.forEach(EventFd::close);
    }

    @Test
    void aRingThatIsFullTakesNoMoreAndOthersDo() {
        List<EventFd> wakeUps = List.of(new EventFd(), new EventFd(), new EventFd());
        Handover handover = new Handover(wakeUps);
        ByteBuffer packet = ByteBuffer.allocate(1_400);
        int taken = 0;
        while (taken < ENOUGH && handover.offer(1, 0, packet, 0, 1_400)) {
            taken++;
        }
        assertThat(taken).isBetween(500, ENOUGH - 1);
        assertThat(handover.offer(2, 0, packet, 0, 1_400)).isTrue();
        handover.to(0)[1].release();
        assertThat(handover.offer(1, 0, packet, 0, 1_400)).isTrue();
        wakeUps.forEach(EventFd::close);
    }
}
