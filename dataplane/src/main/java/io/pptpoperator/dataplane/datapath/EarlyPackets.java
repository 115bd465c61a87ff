package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Packets that overtook the control frame that opens their session's network. The frame goes by the control loop, the
 * packet right behind it does not; without a place to wait, a client's first packet would be lost now and then. Only
 * while a control frame of the session is under way is anything held, and little of it.
 */
final class EarlyPackets {
    private static final int MOST = 32;
    private static final long PATIENCE = 500;
    private static final int LONGEST = 2048;

    /** Takes a packet that need not wait any more; {@code address} is that of the buffer's first byte. */
    @FunctionalInterface
    interface Taker {
        void take(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length, long now);
    }

    private record Early(WorkerTunnel tunnel, byte[] packet, long deadline) {}

    private final ArrayDeque<Early> waiting = new ArrayDeque<>();
    private final NativeBuffer released = NativeBuffer.ofPackets(TunOutput.HEADROOM + LONGEST);

    /** Keeps a copy of the packet, unless nothing suggests that its network is about to open. */
    boolean hold(WorkerTunnel tunnel, ByteBuffer buffer, int offset, int length, long now) {
        if (!tunnel.awaitsControlLoop() || waiting.size() == MOST || length > LONGEST) {
            return false;
        }
        byte[] packet = new byte[length];
        buffer.get(offset, packet);
        waiting.addLast(new Early(tunnel, packet, now + PATIENCE));
        return true;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Passes on what may pass now, in order, and gives up what has waited in vain. */
    void release(Taker taker, WorkerCounters counters, long now) {
        for (int left = waiting.size(); left > 0; left--) {
            Early early = waiting.removeFirst();
            boolean awaited = early.tunnel().awaitsControlLoop() && now < early.deadline();
            if (early.tunnel().network() != null) {
                released.buffer().put(TunOutput.HEADROOM, early.packet());
                taker.take(early.tunnel(), released.buffer(), released.address(), TunOutput.HEADROOM,
                        early.packet().length, now);
            } else if (awaited) {
                waiting.addLast(early);
            } else {
                counters.drop(DropCause.NETWORK_NOT_OPEN);
            }
        }
    }
}
