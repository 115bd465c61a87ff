package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One session in the datapath: its GRE numbers, keys and limits. Made by the control loop; afterwards one worker owns
 * everything in it but the constants and the counters, so that the hot path needs no lock.
 */
final class WorkerTunnel implements DialedTunnel {
    /** Milliseconds between two calls for the control loop's help: undecipherable packets come in floods. */
    private static final long HELP_PAUSE = 100;
    /** Control frames that may wait for the control loop at a time; a client never needs more in flight. */
    private static final int MAX_PENDING_FRAMES = 64;

    private final Datapath datapath;
    private final int callId;
    private final int peerBits;
    private final int localBits;
    private final boolean encryptionRequired;
    private final Worker worker;
    private final PeerPath path;
    private final TunnelListener listener;
    private final TrafficCounters traffic = new TrafficCounters();
    private final AtomicInteger pendingFrames = new AtomicInteger();
    /** Written by the control loop; while it is null no IP passes. */
    private volatile TunnelNetwork network;

    /** Which call our packets name; {@link TunnelSpec#NOT_YET} while a server has not said. */
    private int peerCallId;
    final GreState gre = new GreState();
    final ReceiveWindow window;
    boolean compressAddress;
    boolean compressProtocol;
    MppeEncryptor encryptor;
    MppeDecryptor decryptor;
    final FrameBudget frames = new FrameBudget();
    final Turn fromClient = new Turn(this);
    final Turn toClient = new Turn(this);
    /** A link that was encrypted once is never clear again (RFC 3078 section 2). */
    private boolean encryptionBegun;
    boolean ackQueued;
    boolean reorderQueued;
    boolean closed;
    private long nextHelp = Long.MIN_VALUE;

    WorkerTunnel(Datapath datapath, TunnelSpec spec, int callId, Worker worker, PeerPath path, ReceiveWindow window,
            TunnelListener listener) {
        this.datapath = datapath;
        this.callId = callId;
        this.peerCallId = spec.peerCallId();
        this.peerBits = spec.peer().bits();
        this.localBits = spec.local().bits();
        this.encryptionRequired = spec.encryptionRequired();
        this.worker = worker;
        this.path = path;
        this.window = window;
        this.listener = listener;
    }

    @Override
    public int callId() {
        return callId;
    }

    @Override
    public void answered(int serversCallId) {
        worker.execute(() -> peerCallId = serversCallId);
    }

    @Override
    public TrafficCounters traffic() {
        return traffic;
    }

    @Override
    public void send(byte[] pppFrame) {
        worker.execute(() -> worker.sender().sendFrame(this, pppFrame, MonotonicClock.millis()));
    }

    @Override
    public void compressHeaders(boolean addressAndControl, boolean protocol) {
        worker.execute(() -> {
            compressAddress = addressAndControl;
            compressProtocol = protocol;
        });
    }

    @Override
    public void decrypt(MppeDecryptor fresh) {
        worker.execute(() -> decryptor = fresh);
    }

    @Override
    public void encrypt(MppeEncryptor fresh) {
        worker.execute(() -> {
            encryptor = fresh;
            encryptionBegun = true;
        });
    }

    @Override
    public void stopEncryption() {
        worker.execute(() -> {
            encryptor = null;
            decryptor = null;
        });
    }

    @Override
    public void resetEncryption() {
        worker.execute(() -> {
            if (encryptor != null) {
                encryptor.reset();
            }
        });
    }

    @Override
    public void restartReceiving() {
        worker.execute(window::restart);
    }

    @Override
    public void openNetwork(TunnelNetwork opened) {
        closeNetwork();
        network = opened;
        datapath.routes().put(new Ipv4Prefix(opened.clientAddress(), 32), this);
        reclaimRoutes();
    }

    @Override
    public void reclaimRoutes() {
        TunnelNetwork open = network;
        if (open != null) {
            open.routes().forEach(route -> datapath.routes().put(route, this));
        }
    }

    @Override
    public void closeNetwork() {
        TunnelNetwork open = network;
        if (open != null) {
            network = null;
            datapath.routes().remove(new Ipv4Prefix(open.clientAddress(), 32), this);
            open.routes().forEach(route -> datapath.routes().remove(route, this));
        }
    }

    @Override
    public void close() {
        closeNetwork();
        worker.execute(() -> {
            if (!closed) {
                closed = true;
                window.close();
                datapath.calls().remove(this);
                datapath.release(path);
            }
        });
    }

    /** Whether anything can be sent. */
    boolean mayAnswer() {
        return !closed && peerCallId != TunnelSpec.NOT_YET;
    }

    int peerCallId() {
        return peerCallId;
    }

    /** Where a packet socket may send to the peer right now; null while it must not. */
    NextHop nextHop() {
        return path.nextHop();
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
        return !encryptionRequired && !encryptionBegun && decryptor == null;
    }

    TunnelNetwork network() {
        return network;
    }

    TunnelListener listener() {
        return listener;
    }

    /** Whether it is time to tell the control loop, again, that packets cannot be decrypted. */
    boolean mayCallForHelp(long now) {
        if (now < nextHelp) {
            return false;
        }
        nextHelp = now + HELP_PAUSE;
        return true;
    }

    /** Takes a place for a control frame on its way to the control loop; false when all are taken. */
    boolean tryEnqueueFrame() {
        if (pendingFrames.get() >= MAX_PENDING_FRAMES) {
            return false;
        }
        pendingFrames.incrementAndGet();
        return true;
    }

    /** Whether a control frame, or a call for help, is on its way to the control loop or being worked on there. */
    boolean awaitsControlLoop() {
        return pendingFrames.get() > 0;
    }

    /** Gives the place back. */
    void frameHandled() {
        pendingFrames.decrementAndGet();
    }
}
