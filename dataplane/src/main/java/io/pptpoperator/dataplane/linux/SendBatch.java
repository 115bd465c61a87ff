package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Collects GRE packets, each with its own destination and source address, and sends them in one sendmmsg(2). What the
 * kernel does not take is dropped and counted: a VPN's packets may be lost, its sessions must not. For one thread;
 * allocates nothing.
 */
public final class SendBatch {

    /** {@code struct sockaddr_in}: {@code u16 family} (native), {@code be16 port}, {@code be32 address}, 8 zeros. */
    private static final int SOCKADDR_IN = 16;
    private static final int SOCKADDR_ADDRESS = 4;
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

    private final RawGreSocket socket;
    private final int slots;
    private final int slotSize;
    private final NativeBuffer arena;
    private final NativeBuffer names;
    private final NativeBuffer controls;
    private final MessageHeaders headers;
    private int pending;
    private long sent;
    private long droppedForRoom;
    private long droppedRefused;
    private int lastRefusal;

    /**
     * A batch of {@code slots} packets to {@code socket}.
     *
     * @param slotSize room for one GRE packet, without outer IP header, in bytes
     */
    public SendBatch(RawGreSocket socket, int slots, int slotSize) {
        this.socket = socket;
        this.slots = slots;
        this.slotSize = slotSize;
        this.arena = NativeBuffer.ofPackets(Math.multiplyExact(slots, slotSize));
        this.names = NativeBuffer.ofStructure(slots * SOCKADDR_IN);
        this.controls = NativeBuffer.ofStructure(slots * CONTROL_SPACE);
        this.headers = new MessageHeaders(arena, slots, slotSize);
        for (int i = 0; i < slots; i++) {
            names.buffer().putShort(i * SOCKADDR_IN, (short) Libc.AF_INET);
            headers.name(i, names.address() + (long) i * SOCKADDR_IN, SOCKADDR_IN);
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
        return pending * slotSize;
    }

    /**
     * Adds the packet written at {@link #slotOffset()}.
     *
     * @param destinationBits address of the client, first octet most significant
     * @param sourceBits address to send from, the one the client dialled, or 0 to let the kernel choose; one that is
     *     not this host's makes the kernel refuse the packet
     * @param length bytes of the packet, from its GRE header
     */
    public void commit(int destinationBits, int sourceBits, int length) {
        if (length < 0 || length > slotSize || pending == slots) {
            throw new IllegalArgumentException(
                    "no slot for a packet of " + length + " bytes: a slot has " + slotSize
                            + ", and " + pending + " of " + slots + " are taken");
        }
        int slot = pending++;
        names.buffer().putInt(slot * SOCKADDR_IN + SOCKADDR_ADDRESS, NetworkOrder.of(destinationBits));
        controls.buffer().putInt(slot * CONTROL_SPACE + CONTROL_SPEC_DST, NetworkOrder.of(sourceBits));
        headers.controlLength(slot, sourceBits == 0 ? 0 : CONTROL_SPACE);
        headers.payloadLength(slot, length);
    }

    /**
     * Sends all packets added since the last flush. Never fails: when the send buffer is full the rest is dropped; a
     * packet that is refused by itself (no route, a firewall's EPERM, no memory) is dropped and the next one tried.
     */
    public void flush() {
        try {
            int next = 0;
            while (next < pending) {
                int taken = Libc.sendmmsg(socket.fd(), headers.address(next), pending - next,
                        Libc.MSG_DONTWAIT);
                next += taken > 0
                        ? accept(taken)
                        : refuse(taken < 0 ? Libc.errno() : Errno.EAGAIN, pending - next);
            }
            pending = 0;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private int accept(int taken) {
        sent += taken;
        return taken;
    }

    /** Counts what one failed call means and returns how many of the {@code waiting} packets are to be skipped. */
    private int refuse(int errno, int waiting) {
        switch (errno) {
            case Errno.EINTR -> {
                return 0;
            }
            case Errno.EAGAIN -> {
                droppedForRoom += waiting;
                return waiting;
            }
            case Errno.ENOBUFS -> droppedForRoom++;
            default -> {
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
