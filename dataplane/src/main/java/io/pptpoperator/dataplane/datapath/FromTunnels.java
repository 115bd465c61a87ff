package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.protocol.tunnel.TunnelDrop;
import io.pptpoperator.protocol.tunnel.TunnelSink;
import java.nio.ByteBuffer;

/** Where a worker's packets go when they leave their tunnels: IP on its way to TUN, control frames to the control loop. */
final class FromTunnels implements TunnelSink<WorkerTunnel> {
    private final ReceiveBatch received;
    private final NativeBuffer released;
    private final IpFromClient ip;
    private final ControlLoop controlLoop;
    private final DueTunnels due;
    private final WorkerCounters counters;

    /**
     * Takes packets that lie in one of two buffers.
     *
     * @param received where packets come from the kernel
     * @param released where they lie once they were held
     */
    FromTunnels(ReceiveBatch received, NativeBuffer released, IpFromClient ip, ControlLoop controlLoop, DueTunnels due,
            WorkerCounters counters) {
        this.received = received;
        this.released = released;
        this.ip = ip;
        this.controlLoop = controlLoop;
        this.due = due;
        this.counters = counters;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // which buffer it is, not what it holds
    public void ip(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, boolean encrypted, long now) {
        if (encrypted) {
            tunnel.traffic().decrypted(now);
        }
        long address = packet == received.buffer() ? received.address() : released.address();
        ip.take(tunnel, packet, address, offset, length, now);
    }

    /** Allocates, unlike all else: it is a budget that bounds it. */
    @Override
    public void controlFrame(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, boolean inOrder,
            long now) {
        if (!tunnel.frames.take(now)) {
            counters.drop(DropCause.CONTROL_OVER_BUDGET);
            return;
        }
        byte[] frame = new byte[length];
        packet.get(offset, frame);
        boolean taken = controlLoop.call(tunnel, listener -> {
            if (inOrder) {
                listener.onControlFrame(frame);
            } else {
                listener.onFrameOutOfOrder(frame);
            }
        });
        if (!taken) {
            counters.drop(DropCause.CONTROL_QUEUE_FULL);
        }
    }

    @Override
    public void resetNeeded(WorkerTunnel tunnel) {
        controlLoop.call(tunnel, TunnelListener::onMppeResetNeeded);
    }

    @Override
    public void hopeless(WorkerTunnel tunnel) {
        controlLoop.call(tunnel, TunnelListener::onMppeHopeless);
    }

    @Override
    public void held(WorkerTunnel tunnel) {
        tunnel.traffic().countReordered();
        counters.traffic().countReordered();
        due.holdsPackets(tunnel);
    }

    @Override
    public void dropped(WorkerTunnel tunnel, TunnelDrop cause) {
        counters.drop(DropCause.of(cause));
    }
}
