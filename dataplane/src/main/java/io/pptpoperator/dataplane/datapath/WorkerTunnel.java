package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.tunnel.TunnelState;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One session in the datapath, as the worker that owns it has it. The control loop made it and has no part in it
 * afterwards: what it wants, {@link TunnelHandle} brings to the worker, so that the hot path needs no lock. A few
 * things are for both, each made for that: the network, its reach, whether DHCPINFORM is heard, the count of frames under
 * way, and the counters.
 */
final class WorkerTunnel extends TunnelState {
    /** Control frames that may wait for the control loop at a time; a client never needs more in flight. */
    private static final int MAX_PENDING_FRAMES = 64;

    private final int callId;
    private final int peerBits;
    private final int localBits;
    private final int worker;
    private final PeerPath path;
    private final TunnelListener listener;
    private final TrafficCounters traffic = new TrafficCounters();
    private final AtomicInteger pendingFrames = new AtomicInteger();
    /** Written by the control loop; while it is null no IP passes. */
    private volatile TunnelNetwork network;
    /** Written by the control loop; null: as far as the server-wide policy goes. */
    private volatile TunnelReach reach;
    /** Written by the control loop. */
    private volatile boolean hearsInforms;

    final FrameBudget frames = new FrameBudget();
    final FlowQueue fromClient = new FlowQueue();
    final FlowQueue toClient = new FlowQueue();
    boolean ackQueued;
    boolean reorderQueued;
    /** When its client's next DHCPINFORM may be heard, in milliseconds of the monotonic clock. */
    long nextInform;
    /** Null for a tunnel without limits. */
    LimitedTraffic limits;

    /**
     * A tunnel that nothing has passed yet.
     *
     * @param callId what the client's packets name
     * @param worker the index of the worker that owns it
     */
    WorkerTunnel(TunnelSpec spec, int callId, int worker, PeerPath path, ReceiveWindow window,
            TunnelListener listener) {
        super(spec.peerCallId(), spec.encryptionRequired(), window);
        this.callId = callId;
        this.peerBits = spec.peer().bits();
        this.localBits = spec.local().bits();
        this.worker = worker;
        this.path = path;
        this.listener = listener;
    }

    /**
     * A tunnel that goes on where another process' was.
     *
     * @param worker the index of the worker that owns it
     */
    WorkerTunnel(TunnelSpec spec, TunnelSnapshot before, int worker, PeerPath path, ReceiveWindow window,
            TunnelListener listener, long now) {
        super(before.state(), window, now);
        this.callId = before.callId();
        this.peerBits = spec.peer().bits();
        this.localBits = spec.local().bits();
        this.worker = worker;
        this.path = path;
        this.listener = listener;
        traffic.goOn(before.traffic());
    }

    int callId() {
        return callId;
    }

    /** The index of the worker that owns it. */
    int worker() {
        return worker;
    }

    int peerBits() {
        return peerBits;
    }

    int localBits() {
        return localBits;
    }

    /** The way to its peer, to be given back when it ends. */
    PeerPath path() {
        return path;
    }

    /** Where a packet socket may send to the peer right now; null while it must not. */
    NextHop nextHop() {
        return path.nextHop();
    }

    /** Told on the control loop what happens here. */
    TunnelListener listener() {
        return listener;
    }

    // For both threads.

    /** What IP may pass with; null while none may. */
    TunnelNetwork network() {
        return network;
    }

    /** Lets IP pass, or with null none any more. For the control loop. */
    void network(TunnelNetwork opened) {
        network = opened;
    }

    /** Where its client may send to; null: as far as the server-wide policy goes. */
    TunnelReach reach() {
        return reach;
    }

    /** Narrows where its client may send to. For the control loop. */
    void reach(TunnelReach narrowed) {
        reach = narrowed;
    }

    /** Whether DHCPINFORM of its client goes to the control loop. */
    boolean hearsInforms() {
        return hearsInforms;
    }

    /** Has DHCPINFORM of its client go to the control loop, or not. For the control loop. */
    void hearInforms(boolean heard) {
        hearsInforms = heard;
    }

    /** Whether its client and the others do not reach one another, whatever the server-wide policy says. */
    boolean isIsolated() {
        TunnelReach own = reach;
        return own != null && own.isolated();
    }

    /** The worker counts, anybody reads. */
    TrafficCounters traffic() {
        return traffic;
    }

    /** Takes a place for a control frame on its way to the control loop; false when all are taken. For the worker. */
    boolean tryEnqueueFrame() {
        if (pendingFrames.get() >= MAX_PENDING_FRAMES) {
            return false;
        }
        pendingFrames.incrementAndGet();
        return true;
    }

    /** Gives the place back. For the control loop. */
    void frameHandled() {
        pendingFrames.decrementAndGet();
    }

    /** Whether a control frame, or a call for help, is on its way to the control loop or being worked on there. */
    boolean awaitsControlLoop() {
        return pendingFrames.get() > 0;
    }
}
