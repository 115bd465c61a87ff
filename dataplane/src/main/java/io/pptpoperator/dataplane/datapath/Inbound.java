package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.tunnel.TunnelReceiver;
import java.nio.ByteBuffer;

/**
 * The way from the clients as far as it is GRE: takes packets from the kernel, sorts them by session, and passes them to
 * {@link TunnelReceiver} in turn. Everything here runs on the worker's thread and allocates nothing per packet.
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
    /** What computing a key for a packet that never came counts for. */
    private static final int KEY_BYTES = 256;
    /** Such keys, two milliseconds' work, end a batch: others may have come meanwhile. */
    private static final int MOST_KEYS = 4_096;

    private final int worker;
    private final TunnelDirectory directory;
    private final DueTunnels due;
    private final WorkerCounters counters;
    private final RawGreSocket socket;
    private final ReceiveBatch batch;
    private final FairQueue queue = new FairQueue(SLOTS, 0, QUANTUM);
    /** By slot: whose packet it holds, where its GRE header is, and how long. */
    private final WorkerTunnel[] tunnels = new WorkerTunnel[SLOTS];
    private final int[] greAt = new int[SLOTS];
    private final int[] greLength = new int[SLOTS];
    /** Slots at the beginning of {@link #batch} that are ready to receive. */
    private int ready;
    private final int[] passedOn = new int[BATCH];
    private int keysSkipped;
    private final TunnelReceiver<WorkerTunnel> receiver;

    /**
     * Receives nothing yet.
     *
     * @param worker the index of the worker that this is a part of
     * @param due told of what will be due by the clock
     */
    Inbound(int worker, TunnelDirectory directory, RawGreSocket socket, IpFromClient ip, ControlLoop controlLoop,
            DueTunnels due, WorkerCounters counters) {
        this.worker = worker;
        this.directory = directory;
        this.due = due;
        this.counters = counters;
        this.socket = socket;
        this.batch = new ReceiveBatch(socket, BATCH, SLOTS, SLOT_SIZE);
        // A packet that was held lies here before it is decrypted: TUN needs its address, and room before it.
        NativeBuffer released = NativeBuffer.ofPackets(TunOutput.HEADROOM + SLOT_SIZE);
        this.receiver = new TunnelReceiver<>(new FromTunnels(batch, released, ip, controlLoop, due, counters), BATCH,
                released.buffer(), TunOutput.HEADROOM);
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
        receiver.finish(now);
        for (int i = 0; i < passed; i++) {
            queue.giveBack(passedOn[i]);
        }
        return passed;
    }

    /** What packets go through, for those that were held. */
    TunnelReceiver<WorkerTunnel> receiver() {
        return receiver;
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
        if (length < Ipv4Header.MIN_LENGTH) {
            return refuse(DropCause.MALFORMED_GRE);
        }
        int outerHeader = Ipv4Header.headerLength(packet, offset);
        int gre = offset + outerHeader;
        int headerLength = GreHeader.validate(packet, gre, length - outerHeader);
        if (headerLength < 0) {
            return refuse(DropCause.MALFORMED_GRE);
        }
        WorkerTunnel tunnel = directory.ofCall(GreHeader.callId(packet, gre));
        if (tunnel == null || tunnel.worker() != worker || tunnel.isClosed()) {
            return refuse(DropCause.UNKNOWN_CALL);
        }
        if (tunnel.peerBits() != Ipv4Header.source(packet, offset)) {
            return refuse(DropCause.WRONG_PEER);
        }
        if (!queue.offer(tunnel.fromClient, slot, Math.max(length, LEAST_BYTES))) {
            return refuse(DropCause.OVER_SHARE);
        }
        tunnels[slot] = tunnel;
        greAt[slot] = gre;
        greLength[slot] = headerLength;
        return true;
    }

    private boolean refuse(DropCause cause) {
        counters.drop(cause);
        return false;
    }

    private void receive(int slot, long now) {
        WorkerTunnel tunnel = tunnels[slot];
        tunnels[slot] = null; // or it would keep a session that is over until the slot's next packet
        if (tunnel.isClosed()) {
            counters.drop(DropCause.UNKNOWN_CALL);
            return;
        }
        tunnel.traffic().heard(now);
        receiver.receive(tunnel, batch.buffer(), greAt[slot], greLength[slot], now);
        if (tunnel.owesAck()) {
            due.owesAck(tunnel);
        }
        int skipped = tunnel.takeSkippedKeys();
        if (skipped > 0) {
            keysSkipped += skipped;
            queue.charge(tunnel.fromClient, skipped * KEY_BYTES);
        }
    }
}
