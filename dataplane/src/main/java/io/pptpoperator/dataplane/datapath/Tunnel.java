package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.gre.GreState;
import io.pptpoperator.dataplane.gre.ReceiveWindow;
import io.pptpoperator.dataplane.mppe.MppeDecryptor;
import io.pptpoperator.dataplane.mppe.MppeEncryptor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One session in the datapath: its GRE numbers, keys and limits. Made by the control loop; afterwards one worker owns
 * everything in it but the constants and the counters, so that the hot path needs no lock.
 */
public final class Tunnel {
    /** Control frames that may wait for the control loop at a time; a client never needs more in flight. */
    private static final int MAX_PENDING_FRAMES = 64;

    private final int callId;
    private final int peerCallId;
    private final int peerBits;
    private final int localBits;
    private final boolean encryptionRequired;
    private final Worker worker;
    private final TunnelListener listener;
    private final TrafficCounters traffic = new TrafficCounters();
    private final AtomicInteger pendingFrames = new AtomicInteger();
    /** Written by the control loop; while it is null no IP passes. */
    private volatile TunnelNetwork network;

    final GreState gre = new GreState();
    final ReceiveWindow window;
    boolean compressAddress;
    boolean compressProtocol;
    MppeEncryptor encryptor;
    MppeDecryptor decryptor;
    boolean ackQueued;
    boolean reorderQueued;
    boolean closed;

    Tunnel(TunnelSpec spec, int callId, Worker worker, ReceiveWindow window, TunnelListener listener) {
        this.callId = callId;
        this.peerCallId = spec.peerCallId();
        this.peerBits = spec.peer().bits();
        this.localBits = spec.local().bits();
        this.encryptionRequired = spec.encryptionRequired();
        this.worker = worker;
        this.window = window;
        this.listener = listener;
    }

    /** Our Call ID, which the client's GRE packets carry. */
    public int callId() {
        return callId;
    }

    /** Its traffic so far. */
    public TrafficCounters traffic() {
        return traffic;
    }

    int peerCallId() {
        return peerCallId;
    }

    int peerBits() {
        return peerBits;
    }

    int localBits() {
        return localBits;
    }

    Worker worker() {
        return worker;
    }

    /** Whether IP may pass in clear, in either direction. */
    boolean mayPassInClear() {
        return !encryptionRequired && encryptor == null && decryptor == null;
    }

    TunnelNetwork network() {
        return network;
    }

    void network(TunnelNetwork opened) {
        network = opened;
    }

    TunnelListener listener() {
        return listener;
    }

    /** Takes a place for a control frame on its way to the control loop; false when all are taken. */
    boolean tryEnqueueFrame() {
        if (pendingFrames.get() >= MAX_PENDING_FRAMES) {
            return false;
        }
        pendingFrames.incrementAndGet();
        return true;
    }

    /** Gives the place back. */
    void frameHandled() {
        pendingFrames.decrementAndGet();
    }
}
