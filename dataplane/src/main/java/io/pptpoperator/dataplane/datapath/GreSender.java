package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.tunnel.TunnelSender;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Sends what goes to the clients of one worker, in batches: {@link TunnelSender} makes GRE packets of it where they leave
 * from. It runs on the worker's thread and allocates nothing per packet.
 */
final class GreSender {
    private static final int BATCH = 64;
    /** Room for the largest IP packet of a link, its headers, and control frames of any peer's MRU. */
    private static final int SLOT_SIZE = 2048;

    private final SendBatch batch;
    private final TunnelSender framing = new TunnelSender(BATCH);
    private final WorkerCounters counters;

    /**
     * Sends nothing yet.
     *
     * @param worker the index of the worker that this is a part of
     * @param firstIdentification identification of the first packet through a packet socket, best a random one
     */
    GreSender(RawGreSocket socket, Optional<PacketSocket> packets, int worker, int firstIdentification,
            WorkerCounters counters) {
        this.batch = new SendBatch(socket, packets, worker, BATCH, SLOT_SIZE, firstIdentification);
        this.counters = counters;
    }

    /** Where packets are put together. */
    ByteBuffer buffer() {
        return batch.buffer();
    }

    /**
     * Begins an IP packet to a client, if {@link WorkerTunnel#sendsIp}; returns where in {@link #buffer()} to write it.
     */
    int beginIp(WorkerTunnel tunnel) {
        makeRoom();
        return framing.beginIp(tunnel, batch.buffer(), batch.slotOffset());
    }

    /** Completes the packet begun last, whose IP part has {@code length} bytes. */
    void sendIp(WorkerTunnel tunnel, int length, long now) {
        tunnel.traffic().countOut(length, now);
        counters.traffic().countOut(length, now);
        commit(tunnel, framing.endIp(tunnel, length, now));
    }

    /** Sends a PPP frame as it is. */
    void sendFrame(WorkerTunnel tunnel, byte[] frame, long now) {
        if (!tunnel.canSend() || frame.length > SLOT_SIZE - GreHeader.DATA_WITH_ACK_LENGTH) {
            counters.drop(DropCause.SEND_FAILED);
            return;
        }
        makeRoom();
        commit(tunnel, framing.frame(tunnel, batch.buffer(), batch.slotOffset(), frame, now));
    }

    /** Sends an acknowledgment that found no data to ride on. */
    void sendAck(WorkerTunnel tunnel) {
        makeRoom();
        commit(tunnel, framing.acknowledgment(tunnel, batch.buffer(), batch.slotOffset()));
    }

    /** A full batch must be encrypted before it leaves. */
    private void makeRoom() {
        if (batch.pending() == BATCH) {
            flush();
        }
    }

    private void commit(WorkerTunnel tunnel, int length) {
        NextHop nextHop = tunnel.nextHop();
        if (nextHop == null) {
            batch.commit(tunnel.peerBits(), tunnel.localBits(), length);
        } else {
            batch.commit(tunnel.peerBits(), tunnel.localBits(), length, nextHop);
        }
    }

    /** Sends everything collected. */
    void flush() {
        if (batch.pending() > 0) {
            framing.finish();
            batch.flush();
        } else {
            batch.flushAgain();
        }
    }

    /** Whether packets wait for the link to have room, so that {@link #flush} is to be called again soon. */
    boolean isWaiting() {
        return batch.isWaiting();
    }

    /** Sends everything collected, and uses sockets that are about to be closed no more. */
    void forgetSockets() {
        flush();
        batch.forgetSockets();
    }

    /** Packets that left. */
    long sent() {
        return batch.sent();
    }

    /** Those of them that left through the packet socket. */
    long sentByPacketSocket() {
        return batch.sentByPacketSocket();
    }

    /** Those of them that left through XDP sockets. */
    long sentByXdp() {
        return batch.sentByXdp();
    }

    /** Packets that the kernel did not take. */
    long failures() {
        return batch.droppedForRoom() + batch.droppedRefused();
    }
}
