package io.pptpoperator.protocol.gre;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The path of a packet must not make garbage: counted by the JVM itself. */
class GreAllocationTest {
    private static final int PACKETS = 20_000;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(1500);
    private final ReceiveWindow window = new ReceiveWindow(new ReorderSlab(64, 1500), 16, 50);
    private final GreState state = new GreState();
    private int handled;

    /** Receives packets of which every other pair is swapped and every hundredth is missing, and answers each. */
    private void run(int first) {
        for (int i = first; i < first + PACKETS; i++) {
            int sequence = i % 4 == 0 ? i + 1 : i % 4 == 1 ? i - 1 : i;
            if (sequence % 100 == 99) {
                continue;
            }
            GreHeader.writeDataWithAck(packet, 0, 5, 1400, sequence, i);
            int header = GreHeader.validate(packet, 0, 1416);
            state.onAck(GreHeader.ack(packet, 0), i);
            if (window.offer(GreHeader.sequence(packet, 0), packet, header, 1400, i) == ReceiveWindow.Verdict.DELIVER) {
                handled++;
            }
            while (window.nextHeld()) {
                handled += window.heldLength() == 1400 ? 1 : 0;
            }
            window.expire(i);
            state.oweAck(window.highest(), i);
            GreHeader.writeDataWithAck(packet, 0, 6, 1400, state.takeSequence(i), state.takeAck());
        }
    }

    @Test
    void aPacketsWayAllocatesNothing() {
        run(0);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(PACKETS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(PACKETS);
        assertThat(window.reordered()).isPositive();
        assertThat(handled).isGreaterThan(2 * PACKETS * 98 / 100);
    }
}
