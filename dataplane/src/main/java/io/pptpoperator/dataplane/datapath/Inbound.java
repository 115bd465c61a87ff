package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;

/**
 * The way from the clients: GRE to IP, and control frames to the control loop. Everything here runs on the worker's
 * thread and allocates nothing per packet, but for control frames.
 */
final class Inbound {
    private static final int BATCH = 64;
    private static final int SLOT_SIZE = 2048;
    private static final int SLOTS = 1_024;
    /** Bytes that a session passes on before it is the next one's turn. */
    private static final int QUANTUM = 3_000;
    /** What the shortest packet counts for: it costs no less than one of this length. */
    private static final int LEAST_BYTES = 1_000;
    /** Waiting in the kernel, of the 8 MiB that may: when there is more, it is sorted before it is worked off. */
    private static final int BACKLOG_BYTES = 2 << 20;
    private static final int MOST_BATCHES = 8;
    private static final int OUTER_SOURCE = 12;
    private static final int MINIMUM_OUTER_HEADER = 20;
    private static final int MPPE_HEADER = 2;
    /** What computing a key for a packet that never came counts for. */
    private static final int KEY_BYTES = 256;
    /** Such keys, two milliseconds' work, end a batch: others may have come meanwhile. */
    private static final int MOST_KEYS = 4_096;

    private final Worker worker;
    private final Datapath datapath;
    private final RawGreSocket socket;
    private final ReceiveBatch batch;
    private final FairQueue queue = new FairQueue(SLOTS, 0, QUANTUM);
    /** By slot: where its GRE header is, and how long. */
    private final int[] greAt = new int[SLOTS];
    private final int[] greLength = new int[SLOTS];
    /** Slots at the beginning of {@link #batch} that are ready to receive. */
    private int ready;
    private final int[] passedOn = new int[BATCH];
    private int keysSkipped;
    private final IpFromClient ip;
    /** Where a packet that was held goes before it is decrypted: TUN needs its address, and room before it. */
    private final NativeBuffer released = NativeBuffer.ofPackets(TunOutput.HEADROOM + SLOT_SIZE);
    private final MppeBatch decryption = new MppeBatch(BATCH);
    /** The packets of {@link #decryption}, in the same order. */
    private final WorkerTunnel[] encryptedOf = new WorkerTunnel[BATCH];
    private final ByteBuffer[] encryptedIn = new ByteBuffer[BATCH];
    private final long[] encryptedAddress = new long[BATCH];
    private final int[] encryptedAt = new int[BATCH];
    private final int[] encryptedLength = new int[BATCH];

    Inbound(Worker worker, Datapath datapath, RawGreSocket socket, IpFromClient ip) {
        this.worker = worker;
        this.datapath = datapath;
        this.socket = socket;
        this.batch = new ReceiveBatch(socket, BATCH, SLOTS, SLOT_SIZE);
        this.ip = ip;
    }

    /**
     * Takes packets in and passes a batch of them on, fairly among sessions; returns how many. A backlog is taken from
     * the kernel faster than it is worked off, and what is too much of it dropped here, where it is known whose it is;
     * in the kernel's queue everybody's packets would be lost.
     */
    int receive(long now) {
        int taken = takeIn();
        for (int batches = 1; taken == BATCH && batches < MOST_BATCHES
                && socket.waitingBytes() > BACKLOG_BYTES; batches++) {
            taken = takeIn();
        }
        int passed = 0;
        keysSkipped = 0;
        while (passed < BATCH && keysSkipped < MOST_KEYS) {
            int slot = queue.poll();
            if (slot == FairQueue.NONE) {
                break;
            }
            receive(slot, now);
            passedOn[passed++] = slot;
        }
        finishDecryption(now);
        for (int i = 0; i < passed; i++) {
            queue.giveBack(passedOn[i]);
        }
        return passed;
    }

    /** Receives one batch and sorts it by session; returns how many packets there were. */
    private int takeIn() {
        while (ready < BATCH) {
            int slot = queue.take();
            if (slot == FairQueue.NONE) {
                break;
            }
            batch.place(ready++, slot);
        }
        int count = ready == 0 ? 0 : batch.receive(ready);
        int kept = 0;
        for (int message = 0; message < ready; message++) {
            int slot = batch.slot(message);
            if (message >= count || !admit(slot, batch.length(message))) {
                if (kept != message) {
                    batch.place(kept, slot);
                }
                kept++;
            }
        }
        ready = kept;
        return Math.max(0, count);
    }

    /** Finds a packet's session and puts the packet into its queue; false when it was dropped. */
    private boolean admit(int slot, int length) {
        int offset = batch.offset(slot);
        ByteBuffer packet = batch.buffer();
        if (length < MINIMUM_OUTER_HEADER) {
            return refuse(DropCause.MALFORMED_GRE);
        }
        int outerHeader = (packet.get(offset) & 0x0F) * 4;
        int gre = offset + outerHeader;
        int headerLength = GreHeader.validate(packet, gre, length - outerHeader);
        if (headerLength < 0) {
            return refuse(DropCause.MALFORMED_GRE);
        }
        WorkerTunnel tunnel = datapath.calls().get(GreHeader.callId(packet, gre));
        if (tunnel == null || tunnel.worker() != worker || tunnel.closed) {
            return refuse(DropCause.UNKNOWN_CALL);
        }
        if (tunnel.peerBits() != packet.getInt(offset + OUTER_SOURCE)) {
            return refuse(DropCause.WRONG_PEER);
        }
        greAt[slot] = gre;
        greLength[slot] = headerLength;
        return queue.offer(tunnel.fromClient, slot, Math.max(length, LEAST_BYTES)) || refuse(DropCause.OVER_SHARE);
    }

    private boolean refuse(DropCause cause) {
        drop(cause);
        return false;
    }

    private void receive(int slot, long now) {
        WorkerTunnel tunnel = queue.tunnelOf(slot);
        if (tunnel.closed) {
            drop(DropCause.UNKNOWN_CALL);
            return;
        }
        ByteBuffer packet = batch.buffer();
        int gre = greAt[slot];
        tunnel.traffic().heard(now);
        if (GreHeader.hasAck(packet, gre)) {
            tunnel.gre.onAck(GreHeader.ack(packet, gre), now);
        }
        if (GreHeader.hasSequence(packet, gre)) {
            order(tunnel, packet, gre + greLength[slot], GreHeader.payloadLength(packet, gre),
                    GreHeader.sequence(packet, gre), now);
        }
    }

    /** RFC 2637 section 4.3: in order, each once; but a client that has begun anew must be heard all the same. */
    private void order(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, int sequence, long now) {
        ReceiveWindow window = tunnel.window;
        switch (window.offer(sequence, packet, offset, length, now)) {
            case DELIVER -> deliver(tunnel, packet, batch.address(), offset, length, sequence, now);
            case HELD -> {
                tunnel.traffic().countReordered();
                worker.traffic().countReordered();
                worker.packetsHeld(tunnel);
            }
            case DUPLICATE -> outOfOrder(tunnel, packet, offset, length, DropCause.DUPLICATE, now);
            case OVERSIZE -> drop(DropCause.LATE);
            case LATE -> outOfOrder(tunnel, packet, offset, length, DropCause.LATE, now);
            case FAR_AHEAD -> outOfOrder(tunnel, packet, offset, length, DropCause.FAR_AHEAD, now);
        }
        deliverHeld(tunnel, now);
        tunnel.gre.oweAck(window.highest(), now);
        worker.ackOwed(tunnel);
    }

    /** Delivers what was held and has become deliverable. */
    void deliverHeld(WorkerTunnel tunnel, long now) {
        ReceiveWindow window = tunnel.window;
        while (window.nextHeld()) {
            finishDecryption(now);
            int length = window.heldLength();
            released.buffer().put(TunOutput.HEADROOM, window.heldBuffer(), window.heldOffset(), length);
            deliver(tunnel, released.buffer(), released.address(), TunOutput.HEADROOM, length, window.heldSequence(),
                    now);
            finishDecryption(now);
        }
    }

    private void deliver(WorkerTunnel tunnel, ByteBuffer packet, long address, int offset, int length, int sequence,
            long now) {
        int end = offset + length;
        int protocol = PppFrame.protocolAt(packet, offset, end);
        int information = PppFrame.informationOffset(packet, offset, end);
        switch (protocol) {
            case PppProtocol.COMPRESSED -> decrypt(tunnel, packet, address, offset, information, end, sequence, now);
            case PppProtocol.IPV4 -> {
                if (tunnel.mayPassInClear()) {
                    ip.take(tunnel, packet, address, information, end - information, now);
                } else {
                    drop(DropCause.NOT_ENCRYPTED);
                }
            }
            case -1 -> drop(DropCause.MALFORMED_PPP);
            default -> toControlLoop(tunnel, packet, offset, length, now);
        }
    }

    private void decrypt(WorkerTunnel tunnel, ByteBuffer packet, long address, int frame, int offset, int end,
            int sequence, long now) {
        if (tunnel.decryptor == null) {
            drop(DropCause.NO_KEYS);
            // The peer believes that CCP is open: the link may have to tell it otherwise.
            if (tunnel.mayCallForHelp(now)) {
                toControlLoop(tunnel, packet, frame, end - frame, now);
            }
            return;
        }
        int length = end - offset;
        int index = decryption.size();
        encryptedOf[index] = tunnel;
        encryptedIn[index] = packet;
        encryptedAddress[index] = address;
        encryptedAt[index] = offset;
        encryptedLength[index] = length;
        decryption.decrypt(tunnel.decryptor, packet, offset, length, sequence);
        int skipped = tunnel.decryptor.takeSkippedKeys();
        if (skipped > 0) {
            keysSkipped += skipped;
            queue.charge(tunnel.fromClient, skipped * KEY_BYTES);
        }
    }

    /** Decrypts what waits and passes it on. */
    private void finishDecryption(long now) {
        int count = decryption.size();
        if (count == 0) {
            return;
        }
        decryption.finish();
        for (int i = 0; i < count; i++) {
            WorkerTunnel tunnel = encryptedOf[i];
            int offset = encryptedAt[i];
            decrypted(tunnel, decryption.verdict(i), encryptedIn[i], encryptedAddress[i], offset,
                    offset + encryptedLength[i], now);
            encryptedOf[i] = null;
        }
        decryption.clear();
    }

    private void decrypted(WorkerTunnel tunnel, MppeVerdict verdict, ByteBuffer packet, long address, int offset,
            int end, long now) {
        switch (verdict) {
            case OK -> {
                tunnel.traffic().decrypted(now);
                int information = PppFrame.informationOffset(packet, offset + MPPE_HEADER, end);
                ip.take(tunnel, packet, address, information, end - information, now);
            }
            case LATE -> drop(DropCause.MPPE_LATE);
            case NEEDS_RESET, DISCARDED -> {
                drop(DropCause.MPPE_AWAITING_RESET);
                // The request, or its effect, may get lost: it is repeated as long as it is needed.
                if (tunnel.mayCallForHelp(now)) {
                    datapath.onControlLoop(tunnel, TunnelListener::onMppeResetNeeded);
                }
            }
            case NOT_ENCRYPTED, BOGUS -> {
                drop(DropCause.MPPE_MALFORMED);
                if (tunnel.decryptor != null && tunnel.decryptor.isHopeless()) {
                    datapath.onControlLoop(tunnel, TunnelListener::onMppeHopeless);
                }
            }
        }
    }

    private void toControlLoop(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, long now) {
        toControlLoop(tunnel, packet, offset, length, true, now);
    }

    /** LCP may tell of a client that has begun anew; nothing else of the past, or of the far future, means anything. */
    private void outOfOrder(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, DropCause cause, long now) {
        if (PppFrame.protocolAt(packet, offset, offset + length) == PppProtocol.LCP) {
            toControlLoop(tunnel, packet, offset, length, false, now);
        } else {
            drop(cause);
        }
    }

    private void toControlLoop(WorkerTunnel tunnel, ByteBuffer packet, int offset, int length, boolean inOrder,
            long now) {
        if (!tunnel.frames.take(now)) {
            drop(DropCause.CONTROL_OVER_BUDGET);
            return;
        }
        byte[] frame = new byte[length];
        packet.get(offset, frame);
        boolean taken = datapath.onControlLoop(tunnel, listener -> {
            if (inOrder) {
                listener.onControlFrame(frame);
            } else {
                listener.onFrameOutOfOrder(frame);
            }
        });
        if (!taken) {
            drop(DropCause.CONTROL_QUEUE_FULL);
        }
    }

    private void drop(DropCause cause) {
        worker.drops().count(cause);
    }
}
