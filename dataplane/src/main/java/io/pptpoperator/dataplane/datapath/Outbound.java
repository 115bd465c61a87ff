package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.gre.GreHeader;
import io.pptpoperator.dataplane.ip.Fragmentation;
import io.pptpoperator.dataplane.ip.IcmpError;
import io.pptpoperator.dataplane.ip.Ipv4Header;
import io.pptpoperator.dataplane.ip.MssClamp;
import io.pptpoperator.dataplane.ip.TokenBucket;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.dataplane.ppp.PppFrame;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way to the clients: TUN to GRE. Everything here runs on the worker's thread and allocates nothing per packet, but
 * for control frames.
 */
final class Outbound {
    private static final int BATCH = 64;
    /** Room for the largest IP packet of a link, its headers, and control frames of any peer's MRU. */
    private static final int SLOT_SIZE = 2048;
    private static final int LARGEST_PACKET = 65_536;
    private static final int MPPE_HEADER = 2;
    /** ICMP errors of one worker, which must not become a means to flood anybody (RFC 1812 section 4.3.2.8). */
    private static final int ERRORS_PER_SECOND = 100;

    private final Worker worker;
    private final Datapath datapath;
    private final TunQueue queue;
    private final SendBatch batch;
    private final NativeBuffer packet = NativeBuffer.ofPackets(LARGEST_PACKET);
    private final NativeBuffer error = NativeBuffer.ofPackets(SLOT_SIZE);
    private final Fragmentation fragmentation;
    private final TokenBucket errors = new TokenBucket(ERRORS_PER_SECOND, ERRORS_PER_SECOND);
    /** By worker: packets that arrived on another worker's queue for a session of this one. */
    private PacketRing[] handedOver = {};
    private List<Worker> all = List.of();

    Outbound(Worker worker, Datapath datapath, RawGreSocket socket, TunQueue queue) {
        this.worker = worker;
        this.datapath = datapath;
        this.queue = queue;
        this.batch = new SendBatch(socket, BATCH, SLOT_SIZE);
        this.fragmentation = new Fragmentation(datapath.randomIdentification());
    }

    /** Prepares for packets of sessions that other workers own. */
    void linkTo(List<Worker> workers) {
        all = workers;
        handedOver = new PacketRing[workers.size()];
        for (Worker other : workers) {
            if (other != worker) {
                handedOver[other.index()] = new PacketRing();
            }
        }
    }

    /** Sends a PPP frame as it is. */
    void sendFrame(Tunnel tunnel, byte[] frame) {
        if (tunnel.closed || frame.length > SLOT_SIZE - GreHeader.DATA_WITH_ACK_LENGTH) {
            drop(DropCause.SEND_FAILED);
            return;
        }
        int start = batch.slotOffset();
        int header = headerLength(tunnel);
        batch.buffer().put(start + header, frame);
        commit(tunnel, start, header, frame.length, Datapath.now());
    }

    /** Sends an acknowledgment that found no data to ride on. */
    void sendAck(Tunnel tunnel) {
        int start = batch.slotOffset();
        int length = GreHeader.writeAck(batch.buffer(), start, tunnel.peerCallId(), tunnel.gre.takeAck());
        batch.commit(tunnel.peerBits(), tunnel.localBits(), length);
    }

    /** Takes up to {@code most} packets from the TUN device; returns how many there were. */
    int readTun(int most, long now) {
        int taken = 0;
        while (taken < most) {
            int length = queue.read(packet.address(), LARGEST_PACKET);
            if (length <= 0) {
                break;
            }
            taken++;
            route(packet.buffer(), 0, length, now);
        }
        return taken;
    }

    /** Takes what other workers read for sessions of this one; returns how many packets there were. */
    int takeHandedOver(long now) {
        int taken = 0;
        for (PacketRing ring : handedOver) {
            while (ring != null && !ring.isEmpty() && taken < BATCH) {
                taken++;
                route(ring.memory(), ring.packetOffset(), ring.packetLength(), now);
                ring.release();
            }
        }
        return taken;
    }

    private void route(ByteBuffer buffer, int offset, int received, long now) {
        if (Ipv4Header.validate(buffer, offset, received) < 0) {
            // IPv6 router solicitations and the like, which the kernel sends on every interface.
            drop(DropCause.MALFORMED_IP);
            return;
        }
        Tunnel tunnel = datapath.routes().find(Ipv4Header.destination(buffer, offset));
        if (tunnel == null) {
            drop(DropCause.NO_SESSION);
        } else if (tunnel.worker() == worker) {
            toClient(tunnel, buffer, offset, now);
        } else if (tunnel.worker().outbound().handedOver[worker.index()].offer(buffer, offset,
                Ipv4Header.totalLength(buffer, offset))) {
            tunnel.worker().wake();
        } else {
            drop(DropCause.HANDOVER_QUEUE_FULL);
        }
    }

    private void toClient(Tunnel tunnel, ByteBuffer buffer, int offset, long now) {
        TunnelNetwork network = tunnel.network();
        if (network == null || (tunnel.encryptor == null && !tunnel.mayPassInClear())) {
            drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        if (network.mss() > 0) {
            MssClamp.clamp(buffer, offset, network.mss(), false);
        }
        int fragments = fragmentation.begin(buffer, offset, network.mtu(),
                datapath.policy().fragmentOversized());
        if (fragments < 0) {
            drop(DropCause.TOO_BIG);
            sendFragmentationNeeded(buffer, offset, network.mtu(), now);
            return;
        }
        for (int i = 0; i < fragments; i++) {
            sendIp(tunnel, now);
        }
    }

    /** RFC 1191: tells the sender of a packet that is too big what would fit. */
    private void sendFragmentationNeeded(ByteBuffer buffer, int offset, int mtu, long now) {
        if (errors.tryTake(now)) {
            int length = IcmpError.fragmentationNeeded(error.buffer(), 0, buffer, offset,
                    datapath.policy().serverAddress().bits(), mtu);
            if (length > 0) {
                queue.write(error.address(), length);
            }
        }
    }

    /** Tells a client that it may not send there (RFC 1812 section 5.2.7.1, code 13). */
    void answerProhibited(Tunnel tunnel, ByteBuffer buffer, int offset, long now) {
        if (errors.tryTake(now)) {
            int length = IcmpError.prohibited(error.buffer(), 0, buffer, offset,
                    datapath.policy().serverAddress().bits());
            if (length > 0) {
                toClient(tunnel, error.buffer(), 0, now);
            }
        }
    }

    /** Frames the next fragment, which for most packets is the whole, and encrypts it. */
    private void sendIp(Tunnel tunnel, long now) {
        ByteBuffer out = batch.buffer();
        int start = batch.slotOffset();
        int header = headerLength(tunnel);
        int ppp = start + header;
        int end;
        if (tunnel.encryptor == null) {
            int ip = PppFrame.putHeader(out, ppp, PppProtocol.IPV4, tunnel.compressAddress,
                    tunnel.compressProtocol);
            int length = fragmentation.next(out, ip);
            count(tunnel, length, now);
            end = ip + length;
        } else {
            int mppe = PppFrame.putHeader(out, ppp, PppProtocol.COMPRESSED, tunnel.compressAddress,
                    tunnel.compressProtocol);
            // The protocol field inside stays uncompressed, which every peer can read.
            int protocol = mppe + MPPE_HEADER;
            out.putShort(protocol, (short) PppProtocol.IPV4);
            int length = fragmentation.next(out, protocol + 2);
            count(tunnel, length, now);
            end = protocol + 2 + length;
            tunnel.encryptor.encrypt(out, mppe, end - mppe, worker.mppe());
        }
        commit(tunnel, start, header, end - ppp, now);
    }

    private void count(Tunnel tunnel, int length, long now) {
        tunnel.traffic().countOut(length, now);
        worker.traffic().countOut(length, now);
    }

    private static int headerLength(Tunnel tunnel) {
        return tunnel.gre.owesAck() ? GreHeader.DATA_WITH_ACK_LENGTH : GreHeader.DATA_LENGTH;
    }

    private void commit(Tunnel tunnel, int start, int header, int payload, long now) {
        int sequence = tunnel.gre.takeSequence(now);
        if (header == GreHeader.DATA_WITH_ACK_LENGTH) {
            GreHeader.writeDataWithAck(batch.buffer(), start, tunnel.peerCallId(), payload, sequence,
                    tunnel.gre.takeAck());
        } else {
            GreHeader.writeData(batch.buffer(), start, tunnel.peerCallId(), payload, sequence);
        }
        batch.commit(tunnel.peerBits(), tunnel.localBits(), header + payload);
    }

    /** Sends everything collected. */
    void flush() {
        if (batch.pending() > 0) {
            batch.flush();
        }
    }

    /** Packets to clients that the kernel did not take. */
    long sendFailures() {
        return batch.droppedForRoom() + batch.droppedRefused();
    }

    private void drop(DropCause cause) {
        worker.drops().count(cause);
    }
}
