package io.pptpoperator.dataplane.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The memory that the XDP sockets of one link send from, locked by the kernel, and which of its frames the kernel still
 * has. Each worker has as many frames of its own, and is told by whoever empties a completion ring which are free again.
 */
final class XdpFrames {

    /** Bytes of a frame: half a page, the least that the kernel allows. */
    static final int SIZE = 2_048;
    private static final int XDP_UMEM_REG = 4;
    /**
     * {@code struct xdp_umem_reg}: {@code u64 addr, len}, {@code u32 chunk_size, headroom, flags, tx_metadata_len}.
     */
    private static final int UMEM_REG = 32;
    private static final int UMEM_LENGTH = 8;
    private static final int UMEM_CHUNK_SIZE = 16;
    /** Per worker; the least is what two batches need. */
    private static final int MOST = 1_024;
    private static final int LEAST = 128;
    private static final VarHandle IN_FLIGHT = MethodHandles.arrayElementVarHandle(byte[].class);

    private final NativeBuffer memory;
    private final int perWorker;
    private final byte[] inFlight;

    private XdpFrames(NativeBuffer memory, int perWorker) {
        this.memory = memory;
        this.perWorker = perWorker;
        this.inFlight = new byte[memory.size() / SIZE];
    }

    /**
     * Registers as much memory with a socket as the kernel allows to be locked, up to 2 MB for each worker.
     *
     * @throws LinuxException when it allows too little
     */
    static XdpFrames register(KernelSocket socket, int workers) {
        int perWorker = MOST;
        while (true) {
            NativeBuffer memory = NativeBuffer.ofPages(Math.multiplyExact(workers, perWorker * SIZE));
            NativeBuffer registration = NativeBuffer.ofStructure(UMEM_REG);
            registration.buffer().putLong(0, memory.address());
            registration.buffer().putLong(UMEM_LENGTH, memory.size());
            registration.buffer().putInt(UMEM_CHUNK_SIZE, SIZE);
            int result = socket.setOption(XdpRing.SOL_XDP, XDP_UMEM_REG, registration);
            if (result == 0) {
                return new XdpFrames(memory, perWorker);
            }
            if (result != -Errno.ENOBUFS || perWorker == LEAST) {
                throw new LinuxException("setsockopt(XDP_UMEM_REG)", -result,
                        "cannot lock " + memory.size() / 1_024 + " KB of memory for XDP sockets"
                                + (result == -Errno.ENOBUFS ? ": raise RLIMIT_MEMLOCK (ulimit -l)" : ""));
            }
            perWorker /= 2;
        }
    }

    NativeBuffer memory() {
        return memory;
    }

    /** How many frames each worker has, a power of two. */
    int perWorker() {
        return perWorker;
    }

    boolean isInFlight(int frame) {
        return (byte) IN_FLIGHT.getAcquire(inFlight, frame) != 0;
    }

    /** The kernel gets a frame. For the worker that owns it. */
    void lend(int frame) {
        IN_FLIGHT.setOpaque(inFlight, frame, (byte) 1);
    }

    /** The kernel gave a frame back. */
    void giveBack(int frame) {
        IN_FLIGHT.setRelease(inFlight, frame, (byte) 0);
    }
}
