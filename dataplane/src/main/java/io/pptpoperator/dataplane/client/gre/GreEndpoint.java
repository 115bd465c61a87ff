package io.pptpoperator.dataplane.client.gre;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.dataplane.linux.GreFilter;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.tunnel.TunnelReceiver;
import io.pptpoperator.protocol.tunnel.TunnelSender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The GRE of any number of calls over one raw socket. Everything but the receiving itself happens on one event loop, so
 * that a call's state needs no lock; what a turn of the loop sends leaves in one system call.
 */
public final class GreEndpoint implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int SLOT_SIZE = 2048;
    private static final int MOST_IP_BYTES = SLOT_SIZE - TunnelSender.MOST_HEADERS;
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;
    private static final int CALL_IDS = 1 << 16;
    private static final int MAX_CALL_ID_TRIES = 1_000;
    private static final int REORDER_SLOTS = 4_096;
    private static final int REORDER_SLOT_BYTES = 1_600;
    /** Milliseconds between looks at acknowledgments owed and packets held. */
    private static final int SWEEP_INTERVAL = 20;

    private final EventLoop loop;
    private final RandomGenerator random;
    private final Impairment impairment;
    private final RawGreSocket socket;
    private final SendBatch outgoing;
    private final GreReceiver receiver;
    private final CallState[] calls = new CallState[CALL_IDS];
    private final List<CallState> toSweep = new ArrayList<>();
    private final ReorderSlab slab = new ReorderSlab(REORDER_SLOTS, REORDER_SLOT_BYTES);
    /** Both complete a packet before the next one comes: listeners and impairments see each by itself. */
    private final TunnelSender framing = new TunnelSender(1);
    private final TunnelReceiver<CallState> unframing = new TunnelReceiver<>(new FromServer(), 1,
            ByteBuffer.allocateDirect(SLOT_SIZE), 0);
    private boolean flushPlanned;
    private boolean sweepPlanned;
    private boolean closed;

    /**
     * Opens the socket and starts to receive.
     *
     * @param loop where calls live and listeners are called
     * @param random chooses Call IDs, and whom the impairment hits; used on the loop only
     * @throws LinuxException when the socket cannot be opened, saying what to do
     */
    public GreEndpoint(EventLoop loop, RandomGenerator random, Impairment impairment) {
        this.loop = loop;
        this.random = random;
        this.impairment = impairment;
        socket = RawGreSocket.open(SOCKET_BUFFER_BYTES, Optional.of(GreFilter.forWorker(0, 1)));
        outgoing = new SendBatch(socket, BATCH, SLOT_SIZE);
        receiver = new GreReceiver(socket, BATCH, SLOT_SIZE, this::take);
    }

    /**
     * A call under a random free Call ID; for the loop.
     *
     * @return empty when no Call ID is free
     */
    public Optional<GreCall> dial(TunnelSpec spec, TunnelListener listener, IpReceiver ip) {
        for (int i = 0; i < MAX_CALL_ID_TRIES; i++) {
            int callId = random.nextInt(1, CALL_IDS);
            if (calls[callId] == null) {
                ReceiveWindow window = new ReceiveWindow(slab, spec.reorderPackets(), spec.reorderDelay());
                calls[callId] = new CallState(spec, callId, window, listener, ip);
                return Optional.of(new GreCall(this, calls[callId]));
            }
        }
        return Optional.empty();
    }

    void remove(CallState call) {
        calls[call.callId] = null;
    }

    /** Makes ICMP errors that come back known through {@link #lastError()}. */
    public void watchErrors() {
        socket.reportErrors();
    }

    /** Sets whether packets go out with DF, whatever the kernel believes about the path's MTU. */
    public void dontFragment(boolean on) {
        flush();
        socket.probePathMtu(on);
    }

    /** The error number of the last packet that was refused here or on its way, 0 when there was none. */
    public int lastError() {
        return receiver.lastError() != 0 ? receiver.lastError() : outgoing.lastRefusal();
    }

    /** Packets that the kernel did not take. */
    public long sendFailures() {
        return outgoing.droppedForRoom() + outgoing.droppedRefused();
    }

    /** Packets that the kernel dropped because this process did not come for them in time. */
    public long kernelDrops() {
        return Math.max(0, socket.kernelDrops());
    }

    // To the server.

    void send(CallState call, byte[] frame) {
        if (call.canSend() && frame.length <= SLOT_SIZE - GreHeader.DATA_WITH_ACK_LENGTH) {
            int start = outgoing.slotOffset();
            finish(call, start, framing.frame(call, outgoing.buffer(), start, frame, MonotonicClock.millis()));
        }
    }

    void sendIp(CallState call, byte[] packet) {
        if (packet.length > MOST_IP_BYTES) {
            return;
        }
        long now = MonotonicClock.millis();
        int start = outgoing.slotOffset();
        outgoing.buffer().put(framing.beginIp(call, outgoing.buffer(), start), packet);
        int length = framing.endIp(call, packet.length, now);
        framing.finish();
        call.traffic.countOut(packet.length, now);
        finish(call, start, length);
    }

    /** Does to a complete packet what the network would. */
    private void finish(CallState call, int start, int length) {
        if (impairment.loses(random)) {
            return;
        }
        if (impairment.delays(random)) {
            byte[] late = new byte[length];
            outgoing.buffer().get(start, late);
            loop.schedule(() -> sendLate(call, late), impairment.delay(), TimeUnit.MILLISECONDS);
            return;
        }
        commit(call, length);
    }

    private void sendLate(CallState call, byte[] packet) {
        if (!closed) {
            outgoing.buffer().put(outgoing.slotOffset(), packet);
            commit(call, packet.length);
        }
    }

    private void commit(CallState call, int length) {
        outgoing.commit(call.peerBits, call.localBits, length);
        if (!flushPlanned) {
            flushPlanned = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        if (!closed) {
            outgoing.flush();
        }
    }

    // From the server.

    /** Hands a batch that the receiver filled to the loop, which gives it back. */
    private void take(ReceiveBatch batch, int count) {
        loop.execute(() -> {
            if (!closed) {
                long now = MonotonicClock.millis();
                for (int slot = 0; slot < count; slot++) {
                    receive(batch, slot, now);
                }
            }
            receiver.giveBack(batch);
        });
    }

    private void receive(ReceiveBatch batch, int slot, long now) {
        int length = batch.length(slot);
        ByteBuffer packet = batch.buffer();
        int offset = batch.offset(slot);
        if (length < Ipv4Header.MIN_LENGTH || impairment.loses(random)) {
            return;
        }
        if (impairment.delays(random)) {
            byte[] late = new byte[length];
            packet.get(offset, late);
            loop.schedule(() -> receiveLate(late), impairment.delay(), TimeUnit.MILLISECONDS);
            return;
        }
        receive(packet, offset, length, now);
    }

    private void receiveLate(byte[] packet) {
        ByteBuffer copy = ByteBuffer.allocateDirect(packet.length);
        copy.put(0, packet);
        receive(copy, 0, packet.length, MonotonicClock.millis());
    }

    private void receive(ByteBuffer packet, int offset, int length, long now) {
        int outerHeader = Ipv4Header.headerLength(packet, offset);
        int gre = offset + outerHeader;
        int headerLength = GreHeader.validate(packet, gre, length - outerHeader);
        if (headerLength < 0) {
            return;
        }
        CallState call = calls[GreHeader.callId(packet, gre)];
        if (call == null || call.peerBits != Ipv4Header.source(packet, offset)) {
            return;
        }
        call.heard(now);
        unframing.receive(call, packet, gre, headerLength, now);
        unframing.finish(now);
        sweepIfDue(call);
    }

    // What is due by the clock.

    /** Has a call looked at soon if anything will be due in it. */
    private void sweepIfDue(CallState call) {
        boolean acks = call.owesAck() && call.canSend();
        if (call.isClosed() || call.swept || !acks && call.heldUntil() == Long.MAX_VALUE) {
            return;
        }
        call.swept = true;
        toSweep.add(call);
        if (!sweepPlanned) {
            sweepPlanned = true;
            loop.schedule(this::sweep, SWEEP_INTERVAL, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        sweepPlanned = false;
        long now = MonotonicClock.millis();
        List<CallState> due = List.copyOf(toSweep);
        toSweep.clear();
        for (CallState call : due) {
            call.swept = false;
            if (call.isClosed() || closed) {
                continue;
            }
            unframing.expire(call, now);
            if (call.canSend() && call.owesAck() && call.ackDeadline() <= now) {
                commit(call, framing.acknowledgment(call, outgoing.buffer(), outgoing.slotOffset()));
            }
            sweepIfDue(call);
        }
    }

    /** Stops receiving and closes the socket, once what was sent has left. Not for the loop. */
    @Override
    public void close() {
        receiver.close();
        loop.submit(() -> {
            flush();
            closed = true;
        }).awaitUninterruptibly();
        socket.close();
    }
}
