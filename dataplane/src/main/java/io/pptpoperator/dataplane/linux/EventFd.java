package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;

/** A wake-up for a thread that waits in {@link Poller}: eventfd(2). Any thread signals, the waiting one drains. */
public final class EventFd implements AutoCloseable {

    /** The number 1 as a native 64-bit integer; never written again, so that all threads may share it. */
    private static final NativeBuffer ONE = NativeBuffer.ofStructure(Long.BYTES);

    static {
        ONE.buffer().putLong(0, 1);
    }

    private final NativeBuffer count = NativeBuffer.ofStructure(Long.BYTES);
    private volatile int fd;

    /**
     * Opens one.
     *
     * @throws LinuxException when the kernel refuses
     */
    public EventFd() {
        fd = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new LinuxException("eventfd", Libc.errno(), "cannot create a wake-up descriptor");
        }
    }

    /** The file descriptor, readable while a signal is pending; -1 once closed. */
    public int fd() {
        return fd;
    }

    /** Makes the descriptor readable. Signals add up to one wake-up until drained; allocates nothing. */
    public void signal() {
        Libc.write(fd, ONE.address(), Long.BYTES);
    }

    /** Takes all pending signals; returns whether there were any. Only for the thread that waits. */
    public boolean drain() {
        try {
            return Libc.read(fd, count.address(), Long.BYTES) == Long.BYTES;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Closes the descriptor; doing so again has no effect. Only when nobody signals any more: the kernel gives the
     * number to the next file that is opened.
     */
    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
