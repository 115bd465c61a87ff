package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final int SLOTS = 64;
    private static final int QUANTUM = 3_000;
    private static final int PACKET = 1_000;

    private final FairQueue queue = new FairQueue(SLOTS, 1, QUANTUM);
    private final FlowQueue flood = new FlowQueue();
    private final FlowQueue quiet = new FlowQueue();

    /** Adds a packet; false when it was refused for being too many, or there was no slot at all. */
    private boolean offer(FlowQueue flow, int bytes) {
        int slot = queue.take();
        if (slot == FairQueue.NONE) {
            return false;
        }
        if (!queue.offer(flow, slot, bytes)) {
            queue.giveBack(slot);
            return false;
        }
        return true;
    }

    /** Takes a packet out and passes it on; whose it was, by how much shorter its queue is. */
    private boolean pollIsFrom(FlowQueue flow) {
        int before = flow.length;
        int slot = queue.poll();
        assertThat(slot).isNotEqualTo(FairQueue.NONE);
        queue.giveBack(slot);
        return flow.length < before;
    }

    @Test
    void aFloodLosesItsOwnPacketsAndTheQuietSessionNoneAndNeverWaitsLong() {
        int refused = 0;
        for (int round = 0; round < 1_000; round++) {
            for (int i = 0; i < 2 * SLOTS; i++) {
                refused += offer(flood, PACKET) ? 0 : 1;
            }
            assertThat(offer(quiet, 84)).as("room for the quiet session in round %s", round).isTrue();
            int passed = 0;
            boolean served = false;
            for (; passed < 8; passed++) {
                served |= pollIsFrom(quiet);
            }
            assertThat(served).as("the quiet session's turn in round %s", round).isTrue();
            assertThat(quiet.length).isZero();
        }
        assertThat(refused).isEqualTo(1_000 * 2 * SLOTS - 1_000 * 7 - flood.length);
        assertThat(flood.length).isLessThanOrEqualTo(SLOTS / 2);
    }

    @Test
    void whatASessionHadInAdvanceOthersGetFirst() {
        assertThat(offer(flood, PACKET)).isTrue();
        assertThat(pollIsFrom(flood)).isTrue();
        queue.charge(flood, 20 * QUANTUM);
        assertThat(offer(flood, PACKET)).isTrue();
        for (int i = 0; i < SLOTS / 2; i++) {
            assertThat(offer(quiet, PACKET)).isTrue();
        }
        for (int i = 0; i < SLOTS / 2; i++) {
            assertThat(pollIsFrom(quiet)).as("packet %s is the quiet session's", i).isTrue();
        }
        assertThat(pollIsFrom(flood)).as("the flood's turn once nobody else waits").isTrue();
    }

    @Test
    void severalFloodsLeaveRoomForOthers() {
        List<FlowQueue> floods = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            floods.add(new FlowQueue());
        }
        for (int i = 0; i < SLOTS; i++) {
            floods.forEach(flow -> offer(flow, PACKET));
        }
        assertThat(floods).allMatch(flow -> flow.length >= SLOTS / 8 - 1);
        assertThat(offer(quiet, PACKET)).isTrue();
    }

    @Test
    void sessionsGetTheSameBytesWhateverTheirPacketsLengths() {
        for (int i = 0; i < 20; i++) {
            assertThat(offer(flood, 1_500)).isTrue();
            assertThat(offer(quiet, 500)).isTrue();
        }
        int bytesOfFlood = 0;
        int bytesOfQuiet = 0;
        while (bytesOfQuiet < 9_000) {
            if (pollIsFrom(quiet)) {
                bytesOfQuiet += 500;
            } else {
                bytesOfFlood += 1_500;
            }
        }
        assertThat(bytesOfFlood).isBetween(9_000 - QUANTUM, 9_000 + QUANTUM);
    }

    @Test
    void aPacketLongerThanATurnGetsThroughWhileOthersGoOn() {
        queue.add(flood, SLOTS, 20 * QUANTUM);
        int passed = 0;
        boolean through = false;
        while (!through) {
            assertThat(offer(quiet, PACKET)).isTrue();
            int slot = queue.poll();
            through = slot == SLOTS;
            if (!through) {
                queue.giveBack(slot);
                passed++;
            }
        }
        assertThat(passed).isBetween(1, 20 * QUANTUM / PACKET + QUANTUM / PACKET);
        assertThat(queue.costOf(SLOTS)).isEqualTo(20 * QUANTUM);
    }

    /** Whatever comes: each session's packets in order, none lost, none twice, and every slot free in the end. */
    @Property
    void nothingIsLostOrReordered(@ForAll @Size(max = 500) List<@IntRange(min = 0, max = 9) Integer> events) {
        FairQueue fair = new FairQueue(16, 0, QUANTUM);
        List<FlowQueue> flows = List.of(new FlowQueue(), new FlowQueue(), new FlowQueue());
        List<Deque<Integer>> expected = List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
        int[] lengths = new int[3];
        for (int event : events) {
            if (event < 6) {
                int slot = fair.take();
                int session = event % 3;
                if (slot != FairQueue.NONE) {
                    if (fair.offer(flows.get(session), slot, 100 * (event + 1))) {
                        expected.get(session).add(slot);
                        lengths[session]++;
                    } else {
                        fair.giveBack(slot);
                    }
                }
            } else {
                takeOne(fair, flows, expected, lengths);
            }
        }
        while (!fair.isEmpty()) {
            takeOne(fair, flows, expected, lengths);
        }
        assertThat(expected).allMatch(Deque::isEmpty);
        Set<Integer> free = new HashSet<>();
        for (int slot = fair.take(); slot != FairQueue.NONE; slot = fair.take()) {
            free.add(slot);
        }
        assertThat(free).hasSize(16);
    }

    private static void takeOne(FairQueue fair, List<FlowQueue> flows, List<Deque<Integer>> expected, int[] lengths) {
        int slot = fair.poll();
        if (slot == FairQueue.NONE) {
            assertThat(expected).allMatch(Deque::isEmpty);
            return;
        }
        for (int session = 0; session < flows.size(); session++) {
            if (flows.get(session).length < lengths[session]) {
                lengths[session]--;
                assertThat(expected.get(session).poll()).isEqualTo(slot);
            }
        }
        fair.giveBack(slot);
    }
}
