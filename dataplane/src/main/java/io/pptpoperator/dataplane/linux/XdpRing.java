package io.pptpoperator.dataplane.linux;

import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One of an AF_XDP socket's rings, in memory that the kernel shares: one side produces, the other consumes, each counts
 * what it has done (if_xdp.h, {@code struct xdp_ring_offset}). Allocates nothing once it is there.
 */
final class XdpRing {

    /** The rings there are. */
    enum Kind {
        /** What is to be sent; entries are {@code struct xdp_desc}. */
        TRANSMIT(3, 0x8000_0000L, 32, 16),
        /** Frames to receive into; a socket that only sends must have it, and leaves it empty. */
        FILL(5, 0x1_0000_0000L, 64, 8),
        /** Frames whose packets the kernel has done with; entries are addresses. */
        COMPLETION(6, 0x1_8000_0000L, 96, 8);

        /** The option that says how many entries it has. */
        private final int sizeOption;
        /** Where to map it. */
        private final long page;
        /** Where {@code struct xdp_mmap_offsets} tells of it. */
        private final int offsets;
        private final int entryBytes;

        Kind(int sizeOption, long page, int offsets, int entryBytes) {
            this.sizeOption = sizeOption;
            this.page = page;
            this.offsets = offsets;
            this.entryBytes = entryBytes;
        }
    }

    static final int SOL_XDP = 283;
    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int MMAP_OFFSETS = 128;
    private static final int CONSUMER = 8;
    private static final int ENTRIES = 16;
    private static final VarHandle COUNTER = MethodHandles.byteBufferViewVarHandle(int[].class,
            ByteOrder.nativeOrder());

    private final long address;
    private final long length;
    private final ByteBuffer memory;
    private final int mask;
    private final int entryBytes;
    private final int producerAt;
    private final int consumerAt;
    private final int entriesAt;

    private XdpRing(Kind kind, int entries, int fd, ByteBuffer offsets) {
        this.mask = entries - 1;
        this.entryBytes = kind.entryBytes;
        this.producerAt = (int) offsets.getLong(kind.offsets);
        this.consumerAt = (int) offsets.getLong(kind.offsets + CONSUMER);
        this.entriesAt = (int) offsets.getLong(kind.offsets + ENTRIES);
        this.length = entriesAt + (long) entries * entryBytes;
        this.address = Libc.mmap(0, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, fd,
                kind.page);
        if (address == -1) {
            throw new LinuxException("mmap", Libc.errno(), "cannot map a ring of the XDP socket");
        }
        this.memory = new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    /** Makes room for {@code entries} in the kernel, a power of two; to be done before the socket is bound. */
    static void reserve(KernelSocket socket, Kind kind, int entries) {
        int result = socket.setOption(SOL_XDP, kind.sizeOption, entries);
        if (result < 0) {
            throw new LinuxException("setsockopt(SOL_XDP)", -result,
                    "cannot give the XDP socket a ring of " + entries + " entries");
        }
    }

    /** Maps what {@link #reserve} made. */
    static XdpRing map(KernelSocket socket, Kind kind, int entries) {
        NativeBuffer offsets = NativeBuffer.ofStructure(MMAP_OFFSETS);
        int result = socket.getOption(SOL_XDP, XDP_MMAP_OFFSETS, offsets);
        if (result < 0) {
            throw new LinuxException("getsockopt(XDP_MMAP_OFFSETS)", -result, "cannot map a ring of the XDP socket");
        }
        return new XdpRing(kind, entries, socket.fd(), offsets.buffer());
    }

    /** How many entries were ever produced, as far as the consumer may know. */
    int produced() {
        return (int) COUNTER.getAcquire(memory, producerAt);
    }

    /** Lets the consumer know of entries. */
    void produced(int count) {
        COUNTER.setRelease(memory, producerAt, count);
    }

    /** How many entries the consumer has taken. */
    int consumed() {
        return (int) COUNTER.getAcquire(memory, consumerAt);
    }

    /** Lets the producer have the places of entries back. */
    void consumed(int count) {
        COUNTER.setRelease(memory, consumerAt, count);
    }

    /** The frame's address in an entry. */
    long frame(int number) {
        return memory.getLong(entriesAt + (number & mask) * entryBytes);
    }

    /** Writes {@code struct xdp_desc}: {@code u64 addr}, {@code u32 len}, {@code u32 options}. */
    void descriptor(int number, long frame, int length) {
        int at = entriesAt + (number & mask) * entryBytes;
        memory.putLong(at, frame);
        memory.putInt(at + Long.BYTES, length);
        memory.putInt(at + Long.BYTES + Integer.BYTES, 0);
    }

    /** Unmaps it; nobody may use it any more. */
    void unmap() {
        Libc.munmap(address, length);
    }
}
