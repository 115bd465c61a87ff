package io.pptpoperator.dataplane.datapath;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The tunnels by our Call ID. A Call ID is 16 bits, so the table is an array: one load finds a session, whether there
 * is one or ten thousand. IDs are unique over all peers, which RFC 2637 section 3.2.2 does not ask for but which keeps
 * sessions of clients behind one NAT apart by construction; whether the packet came from the session's peer is checked
 * after the look-up.
 *
 * <p>The control loop writes, every worker reads: a slot is published before the Outgoing-Call-Reply that names it is
 * sent, so that no GRE packet of the client can come too early.
 */
final class CallTable {
    private static final int SIZE = 1 << 16;

    private final AtomicReferenceArray<WorkerTunnel> tunnels = new AtomicReferenceArray<>(SIZE);

    /** Whether {@code callId} is taken. */
    boolean contains(int callId) {
        return tunnels.getPlain(callId) != null;
    }

    /** Publishes a tunnel under its Call ID. */
    void put(WorkerTunnel tunnel) {
        if (!tunnels.compareAndSet(tunnel.callId(), null, tunnel)) {
            throw new IllegalStateException("Call ID " + tunnel.callId() + " is taken");
        }
    }

    /** Frees a tunnel's Call ID. */
    void remove(WorkerTunnel tunnel) {
        tunnels.compareAndSet(tunnel.callId(), tunnel, null);
    }

    /** The tunnel with this Call ID of whatever peer, or null. */
    WorkerTunnel get(int callId) {
        return tunnels.getAcquire(callId);
    }

    /** How many Call IDs there are to give: all but 0. */
    static int capacity() {
        return SIZE - 1;
    }
}
