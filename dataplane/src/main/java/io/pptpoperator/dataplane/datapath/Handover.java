package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.EventFd;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Packets that arrived on one worker's TUN queue for a session of another: a ring from each worker to each other one,
 * since a ring has one producer and one consumer.
 */
final class Handover {
    private final List<EventFd> wakeUps;
    /** By who takes packets out, and by who puts them in; null from a worker to itself. */
    private final PacketRing[][] rings;

    /** With nothing in it; {@code wakeUps} are those of the workers, by index. */
    Handover(List<EventFd> wakeUps) {
        this.wakeUps = List.copyOf(wakeUps);
        int workers = wakeUps.size();
        rings = new PacketRing[workers][workers];
        for (int to = 0; to < workers; to++) {
            for (int from = 0; from < workers; from++) {
                rings[to][from] = from == to ? null : new PacketRing();
            }
        }
    }

    /** Hands a packet over and wakes the worker up that it is for; false when there is no room. */
    boolean offer(int from, int to, ByteBuffer packet, int offset, int length) {
        if (!rings[to][from].offer(packet, offset, length)) {
            return false;
        }
        wakeUps.get(to).signal();
        return true;
    }

    /** What others hand over to a worker, by their index; null in its own place. */
    PacketRing[] to(int worker) {
        return rings[worker];
    }
}
