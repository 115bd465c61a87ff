package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;

/**
 * Waits for a handful of descriptors: ppoll(2), which for so few is no dearer than epoll and lets the interest change
 * without a call. For one thread; waiting allocates nothing.
 *
 * <p>{@code struct pollfd} is 8 bytes: {@code int fd} at 0, {@code short events} at 4, {@code short revents} at 6.
 * {@code struct timespec} is 16: seconds and nanoseconds, 64 bits each.
 */
public final class Poller {

    /** Interest: a read would not block (POLLIN). */
    public static final int READABLE = 1;
    /** Interest: a write would not block (POLLOUT). */
    public static final int WRITABLE = 4;

    private static final int ERROR_HANG_UP_OR_INVALID = 0x8 | 0x10 | 0x20;
    private static final int POLLFD = 8;

    private final NativeBuffer descriptors;
    private final NativeBuffer timeout = NativeBuffer.ofStructure(2 * Long.BYTES);
    private final int capacity;
    private int count;

    /** A poller with room for {@code capacity} descriptors. */
    public Poller(int capacity) {
        this.capacity = capacity;
        this.descriptors = NativeBuffer.ofStructure(capacity * POLLFD);
    }

    /**
     * Adds a descriptor.
     *
     * @param interest {@link #READABLE}, {@link #WRITABLE}, both or 0
     * @return its slot, to be used with the other methods
     * @throws IllegalStateException when all slots are taken
     */
    public int add(int fd, int interest) {
        if (count == capacity) {
            throw new IllegalStateException("this poller has room for " + capacity + " descriptors only");
        }
        int slot = count++;
        descriptors.buffer().putInt(slot * POLLFD, fd);
        interest(slot, interest);
        return slot;
    }

    /** Changes what the descriptor in {@code slot} is waited for. */
    public void interest(int slot, int interest) {
        descriptors.buffer().putShort(slot * POLLFD + 4, (short) interest);
    }

    /**
     * Waits until a descriptor is ready.
     *
     * @param nanos the longest wait: 0 looks once, negative waits without end
     * @return how many are ready; 0 after the time, or when a signal interrupted the wait
     * @throws LinuxException when the kernel refuses, which only a programming error causes
     */
    public int await(long nanos) {
        long timespec = 0;
        if (nanos >= 0) {
            timeout.buffer().putLong(0, nanos / 1_000_000_000);
            timeout.buffer().putLong(Long.BYTES, nanos % 1_000_000_000);
            timespec = timeout.address();
        }
        try {
            int ready = Libc.ppoll(descriptors.address(), count, timespec, 0);
            return ready >= 0 ? ready : interrupted(Libc.errno());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Forgets the results of the wait before, which a failed call leaves in place. */
    private int interrupted(int errno) {
        for (int slot = 0; slot < count; slot++) {
            descriptors.buffer().putShort(slot * POLLFD + 6, (short) 0);
        }
        if (errno != Errno.EINTR) {
            throw new LinuxException("ppoll", errno, "cannot wait for " + count + " descriptors");
        }
        return 0;
    }

    /** Whether the last wait found {@code slot} readable, or failed so that a read will tell why. */
    public boolean readable(int slot) {
        return (returned(slot) & (READABLE | ERROR_HANG_UP_OR_INVALID)) != 0;
    }

    /** Whether the last wait found an error, a hang-up or a closed descriptor in {@code slot}. */
    public boolean failed(int slot) {
        return (returned(slot) & ERROR_HANG_UP_OR_INVALID) != 0;
    }

    private int returned(int slot) {
        return descriptors.buffer().getShort(slot * POLLFD + 6);
    }
}
