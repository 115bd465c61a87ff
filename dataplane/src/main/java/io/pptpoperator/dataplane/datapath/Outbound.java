package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.ip.Fragmentation;
import io.pptpoperator.dataplane.ip.IcmpError;
import io.pptpoperator.dataplane.ip.IpFault;
import io.pptpoperator.dataplane.ip.Ipv4Header;
import io.pptpoperator.dataplane.ip.MssClamp;
import io.pptpoperator.dataplane.ip.SegmentSplit;
import io.pptpoperator.dataplane.ip.TokenBucket;
import io.pptpoperator.dataplane.ip.VirtioNetHeader;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way to the clients as far as it is IP: takes packets, or trains of segments, from TUN, finds their session and
 * cuts them to its MTU; {@link GreSender} does the rest. Everything here runs on the worker's thread and allocates
 * nothing per packet.
 */
final class Outbound {
    private static final int LARGEST_PACKET = 65_536;
    /** What the shortest packet counts for when bytes are: it costs no less than one of this length. */
    private static final int LEAST_BYTES = 1_000;
    private static final int UDP_OVERHEAD = 28;
    /** ICMP errors of one worker, which must not become a means to flood anybody (RFC 1812 section 4.3.2.8). */
    private static final int ERRORS_PER_SECOND = 100;
    private static final int MOST_HANDED_OVER = 64;

    private final Worker worker;
    private final Datapath datapath;
    private final TunQueue queue;
    private final TunOutput tun;
    private final GreSender sender;
    /** What was read: a virtio header, written by the kernel or zero, and behind it the packet. */
    private final NativeBuffer packet = NativeBuffer.ofPackets(VirtioNetHeader.LENGTH + LARGEST_PACKET);
    private final int readOffset;
    private final NativeBuffer error = NativeBuffer.ofPackets(TunOutput.HEADROOM + IcmpError.MAX_LENGTH);
    private final NativeBuffer piece = NativeBuffer.ofPackets(LARGEST_PACKET);
    private final SegmentSplit split = new SegmentSplit();
    private final Fragmentation fragmentation;
    private final TokenBucket errors = new TokenBucket(ERRORS_PER_SECOND, ERRORS_PER_SECOND);
    /** By worker: packets that arrived on another worker's queue for a session of this one. */
    private PacketRing[] handedOver = {};

    Outbound(Worker worker, Datapath datapath, TunDevice device, TunQueue queue, TunOutput tun,
            GreSender sender) {
        this.worker = worker;
        this.datapath = datapath;
        this.queue = queue;
        this.tun = tun;
        this.sender = sender;
        this.readOffset = device.vnetHeader() ? 0 : VirtioNetHeader.LENGTH;
        this.fragmentation = new Fragmentation(datapath.randomIdentification());
    }

    /** Prepares for packets of sessions that other workers own. */
    void linkTo(List<Worker> workers) {
        handedOver = new PacketRing[workers.size()];
        for (Worker other : workers) {
            if (other != worker) {
                handedOver[other.index()] = new PacketRing();
            }
        }
    }

    /**
     * Takes packets from the TUN device until {@code mostBytes} are taken or it has no more; returns how many there
     * were. A train of segments counts with all its bytes, since each segment costs as much as a packet.
     */
    int readTun(int mostBytes, long now) {
        int taken = 0;
        int bytes = 0;
        while (bytes < mostBytes) {
            int length = queue.read(packet.address() + readOffset, packet.size() - readOffset);
            if (length <= 0) {
                break;
            }
            taken++;
            bytes += Math.max(length, LEAST_BYTES);
            route(packet.buffer(), 0, readOffset + length, now);
        }
        return taken;
    }

    /** Takes what other workers read for sessions of this one; returns how many packets there were. */
    int takeHandedOver(long now) {
        int taken = 0;
        for (PacketRing ring : handedOver) {
            while (ring != null && taken < MOST_HANDED_OVER && !ring.isEmpty()) {
                taken++;
                route(ring.memory(), ring.packetOffset(), ring.packetLength(), now);
                ring.release();
            }
        }
        return taken;
    }

    /** Finds whose packet it is; the virtio header is at {@code offset}, and part of {@code length}. */
    private void route(ByteBuffer buffer, int offset, int length, long now) {
        int ip = offset + VirtioNetHeader.LENGTH;
        if (Ipv4Header.validate(buffer, ip, length - VirtioNetHeader.LENGTH) < 0) {
            // IPv6 router solicitations and the like, which the kernel sends on every interface.
            drop(DropCause.MALFORMED_IP);
            return;
        }
        WorkerTunnel tunnel = datapath.routes().find(Ipv4Header.destination(buffer, ip));
        if (tunnel == null) {
            drop(DropCause.NO_SESSION);
        } else if (tunnel.worker() == worker) {
            toClient(tunnel, buffer, offset, now);
        } else if (tunnel.worker().outbound().handedOver[worker.index()].offer(buffer, offset, length)) {
            tunnel.worker().wake();
        } else {
            drop(DropCause.HANDOVER_QUEUE_FULL);
        }
    }

    private void toClient(WorkerTunnel tunnel, ByteBuffer buffer, int offset, long now) {
        TunnelNetwork network = tunnel.network();
        if (network == null || tunnel.encryptor == null && !tunnel.mayPassInClear()) {
            drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        int ip = offset + VirtioNetHeader.LENGTH;
        int mtu = network.mtu();
        boolean needsChecksum = VirtioNetHeader.needsChecksum(buffer, offset);
        int gsoType = VirtioNetHeader.gsoType(buffer, offset);
        int gsoSize = VirtioNetHeader.gsoSize(buffer, offset);
        if (network.mss() > 0) {
            MssClamp.clamp(buffer, ip, network.mss(), needsChecksum);
        }
        if (gsoType == VirtioNetHeader.GSO_NONE && Ipv4Header.totalLength(buffer, ip) > mtu
                && Ipv4Header.dontFragment(buffer, ip) && !datapath.policy().fragmentOversized()) {
            drop(DropCause.TOO_BIG);
            answerTooBig(buffer, ip, mtu, now);
            return;
        }
        int pieces = split.begin(buffer, ip, mtu, gsoType, gsoSize, needsChecksum);
        if (pieces < 0) {
            // In order, but nothing that can be cut into segments: fragments remain.
            boolean whole = pieces == IpFault.NOT_SEGMENTABLE.code()
                    || pieces == IpFault.TRANSPORT_CHECKSUM.code();
            if (whole
                    && VirtioNetHeader.completeChecksum(buffer, offset, Ipv4Header.totalLength(buffer, ip))) {
                sendFragments(tunnel, buffer, ip, mtu, now);
            } else {
                drop(DropCause.MALFORMED_IP);
            }
        } else if (gsoType == VirtioNetHeader.GSO_UDP_L4 && gsoSize + UDP_OVERHEAD > mtu) {
            for (int i = 0; i < pieces; i++) {
                split.next(piece.buffer(), 0);
                sendFragments(tunnel, piece.buffer(), 0, mtu, now);
            }
        } else {
            for (int i = 0; i < pieces; i++) {
                int length = split.next(sender.buffer(), sender.beginIp(tunnel));
                sender.sendIp(tunnel, length, now);
            }
        }
    }

    private void sendFragments(WorkerTunnel tunnel, ByteBuffer buffer, int ip, int mtu, long now) {
        int fragments = fragmentation.begin(buffer, ip, mtu, true);
        if (fragments < 0) {
            drop(DropCause.TOO_BIG);
        }
        for (int i = 0; i < fragments; i++) {
            int length = fragmentation.next(sender.buffer(), sender.beginIp(tunnel));
            sender.sendIp(tunnel, length, now);
        }
    }

    /**
     * RFC 1191: tells the sender of a packet that is too big what would fit. It looks as if the client did: from a
     * device the kernel takes no packet whose source is an address of this host.
     */
    private void answerTooBig(ByteBuffer buffer, int ip, int mtu, long now) {
        if (errors.tryTake(now)) {
            int length = IcmpError.fragmentationNeeded(error.buffer(), TunOutput.HEADROOM, buffer, ip,
                    Ipv4Header.destination(buffer, ip), mtu);
            if (length > 0) {
                tun.writeNow(error.buffer(), error.address(), TunOutput.HEADROOM, length);
            }
        }
    }

    /** Tells a client that it may not send there (RFC 1812 section 5.2.7.1, code 13). */
    void answerProhibited(WorkerTunnel tunnel, ByteBuffer buffer, int ip, long now) {
        if (errors.tryTake(now)) {
            int length = IcmpError.prohibited(error.buffer(), VirtioNetHeader.LENGTH, buffer, ip,
                    datapath.policy().serverAddress().bits());
            if (length > 0) {
                VirtioNetHeader.writeNone(error.buffer(), 0);
                toClient(tunnel, error.buffer(), 0, now);
            }
        }
    }

    private void drop(DropCause cause) {
        worker.drops().count(cause);
    }
}
