package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.dataplane.linux.TunQueue;
import io.pptpoperator.protocol.ip.Fragmentation;
import io.pptpoperator.protocol.ip.IcmpError;
import io.pptpoperator.protocol.ip.IpFault;
import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.ip.MssClamp;
import io.pptpoperator.protocol.ip.SegmentSplit;
import io.pptpoperator.protocol.ip.VirtioNetHeader;
import io.pptpoperator.protocol.rate.TokenBucket;
import java.nio.ByteBuffer;

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
    /**
     * Bytes passed on before the packets from clients get their turn, so that neither side starves the other: about as
     * many packets as {@link Inbound} passes on. A train of segments counts with all its bytes, since each segment
     * costs as much as a packet.
     */
    private static final int ROUND_BYTES = 96 * 1_024;
    /** Bytes that a session passes on before it is the next one's turn. */
    private static final int QUANTUM = 8_000;
    /** Packets, or trains, taken in one round at most. */
    private static final int LOOK_AHEAD = 256;
    private static final int SLOTS = 512;
    private static final int SLOT_SIZE = 2_048;
    /** Slot numbers of packets that wait where they are: in {@link #packet}, and in the ring of a worker. */
    private static final int FROM_TUN = SLOTS;
    private static final int FROM_WORKERS = SLOTS + 1;

    private final int worker;
    private final TunnelDirectory directory;
    private final LiveRules rules;
    private final HostGate hostGate;
    private final Handover handover;
    private final WorkerCounters counters;
    private final String deviceName;
    private final TunQueue tunQueue;
    private final TunOutput tun;
    private final GreSender sender;
    /** What was read: a virtio header, written by the kernel or zero, and behind it the packet. */
    private final NativeBuffer packet = NativeBuffer.ofPackets(VirtioNetHeader.LENGTH + LARGEST_PACKET);
    private final int readOffset;
    private final FairQueue queue;
    /** The slots: each a virtio header and a packet. */
    private final NativeBuffer waiting = NativeBuffer.ofPackets(SLOTS * SLOT_SIZE);
    /** By slot number, from {@link #SLOTS} on: whether a packet waits there. */
    private final boolean[] inPlace;
    /** By slot number: whose packet waits there. */
    private final WorkerTunnel[] tunnels;
    private int bytesLeft;
    private final NativeBuffer error = NativeBuffer.ofPackets(TunOutput.HEADROOM + IcmpError.MAX_LENGTH);
    private final NativeBuffer piece = NativeBuffer.ofPackets(LARGEST_PACKET);
    private final SegmentSplit split = new SegmentSplit();
    private final Fragmentation fragmentation;
    private final TokenBucket errors = new TokenBucket(ERRORS_PER_SECOND, ERRORS_PER_SECOND);
    /** By worker: packets that arrived on another worker's queue for a session of this one; null in its own place. */
    private final PacketRing[] handedOver;
    private final ControlLoop controlLoop;
    private final Shaper shaper;

    /**
     * Forwards nothing yet.
     *
     * @param worker the index of the worker that this is a part of
     * @param firstIdentification identification of the first packet that becomes fragments, best a random one
     * @param slab where packets wait for their session's rate
     */
    Outbound(int worker, Worker.Shared shared, HostGate hostGate, TunDevice device, TunOutput tun, GreSender sender,
            int firstIdentification, PacketSlab slab, WorkerCounters counters) {
        this.worker = worker;
        this.directory = shared.directory();
        this.rules = shared.rules();
        this.hostGate = hostGate;
        this.handover = shared.handover();
        this.handedOver = handover.to(worker);
        this.controlLoop = shared.controlLoop();
        this.shaper = new Shaper(slab, this::leave, counters.drops(), DropCause.RATE_LIMIT_DOWN);
        this.counters = counters;
        this.deviceName = device.name();
        this.tunQueue = device.queues().get(worker);
        this.tun = tun;
        this.sender = sender;
        this.readOffset = device.vnetHeader() ? 0 : VirtioNetHeader.LENGTH;
        int places = 1 + handedOver.length;
        this.inPlace = new boolean[places];
        this.tunnels = new WorkerTunnel[SLOTS + places];
        this.queue = new FairQueue(SLOTS, places, QUANTUM);
        this.fragmentation = new Fragmentation(firstIdentification);
    }

    /**
     * Takes packets and passes them on, fairly among sessions, up to {@link #ROUND_BYTES}; returns how many it has
     * dealt with. As long as that is enough for all of them, each goes its way at once. Otherwise it looks ahead and
     * sorts what is there by session. TCP slows down when nobody takes its packets, so one that finds no room stays
     * where it is and keeps those behind it in the kernel; of anything else, what is too much is dropped here, where it
     * is known whose it is.
     */
    int forward(long now) {
        bytesLeft = ROUND_BYTES;
        int dealtWith = passOn(now) + readTun(now);
        for (int other = 0; other < handedOver.length; other++) {
            if (handedOver[other] != null) {
                dealtWith += takeHandedOver(handedOver[other], FROM_WORKERS + other, now);
            }
        }
        return dealtWith;
    }

    /** Passes on what waits. */
    private int passOn(long now) {
        int passed = 0;
        while (bytesLeft > 0) {
            int slot = queue.poll();
            if (slot == FairQueue.NONE) {
                break;
            }
            passed++;
            bytesLeft -= queue.costOf(slot);
            WorkerTunnel tunnel = tunnels[slot];
            tunnels[slot] = null; // or it would keep a session that is over until the slot's next packet
            if (slot < SLOTS) {
                toClient(tunnel, waiting.buffer(), slot * SLOT_SIZE, now);
                queue.giveBack(slot);
                continue;
            }
            inPlace[slot - SLOTS] = false;
            if (slot == FROM_TUN) {
                toClient(tunnel, packet.buffer(), 0, now);
            } else {
                PacketRing ring = handedOver[slot - FROM_WORKERS];
                toClient(tunnel, ring.memory(), ring.packetOffset(), now);
                ring.release();
            }
        }
        return passed;
    }

    private int readTun(long now) {
        int taken = 0;
        while (taken < LOOK_AHEAD && bytesLeft > -ROUND_BYTES && !inPlace[FROM_TUN - SLOTS]) {
            int length = tunQueue.read(packet.address() + readOffset, packet.size() - readOffset);
            if (length <= 0) {
                if (length == -Errno.EBADFD) {
                    throw new LinuxException("read", Errno.EBADFD,
                            "the TUN device " + deviceName + " is gone: somebody removed it");
                }
                break;
            }
            taken++;
            route(packet.buffer(), 0, readOffset + length, FROM_TUN, now);
        }
        return taken;
    }

    /** Takes what another worker read for sessions of this one. */
    private int takeHandedOver(PacketRing ring, int place, long now) {
        int taken = 0;
        while (taken < LOOK_AHEAD && bytesLeft > -ROUND_BYTES && !inPlace[place - SLOTS] && !ring.isEmpty()) {
            taken++;
            route(ring.memory(), ring.packetOffset(), ring.packetLength(), place, now);
            if (!inPlace[place - SLOTS]) {
                ring.release();
            }
        }
        return taken;
    }

    /**
     * Finds whose packet it is; the virtio header is at {@code offset}, and part of {@code length}.
     *
     * @param place the slot number of where it is, should it have to wait there
     */
    private void route(ByteBuffer buffer, int offset, int length, int place, long now) {
        int ip = offset + VirtioNetHeader.LENGTH;
        if (Ipv4Header.validate(buffer, ip, length - VirtioNetHeader.LENGTH) < 0) {
            // IPv6 router solicitations and the like, which the kernel sends on every interface.
            drop(DropCause.MALFORMED_IP);
            return;
        }
        if (Ipv4Header.protocol(buffer, ip) == Ipv4Header.GRE && directory.isEnd(Ipv4Header.source(buffer, ip))) {
            drop(DropCause.TUNNEL_LOOP);
            return;
        }
        WorkerTunnel tunnel = directory.leadingTo(Ipv4Header.destination(buffer, ip));
        if (tunnel == null) {
            drop(DropCause.NO_SESSION);
        } else if (tunnel.worker() == worker) {
            passOnOrWait(tunnel, buffer, offset, length, place, now);
        } else if (!handover.offer(worker, tunnel.worker(), buffer, offset, length)) {
            drop(DropCause.HANDOVER_QUEUE_FULL);
        }
    }

    private void passOnOrWait(WorkerTunnel tunnel, ByteBuffer buffer, int offset, int length, int place, long now) {
        LimitedTraffic limits = tunnel.limits;
        if (limits != null && limits.toClient != null) {
            // It has a queue of its own, and must never wait where it would keep others waiting.
            bytesLeft -= cost(tunnel, length);
            toClient(tunnel, buffer, offset, now);
            return;
        }
        int cost = cost(tunnel, length);
        if (bytesLeft > 0 && queue.isEmpty()) {
            bytesLeft -= cost;
            toClient(tunnel, buffer, offset, now);
            return;
        }
        int slot = length <= SLOT_SIZE ? queue.take() : FairQueue.NONE;
        if (slot != FairQueue.NONE) {
            if (queue.offer(tunnel.toClient, slot, cost)) {
                tunnels[slot] = tunnel;
                waiting.buffer().put(slot * SLOT_SIZE, buffer, offset, length);
                return;
            }
            queue.giveBack(slot);
        }
        int ip = offset + VirtioNetHeader.LENGTH;
        if (length > SLOT_SIZE || Ipv4Header.protocol(buffer, ip) == Ipv4Header.TCP) {
            queue.add(tunnel.toClient, place, cost);
            tunnels[place] = tunnel;
            inPlace[place - SLOTS] = true;
        } else {
            drop(DropCause.OVER_SHARE);
        }
    }

    /** In bytes; a train for a client with a small MRU becomes many packets. */
    private static int cost(WorkerTunnel tunnel, int length) {
        TunnelNetwork network = tunnel.network();
        int pieces = network == null ? 1 : length / network.mtu() + 1;
        return Math.max(length, pieces * LEAST_BYTES);
    }

    private void toClient(WorkerTunnel tunnel, ByteBuffer buffer, int offset, long now) {
        TunnelNetwork network = tunnel.network();
        if (network == null || !tunnel.sendsIp()) {
            drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        int ip = offset + VirtioNetHeader.LENGTH;
        if (hostGate.isHost(Ipv4Header.source(buffer, ip))) {
            hostGate.sent(buffer, ip, now);
        }
        cut(tunnel, network, buffer, offset, now);
    }

    /** Sends a packet, or a train, in pieces that the client's link takes. */
    private void cut(WorkerTunnel tunnel, TunnelNetwork network, ByteBuffer buffer, int offset, long now) {
        int ip = offset + VirtioNetHeader.LENGTH;
        int mtu = network.mtu();
        boolean needsChecksum = VirtioNetHeader.needsChecksum(buffer, offset);
        int gsoType = VirtioNetHeader.gsoType(buffer, offset);
        int gsoSize = VirtioNetHeader.gsoSize(buffer, offset);
        if (network.mss() > 0) {
            MssClamp.clamp(buffer, ip, network.mss(), needsChecksum);
        }
        if (gsoType == VirtioNetHeader.GSO_NONE && Ipv4Header.totalLength(buffer, ip) > mtu
                && Ipv4Header.dontFragment(buffer, ip) && !rules.policy().fragmentOversized()) {
            drop(DropCause.TOO_BIG);
            answerTooBig(buffer, ip, mtu, now);
            return;
        }
        int pieces = split.begin(buffer, ip, mtu, gsoType, gsoSize, needsChecksum);
        if (pieces < 0) {
            // In order, but nothing that can be cut into segments: fragments remain.
            boolean whole = pieces == IpFault.NOT_SEGMENTABLE.code() || pieces == IpFault.TRANSPORT_CHECKSUM.code();
            if (whole && VirtioNetHeader.completeChecksum(buffer, offset, Ipv4Header.totalLength(buffer, ip))) {
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
                int at = sender.beginIp(tunnel);
                send(tunnel, at, split.next(sender.buffer(), at), now);
            }
        }
    }

    private void sendFragments(WorkerTunnel tunnel, ByteBuffer buffer, int ip, int mtu, long now) {
        int fragments = fragmentation.begin(buffer, ip, mtu, true);
        if (fragments < 0) {
            drop(DropCause.TOO_BIG);
        }
        for (int i = 0; i < fragments; i++) {
            int at = sender.beginIp(tunnel);
            send(tunnel, at, fragmentation.next(sender.buffer(), at), now);
        }
    }

    /** Sends the packet that was begun at {@code at}, or has it wait. */
    private void send(WorkerTunnel tunnel, int at, int length, long now) {
        LimitedTraffic limits = tunnel.limits;
        if (limits == null) {
            sender.sendIp(tunnel, length, now);
        } else {
            sendOrWait(limits, tunnel, at, length, now);
        }
    }

    private void sendOrWait(LimitedTraffic limits, WorkerTunnel tunnel, int at, int length, long now) {
        long nanos = System.nanoTime();
        if (limits.toClient != null && !shaper.passes(limits.toClient, length, nanos)) {
            shaper.hold(limits.toClient, sender.buffer(), at, length, nanos);
        } else if (limits.admitsToClient(length, controlLoop)) {
            sender.sendIp(tunnel, length, now);
        } else {
            drop(DropCause.OCTETS_USED_UP);
        }
    }

    /** Sends a packet that has waited for its session's rate. */
    private void leave(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length, long now) {
        if (tunnel.network() == null || !tunnel.sendsIp()) {
            drop(DropCause.NETWORK_NOT_OPEN);
        } else if (tunnel.limits != null && !tunnel.limits.admitsToClient(length, controlLoop)) {
            drop(DropCause.OCTETS_USED_UP);
        } else {
            sender.buffer().put(sender.beginIp(tunnel), buffer, offset, length);
            sender.sendIp(tunnel, length, now);
        }
    }

    /** Where packets wait for their session's rate. */
    Shaper shaper() {
        return shaper;
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
                    rules.policy().serverAddress().bits());
            if (length > 0) {
                VirtioNetHeader.writeNone(error.buffer(), 0);
                toClient(tunnel, error.buffer(), 0, now);
            }
        }
    }

    /** Sends a packet of the server itself: the host has not sent it, and gets no answer to it. */
    void answer(WorkerTunnel tunnel, byte[] ipPacket, long now) {
        TunnelNetwork network = tunnel.network();
        if (network == null || !tunnel.sendsIp()) {
            drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        ByteBuffer whole = ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH + ipPacket.length);
        VirtioNetHeader.writeNone(whole, 0);
        whole.put(VirtioNetHeader.LENGTH, ipPacket);
        cut(tunnel, network, whole, 0, now);
    }

    private void drop(DropCause cause) {
        counters.drop(cause);
    }
}
