package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.NextHop;
import io.pptpoperator.dataplane.linux.PacketSocket;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Frames, encrypts and numbers what goes to the clients of one worker, and sends it in batches. It runs on the worker's
 * thread and allocates nothing per packet.
 */
final class GreSender {
    private static final int BATCH = 64;
    /** Room for the largest IP packet of a link, its headers, and control frames of any peer's MRU. */
    private static final int SLOT_SIZE = 2048;
    private static final int MPPE_HEADER = 2;
    private static final int INNER_PROTOCOL = 2;

    private final SendBatch batch;
    private final MppeBatch encryption = new MppeBatch(BATCH);
    private final Worker worker;
    /** Where the packet begun last has its GRE header, its PPP frame, its MPPE header if any, and its IP header. */
    private int start;
    private int ppp;
    private int mppe;
    private int ip;

    GreSender(Worker worker, RawGreSocket socket, Optional<PacketSocket> packets, int firstIdentification) {
        this.worker = worker;
        this.batch = new SendBatch(socket, packets, BATCH, SLOT_SIZE, firstIdentification);
    }

    /** Where packets are put together. */
    ByteBuffer buffer() {
        return batch.buffer();
    }

    /** Begins an IP packet to a client; returns where in {@link #buffer()} to write it. */
    int beginIp(WorkerTunnel tunnel) {
        begin(tunnel);
        if (tunnel.encryptor == null) {
            ip = PppFrame.putHeader(batch.buffer(), ppp, PppProtocol.IPV4, tunnel.compressAddress,
                    tunnel.compressProtocol);
        } else {
            mppe = PppFrame.putHeader(batch.buffer(), ppp, PppProtocol.COMPRESSED, tunnel.compressAddress,
                    tunnel.compressProtocol);
            // The protocol number inside is never shortened: every peer can read it so.
            batch.buffer().putShort(mppe + MPPE_HEADER, (short) PppProtocol.IPV4);
            ip = mppe + MPPE_HEADER + INNER_PROTOCOL;
        }
        return ip;
    }

    /** Completes the packet begun last, whose IP part has {@code length} bytes. */
    void sendIp(WorkerTunnel tunnel, int length, long now) {
        tunnel.traffic().countOut(length, now);
        worker.traffic().countOut(length, now);
        int end = ip + length;
        if (tunnel.encryptor != null) {
            encryption.encrypt(tunnel.encryptor, batch.buffer(), mppe, end - mppe);
        }
        commit(tunnel, end - ppp, now);
    }

    /** Sends a PPP frame as it is. */
    void sendFrame(WorkerTunnel tunnel, byte[] frame, long now) {
        if (!tunnel.mayAnswer() || frame.length > SLOT_SIZE - GreHeader.DATA_WITH_ACK_LENGTH) {
            worker.drops().count(DropCause.SEND_FAILED);
            return;
        }
        begin(tunnel);
        batch.buffer().put(ppp, frame);
        commit(tunnel, frame.length, now);
    }

    /** Sends an acknowledgment that found no data to ride on. */
    void sendAck(WorkerTunnel tunnel) {
        makeRoom();
        start = batch.slotOffset();
        int length = GreHeader.writeAck(batch.buffer(), start, tunnel.peerCallId(), tunnel.gre.takeAck());
        commit(tunnel, length);
    }

    private void begin(WorkerTunnel tunnel) {
        makeRoom();
        start = batch.slotOffset();
        ppp = start + (tunnel.gre.owesAck() ? GreHeader.DATA_WITH_ACK_LENGTH : GreHeader.DATA_LENGTH);
    }

    /** A full batch must be encrypted before it leaves. */
    private void makeRoom() {
        if (batch.pending() == BATCH) {
            flush();
        }
    }

    private void commit(WorkerTunnel tunnel, int payload, long now) {
        int sequence = tunnel.gre.takeSequence(now);
        if (tunnel.gre.owesAck()) {
            GreHeader.writeDataWithAck(batch.buffer(), start, tunnel.peerCallId(), payload, sequence,
                    tunnel.gre.takeAck());
        } else {
            GreHeader.writeData(batch.buffer(), start, tunnel.peerCallId(), payload, sequence);
        }
        commit(tunnel, ppp - start + payload);
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
            encryption.finish();
            encryption.clear();
            batch.flush();
        }
    }

    /** Packets that left. */
    long sent() {
        return batch.sent();
    }

    /** Those of them that left through the packet socket. */
    long sentDirectly() {
        return batch.sentDirectly();
    }

    /** Packets that the kernel did not take. */
    long failures() {
        return batch.droppedForRoom() + batch.droppedRefused();
    }
}
