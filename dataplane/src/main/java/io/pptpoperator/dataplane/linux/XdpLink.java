package io.pptpoperator.dataplane.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * The XDP sockets of all workers on one Ethernet link, one each. They need CAP_NET_RAW and memory that may be locked.
 * Workers spread over the link's queues; where there are fewer queues than workers, they share them.
 */
public final class XdpLink implements AutoCloseable {

    private static final int SOCKADDR_XDP = 16;
    private static final int SOCKADDR_FLAGS = 2;
    private static final int SOCKADDR_INDEX = 4;
    private static final int SOCKADDR_QUEUE = 8;
    private static final int SOCKADDR_SHARED = 12;
    private static final int XDP_SHARED_UMEM = 1;
    private static final int XDP_COPY = 2;
    private static final int XDP_MAX_TX_SKB_BUDGET = 9;
    private static final int LONGEST_BATCH = 64;
    private static final int SEND_BUFFER_BYTES = 8 << 20;

    private final int index;
    private final long hardwareAddress;
    private final int workers;
    private final List<XdpSocket> sockets = new ArrayList<>();
    private final List<XdpQueue> queues = new ArrayList<>();
    private XdpFrames frames;
    private boolean moreQueues = true;
    private boolean closed;

    private XdpLink(int index, long hardwareAddress, int workers) {
        this.index = index;
        this.hardwareAddress = hardwareAddress;
        this.workers = workers;
    }

    /**
     * Opens a socket for each worker, in the network namespace of the calling thread.
     *
     * @param index the link's number
     * @param hardwareAddress the link's own, which frames come from, in the lower 48 bits
     * @throws LinuxException when the kernel refuses, saying what to do; then nothing stays open
     */
    public static XdpLink open(int index, long hardwareAddress, int workers) {
        XdpLink link = new XdpLink(index, hardwareAddress, workers);
        try {
            for (int worker = 0; worker < workers; worker++) {
                link.openFor(worker);
            }
            return link;
        } catch (LinuxException e) {
            link.close();
            throw e;
        }
    }

    private void openFor(int worker) {
        if (!moreQueues || !openOnQueueOfItsOwn(worker)) {
            moreQueues = false;
            share(queues.get(worker % queues.size()), worker);
        }
    }

    /** False when the link has no more queues, or when they cannot share memory (Linux before 5.10). */
    private boolean openOnQueueOfItsOwn(int worker) {
        KernelSocket socket = KernelSocket.open("XDP socket", Libc.AF_XDP, Libc.SOCK_RAW, 0);
        XdpRing completions = null;
        XdpRing ring = null;
        try {
            boolean first = queues.isEmpty();
            if (first) {
                frames = XdpFrames.register(socket, workers);
            }
            int entries = Integer.highestOneBit(2 * workers * frames.perWorker() - 1);
            XdpRing.reserve(socket, XdpRing.Kind.FILL, 1);
            XdpRing.reserve(socket, XdpRing.Kind.COMPLETION, entries);
            XdpRing.reserve(socket, XdpRing.Kind.TRANSMIT, frames.perWorker());
            completions = XdpRing.map(socket, XdpRing.Kind.COMPLETION, entries);
            ring = XdpRing.map(socket, XdpRing.Kind.TRANSMIT, frames.perWorker());
            prepare(socket);
            int result = first
                    ? bind(socket, XDP_COPY, worker, 0)
                    : bind(socket, XDP_SHARED_UMEM, worker, queues.getFirst().first().fd());
            if (result == -Errno.EINVAL && !first) {
                discard(socket, completions, ring);
                return false;
            }
            check(result, worker);
            XdpQueue queue = new XdpQueue(worker, socket, completions, frames);
            queues.add(queue);
            sockets.add(new XdpSocket(socket, queue, ring, frames, worker, hardwareAddress));
            return true;
        } catch (LinuxException e) {
            discard(socket, completions, ring);
            throw e;
        }
    }

    private void share(XdpQueue queue, int worker) {
        KernelSocket socket = KernelSocket.open("XDP socket", Libc.AF_XDP, Libc.SOCK_RAW, 0);
        XdpRing ring = null;
        try {
            XdpRing.reserve(socket, XdpRing.Kind.TRANSMIT, frames.perWorker());
            ring = XdpRing.map(socket, XdpRing.Kind.TRANSMIT, frames.perWorker());
            prepare(socket);
            check(bind(socket, XDP_SHARED_UMEM, queue.number(), queue.first().fd()), queue.number());
            sockets.add(new XdpSocket(socket, queue, ring, frames, worker, hardwareAddress));
        } catch (LinuxException e) {
            discard(socket, null, ring);
            throw e;
        }
    }

    private static void prepare(KernelSocket socket) {
        socket.setBuffers(SEND_BUFFER_BYTES);
        // A convenience of newer kernels: one call for a whole batch.
        socket.setOption(XdpRing.SOL_XDP, XDP_MAX_TX_SKB_BUDGET, LONGEST_BATCH);
    }

    private int bind(KernelSocket socket, int flags, int queue, int sharedWith) {
        NativeBuffer address = NativeBuffer.ofStructure(SOCKADDR_XDP);
        address.buffer().putShort(0, (short) Libc.AF_XDP);
        address.buffer().putShort(SOCKADDR_FLAGS, (short) flags);
        address.buffer().putInt(SOCKADDR_INDEX, index);
        address.buffer().putInt(SOCKADDR_QUEUE, queue);
        address.buffer().putInt(SOCKADDR_SHARED, sharedWith);
        return socket.bind(address);
    }

    private void check(int result, int queue) {
        if (result < 0) {
            throw new LinuxException("bind", -result, "cannot bind an XDP socket to queue " + queue + " of link "
                    + index + (result == -Errno.EBUSY ? ": another program may have it" : ""));
        }
    }

    private static void discard(KernelSocket socket, XdpRing completions, XdpRing ring) {
        if (completions != null) {
            completions.unmap();
        }
        if (ring != null) {
            ring.unmap();
        }
        socket.close();
    }

    /** The link's number. */
    public int index() {
        return index;
    }

    /** What frames come from, in the lower 48 bits. */
    public long hardwareAddress() {
        return hardwareAddress;
    }

    /** The socket of a worker, 0 and up. */
    public XdpSocket socket(int worker) {
        return sockets.get(worker);
    }

    /** Whether a socket has found its link gone or down, so that all must be opened anew. */
    public boolean isBroken() {
        return sockets.stream().anyMatch(XdpSocket::isBroken);
    }

    /** Whether it has been closed. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Bytes of memory that it keeps locked. */
    public int lockedBytes() {
        return frames.memory().size();
    }

    /** Closes all sockets, which no worker may use any more; doing so again has no effect. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            sockets.reversed().forEach(XdpSocket::close);
            queues.forEach(XdpQueue::unmap);
        }
    }
}
