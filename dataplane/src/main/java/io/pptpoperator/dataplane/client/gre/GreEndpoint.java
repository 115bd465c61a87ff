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
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
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
    /** More than any link's MTU; the rest of a slot is for GRE, PPP and MPPE. */
    private static final int MOST_IP_BYTES = 2000;
    private static final int SOCKET_BUFFER_BYTES = 8 << 20;
    private static final int CALL_IDS = 1 << 16;
    private static final int MAX_CALL_ID_TRIES = 1_000;
    private static final int REORDER_SLOTS = 4_096;
    private static final int REORDER_SLOT_BYTES = 1_600;
    private static final int OUTER_SOURCE = 12;
    private static final int MPPE_HEADER = 2;
    private static final int INNER_PROTOCOL = 2;
    /** Milliseconds between looks at acknowledgments owed and packets held. */
    private static final int SWEEP_INTERVAL = 20;

    private final EventLoop loop;
    private final RandomGenerator random;
    private final Impairment impairment;
    private final RawGreSocket socket;
    private final SendBatch outgoing;
    private final GreReceiver receiver;
    private final GreCall[] calls = new GreCall[CALL_IDS];
    private final List<GreCall> toSweep = new ArrayList<>();
    private final ReorderSlab slab = new ReorderSlab(REORDER_SLOTS, REORDER_SLOT_BYTES);
    private final MppeWorkspace workspace = new MppeWorkspace();
    /** Where a packet that was held or delayed is decrypted. */
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SLOT_SIZE);
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
                calls[callId] = new GreCall(this, spec, callId, window, listener, ip);
                return Optional.of(calls[callId]);
            }
        }
        return Optional.empty();
    }

    void remove(GreCall call) {
        calls[call.callId()] = null;
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

    void send(GreCall call, byte[] frame) {
        if (call.closed || call.peerCallId == TunnelSpec.NOT_YET
                || frame.length > SLOT_SIZE - GreHeader.DATA_WITH_ACK_LENGTH) {
            return;
        }
        int start = outgoing.slotOffset();
        int ppp = start + headerLength(call);
        outgoing.buffer().put(ppp, frame);
        finish(call, start, ppp, ppp + frame.length);
    }

    void sendIp(GreCall call, byte[] packet) {
        if (packet.length > MOST_IP_BYTES) {
            return;
        }
        ByteBuffer buffer = outgoing.buffer();
        int start = outgoing.slotOffset();
        int ppp = start + headerLength(call);
        int end;
        if (call.encryptor == null) {
            int ip = PppFrame.putHeader(buffer, ppp, PppProtocol.IPV4, call.compressAddress, call.compressProtocol);
            end = ip + packet.length;
            buffer.put(ip, packet);
        } else {
            int mppe = PppFrame.putHeader(buffer, ppp, PppProtocol.COMPRESSED, call.compressAddress,
                    call.compressProtocol);
            buffer.putShort(mppe + MPPE_HEADER, (short) PppProtocol.IPV4);
            int ip = mppe + MPPE_HEADER + INNER_PROTOCOL;
            end = ip + packet.length;
            buffer.put(ip, packet);
            call.encryptor.encrypt(buffer, mppe, end - mppe, workspace);
        }
        call.traffic.countOut(packet.length, MonotonicClock.millis());
        finish(call, start, ppp, end);
    }

    private static int headerLength(GreCall call) {
        return call.gre.owesAck() ? GreHeader.DATA_WITH_ACK_LENGTH : GreHeader.DATA_LENGTH;
    }

    private void finish(GreCall call, int start, int ppp, int end) {
        ByteBuffer buffer = outgoing.buffer();
        int sequence = call.gre.takeSequence(MonotonicClock.millis());
        if (call.gre.owesAck()) {
            GreHeader.writeDataWithAck(buffer, start, call.peerCallId, end - ppp, sequence, call.gre.takeAck());
        } else {
            GreHeader.writeData(buffer, start, call.peerCallId, end - ppp, sequence);
        }
        if (impairment.loses(random)) {
            return;
        }
        if (impairment.delays(random)) {
            byte[] late = new byte[end - start];
            buffer.get(start, late);
            loop.schedule(() -> sendLate(call, late), impairment.delay(), TimeUnit.MILLISECONDS);
            return;
        }
        commit(call, end - start);
    }

    private void sendLate(GreCall call, byte[] packet) {
        if (!closed) {
            outgoing.buffer().put(outgoing.slotOffset(), packet);
            commit(call, packet.length);
        }
    }

    private void sendAck(GreCall call) {
        int length = GreHeader.writeAck(outgoing.buffer(), outgoing.slotOffset(), call.peerCallId, call.gre.takeAck());
        commit(call, length);
    }

    private void commit(GreCall call, int length) {
        outgoing.commit(call.spec.peer().bits(), call.spec.local().bits(), length);
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
        int outerHeader = (packet.get(offset) & 0x0F) * 4;
        int gre = offset + outerHeader;
        int headerLength = GreHeader.validate(packet, gre, length - outerHeader);
        if (headerLength < 0) {
            return;
        }
        GreCall call = calls[GreHeader.callId(packet, gre)];
        if (call == null || call.spec.peer().bits() != packet.getInt(offset + OUTER_SOURCE)) {
            return;
        }
        call.heard(now);
        if (GreHeader.hasAck(packet, gre)) {
            call.gre.onAck(GreHeader.ack(packet, gre), now);
        }
        if (GreHeader.hasSequence(packet, gre)) {
            order(call, packet, gre + headerLength, GreHeader.payloadLength(packet, gre),
                    GreHeader.sequence(packet, gre), now);
        }
    }

    private void order(GreCall call, ByteBuffer packet, int offset, int length, int sequence, long now) {
        switch (call.window.offer(sequence, packet, offset, length, now)) {
            case DELIVER -> deliver(call, packet, offset, length, sequence);
            case DUPLICATE, LATE, FAR_AHEAD -> outOfOrder(call, packet, offset, length);
            case HELD, OVERSIZE -> {
            }
        }
        deliverHeld(call);
        if (!call.closed) {
            call.gre.oweAck(call.window.highest(), now);
            sweepSoon(call);
        }
    }

    private static void outOfOrder(GreCall call, ByteBuffer packet, int offset, int length) {
        if (PppFrame.protocolAt(packet, offset, offset + length) == PppProtocol.LCP) {
            byte[] frame = new byte[length];
            packet.get(offset, frame);
            call.listener.onFrameOutOfOrder(frame);
        }
    }

    private void deliverHeld(GreCall call) {
        while (!call.closed && call.window.nextHeld()) {
            int length = call.window.heldLength();
            scratch.put(0, call.window.heldBuffer(), call.window.heldOffset(), length);
            deliver(call, scratch, 0, length, call.window.heldSequence());
        }
    }

    private void deliver(GreCall call, ByteBuffer packet, int offset, int length, int sequence) {
        int end = offset + length;
        int information = PppFrame.informationOffset(packet, offset, end);
        switch (PppFrame.protocolAt(packet, offset, end)) {
            case -1 -> {
            }
            case PppProtocol.COMPRESSED -> decrypt(call, packet, information, end - information, sequence);
            case PppProtocol.IPV4 -> {
                if (call.mayPassInClear()) {
                    deliverIp(call, packet, information, end - information);
                }
            }
            default -> {
                byte[] frame = new byte[length];
                packet.get(offset, frame);
                call.listener.onControlFrame(frame);
            }
        }
    }

    private void decrypt(GreCall call, ByteBuffer packet, int offset, int length, int sequence) {
        if (call.decryptor == null) {
            return;
        }
        MppeVerdict verdict = call.decryptor.decrypt(packet, offset, length, sequence, workspace);
        switch (verdict) {
            case OK -> {
                call.traffic.decrypted(MonotonicClock.millis());
                int information = PppFrame.informationOffset(packet, offset + MPPE_HEADER, offset + length);
                deliverIp(call, packet, information, offset + length - information);
            }
            case NEEDS_RESET -> call.listener.onMppeResetNeeded();
            case NOT_ENCRYPTED, BOGUS -> {
                if (call.decryptor.isHopeless()) {
                    call.listener.onMppeHopeless();
                }
            }
            case LATE, DISCARDED -> {
            }
        }
    }

    private void deliverIp(GreCall call, ByteBuffer packet, int offset, int length) {
        if (call.networkOpen && Ipv4Header.validate(packet, offset, length) > 0) {
            call.traffic.countIn(Ipv4Header.totalLength(packet, offset), MonotonicClock.millis());
            call.receiver.received(packet, offset, Ipv4Header.totalLength(packet, offset));
        }
    }

    // What is due by the clock.

    private void sweepSoon(GreCall call) {
        if (!call.swept) {
            call.swept = true;
            toSweep.add(call);
        }
        if (!sweepPlanned) {
            sweepPlanned = true;
            loop.schedule(this::sweep, SWEEP_INTERVAL, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        sweepPlanned = false;
        long now = MonotonicClock.millis();
        List<GreCall> due = List.copyOf(toSweep);
        toSweep.clear();
        for (GreCall call : due) {
            call.swept = false;
            if (call.closed || closed) {
                continue;
            }
            call.window.expire(now);
            deliverHeld(call);
            boolean canSend = call.peerCallId != TunnelSpec.NOT_YET;
            if (canSend && call.gre.owesAck() && call.gre.ackDeadline() <= now) {
                sendAck(call);
            }
            if (canSend && call.gre.owesAck() || call.window.deadline() != Long.MAX_VALUE) {
                sweepSoon(call);
            }
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
