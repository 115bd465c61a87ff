package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Collects GRE packets, each with its own destination and source address, and sends them in one sendmmsg(2), or a few
 * where some go through the raw socket and some, whose next hop is known, through a packet socket or an XDP socket. What
 * the kernel does not take is dropped and counted: a VPN's packets may be lost, its sessions must not. For one thread;
 * allocates nothing.
 */
public final class SendBatch {

    /** {@code struct sockaddr_in}: {@code u16 family} (native), {@code be16 port}, {@code be32 address}, 8 zeros. */
    private static final int SOCKADDR_IN = 16;
    private static final int SOCKADDR_ADDRESS = 4;
    /**
     * {@code struct sockaddr_ll}: {@code u16 family} (native), {@code be16 protocol}, {@code i32 ifindex},
     * {@code u16 hatype}, {@code u8 pkttype, halen}, {@code u8 addr[8]}.
     */
    private static final int SOCKADDR_LL = 20;
    private static final int LINK_PROTOCOL = 2;
    private static final int LINK_INDEX = 4;
    private static final int LINK_ADDRESS_LENGTH = 11;
    private static final int LINK_ADDRESS = 12;
    private static final int ETHERNET_ADDRESS = 6;
    private static final short ETH_P_IP = 0x0800;
    /** Room for either, on a cache line's half. */
    private static final int NAME_SPACE = 32;
    /**
     * {@code struct cmsghdr} ({@code size_t len}, {@code int level}, {@code int type}) and {@code struct in_pktinfo}
     * ({@code int ifindex}, {@code be32 spec_dst}, {@code be32 addr}), padded to 32 bytes.
     */
    private static final int CONTROL_SPACE = 32;
    private static final int CONTROL_LENGTH = 28;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_SPEC_DST = 20;
    private static final int IPPROTO_IP = 0;
    private static final int IP_PKTINFO = 8;
    /** Before each slot, for an IP header that the kernel does not write. */
    private static final int HEADROOM = 32;

    /** The ways there are, the first of which always works, and each of which has those before it to fall back on. */
    private enum Way {
        RAW, PACKET, XDP
    }

    private final RawGreSocket socket;
    private final Optional<PacketSocket> packets;
    private final int worker;
    private final OuterHeader outerHeader;
    private final int slots;
    private final int slotSize;
    private final int stride;
    private final NativeBuffer arena;
    private final NativeBuffer names;
    private final NativeBuffer controls;
    private final MessageHeaders headers;
    /** By slot: the way it goes, and what every way needs to send it after all. */
    private final Way[] ways;
    private final NextHop[] nextHops;
    /** By slot: the next hop that its name is, which is written again only for another one. */
    private final NextHop[] named;
    private final int[] destinations;
    private final int[] sources;
    private final int[] lengths;
    private int pending;
    private long sent;
    private long sentByPacketSocket;
    private long sentByXdp;
    /** The XDP socket used last, which may have packets that wait. */
    private XdpSocket waiting;
    private long droppedForRoom;
    private long droppedRefused;
    private int lastRefusal;

    /**
     * A batch of {@code slots} packets to {@code socket}.
     *
     * @param slotSize room for one GRE packet, without outer IP header, in bytes
     */
    public SendBatch(RawGreSocket socket, int slots, int slotSize) {
        this(socket, Optional.empty(), 0, slots, slotSize, 0);
    }

    /**
     * A batch of {@code slots} packets, for all kinds of sockets.
     *
     * @param packets what packets with a known next hop may go through, if anything
     * @param worker whose XDP sockets they may go through where their next hop has some
     * @param slotSize room for one GRE packet, without outer IP header, in bytes
     * @param firstIdentification identification of the first packet through {@code packets}, best a random one
     */
    public SendBatch(RawGreSocket socket, Optional<PacketSocket> packets, int worker, int slots, int slotSize,
            int firstIdentification) {
        this.socket = socket;
        this.worker = worker;
        this.packets = packets;
        this.outerHeader = new OuterHeader(packets.map(PacketSocket::timeToLive).orElse(0), firstIdentification);
        this.slots = slots;
        this.slotSize = slotSize;
        this.stride = slotSize + HEADROOM;
        this.arena = NativeBuffer.ofPackets(Math.multiplyExact(slots, stride));
        this.names = NativeBuffer.ofStructure(slots * NAME_SPACE);
        this.controls = NativeBuffer.ofStructure(slots * CONTROL_SPACE);
        this.headers = new MessageHeaders(arena, slots, stride);
        this.ways = new Way[slots];
        this.nextHops = new NextHop[slots];
        this.named = new NextHop[slots];
        this.destinations = new int[slots];
        this.sources = new int[slots];
        this.lengths = new int[slots];
        for (int i = 0; i < slots; i++) {
            controls.buffer().putLong(i * CONTROL_SPACE, CONTROL_LENGTH);
            controls.buffer().putInt(i * CONTROL_SPACE + CONTROL_LEVEL, IPPROTO_IP);
            controls.buffer().putInt(i * CONTROL_SPACE + CONTROL_TYPE, IP_PKTINFO);
            headers.control(i, controls.address() + (long) i * CONTROL_SPACE);
        }
    }

    /** Where to write the next packet in {@link #buffer()}; a full batch is flushed first. */
    public int slotOffset() {
        if (pending == slots) {
            flush();
        }
        return pending * stride + HEADROOM;
    }

    /**
     * Adds the packet written at {@link #slotOffset()}, for the raw socket.
     *
     * @param destinationBits address of the client, first octet most significant
     * @param sourceBits address to send from, the one the client dialled, or 0 to let the kernel choose; one that is
     *     not this host's makes the kernel refuse the packet
     * @param length bytes of the packet, from its GRE header
     */
    public void commit(int destinationBits, int sourceBits, int length) {
        toRaw(add(destinationBits, sourceBits, length));
    }

    /**
     * Like {@link #commit(int, int, int)}, through the next hop's XDP socket or the packet socket if the packet fits the
     * link; the raw socket cuts those that do not into fragments.
     */
    public void commit(int destinationBits, int sourceBits, int length, NextHop nextHop) {
        int slot = add(destinationBits, sourceBits, length);
        if (packets.isEmpty() || OuterHeader.LENGTH + length > nextHop.mtu()) {
            toRaw(slot);
            return;
        }
        ways[slot] = nextHop.xdp().isPresent() ? Way.XDP : Way.PACKET;
        nextHops[slot] = nextHop;
        outerHeader.write(arena.buffer(), slot * stride + HEADROOM - OuterHeader.LENGTH, nextHop.source().bits(),
                destinationBits, length);
        if (ways[slot] == Way.PACKET) {
            toPacketSocket(slot);
        }
    }

    private int add(int destinationBits, int sourceBits, int length) {
        if (length < 0 || length > slotSize || pending == slots) {
            throw new IllegalArgumentException("no slot for a packet of " + length + " bytes: a slot has " + slotSize
                    + ", and " + pending + " of " + slots + " are taken");
        }
        destinations[pending] = destinationBits;
        sources[pending] = sourceBits;
        lengths[pending] = length;
        return pending++;
    }

    @SuppressWarnings("ReferenceEquality") // the name that was written for it
    private void toPacketSocket(int slot) {
        ways[slot] = Way.PACKET;
        headers.payload(slot, arena.address() + (long) slot * stride + HEADROOM - OuterHeader.LENGTH,
                OuterHeader.LENGTH + lengths[slot]);
        NextHop nextHop = nextHops[slot];
        if (named[slot] == nextHop) {
            return;
        }
        named[slot] = nextHop;
        ByteBuffer name = names.buffer();
        int at = slot * NAME_SPACE;
        name.putShort(at, (short) Libc.AF_PACKET);
        name.putShort(at + LINK_PROTOCOL, NetworkOrder.of(ETH_P_IP));
        name.putInt(at + LINK_INDEX, nextHop.linkIndex());
        name.put(at + LINK_ADDRESS_LENGTH, (byte) ETHERNET_ADDRESS);
        for (int i = 0; i < ETHERNET_ADDRESS; i++) {
            name.put(at + LINK_ADDRESS + i,
                    (byte) (nextHop.hardwareAddress() >>> (ETHERNET_ADDRESS - 1 - i) * Byte.SIZE));
        }
        headers.name(slot, names.address() + at, SOCKADDR_LL);
        headers.controlLength(slot, 0);
    }

    private void toRaw(int slot) {
        named[slot] = null;
        ways[slot] = Way.RAW;
        int at = slot * NAME_SPACE;
        names.buffer()
                .putShort(at, (short) Libc.AF_INET)
                .putShort(at + 2, (short) 0)
                .putInt(at + SOCKADDR_ADDRESS, NetworkOrder.of(destinations[slot]))
                .putLong(at + SOCKADDR_ADDRESS + Integer.BYTES, 0);
        controls.buffer().putInt(slot * CONTROL_SPACE + CONTROL_SPEC_DST, NetworkOrder.of(sources[slot]));
        headers.name(slot, names.address() + at, SOCKADDR_IN);
        headers.controlLength(slot, sources[slot] == 0 ? 0 : CONTROL_SPACE);
        headers.payload(slot, arena.address() + (long) slot * stride + HEADROOM, lengths[slot]);
    }

    /**
     * Sends all packets added since the last flush. Never fails: when the send buffer is full the rest is dropped; a
     * packet that is refused by itself (no route, a firewall's EPERM, no memory) is dropped and the next one tried.
     * What an XDP socket cannot take goes through the packet socket, and what that refuses, because its link is gone for
     * instance, through the raw socket.
     */
    public void flush() {
        try {
            int next = 0;
            while (next < pending) {
                int end = endOfRun(next);
                if (ways[next] == Way.XDP) {
                    next = sendByXdp(next, end);
                    continue;
                }
                int fd = ways[next] == Way.PACKET ? packets.orElseThrow().fd() : socket.fd();
                int taken = Libc.sendmmsg(fd, headers.address(next), end - next, Libc.MSG_DONTWAIT);
                next += taken > 0
                        ? accept(taken, ways[next])
                        : refuse(taken < 0 ? Libc.errno() : Errno.EAGAIN, next, end);
            }
            pending = 0;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Behind the last of the packets from {@code first} on that go through the same socket. */
    private int endOfRun(int first) {
        int end = first + 1;
        while (end < pending && ways[end] == ways[first] && (ways[first] != Way.XDP || sameLink(first, end))) {
            end++;
        }
        return end;
    }

    @SuppressWarnings("ReferenceEquality") // the very sockets
    private boolean sameLink(int slot, int other) {
        return nextHops[slot].xdp().orElseThrow() == nextHops[other].xdp().orElseThrow();
    }

    private int accept(int taken, Way way) {
        sent += taken;
        if (way == Way.PACKET) {
            sentByPacketSocket += taken;
        }
        return taken;
    }

    /** Sends a run; returns the first packet that it leaves to the packet socket, or the run's end. */
    private int sendByXdp(int first, int end) {
        XdpSocket xdp = nextHops[first].xdp().orElseThrow().socket(worker);
        int next = first;
        while (next < end && xdp.add(arena.buffer(), next * stride + HEADROOM - OuterHeader.LENGTH,
                OuterHeader.LENGTH + lengths[next], nextHops[next].hardwareAddress())) {
            next++;
        }
        int untaken = Math.min(next - first, xdp.send());
        waiting = xdp;
        next -= untaken;
        int refused = Math.min(next - first, xdp.takeRefused());
        droppedForRoom += refused;
        sent += next - first - refused;
        sentByXdp += next - first - refused;
        for (int i = next; i < end; i++) {
            toPacketSocket(i);
        }
        return next;
    }

    /**
     * Whether packets that were flushed still wait for the link to have room, in which case {@link #flushAgain} is to be
     * called soon.
     */
    public boolean isWaiting() {
        return waiting != null && waiting.isWaiting();
    }

    /** Has the kernel take what waits. */
    public void flushAgain() {
        if (isWaiting()) {
            waiting.send();
        }
    }

    /** Forgets the sockets of a next hop that are about to be closed; nothing may be {@link #pending}. */
    public void forgetSockets() {
        waiting = null;
        Arrays.fill(nextHops, null);
        Arrays.fill(named, null);
    }

    /** Counts what one failed call for the packets {@code next} and up means; returns how many are to be skipped. */
    private int refuse(int errno, int next, int end) {
        switch (errno) {
            case Errno.EINTR -> {
                return 0;
            }
            case Errno.EAGAIN -> {
                droppedForRoom += end - next;
                return end - next;
            }
            case Errno.ENOBUFS -> droppedForRoom++;
            default -> {
                if (ways[next] == Way.PACKET) {
                    toRaw(next);
                    return 0;
                }
                droppedRefused++;
                lastRefusal = errno;
            }
        }
        return 1;
    }

    /** The arena, in network order. */
    public ByteBuffer buffer() {
        return arena.buffer();
    }

    /** Address of the arena's first byte. */
    public long address() {
        return arena.address();
    }

    /** How many packets fit one batch. */
    public int slots() {
        return slots;
    }

    /** Packets added and not yet flushed. */
    public int pending() {
        return pending;
    }

    /** Packets that the kernel took. */
    public long sent() {
        return sent;
    }

    /** Those of them that went through the packet socket. */
    public long sentByPacketSocket() {
        return sentByPacketSocket;
    }

    /** Those of them that went through an XDP socket. */
    public long sentByXdp() {
        return sentByXdp;
    }

    /** Packets dropped because the socket's buffer or the interface's queue was full (EAGAIN, ENOBUFS). */
    public long droppedForRoom() {
        return droppedForRoom;
    }

    /** Packets that the kernel refused: no route, a firewall, a source address that is not ours. */
    public long droppedRefused() {
        return droppedRefused;
    }

    /** The positive error number of the last refusal, 0 when there was none; see {@link Errno}. */
    public int lastRefusal() {
        return lastRefusal;
    }
}
