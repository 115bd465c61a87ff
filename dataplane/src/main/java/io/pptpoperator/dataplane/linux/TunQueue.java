package io.pptpoperator.dataplane.linux;

/**
 * One queue of a {@link TunDevice}: a descriptor that hands out and takes one IP packet per call, without blocking and
 * without allocating. With {@link TunDevice#vnetHeader()} every packet is preceded by a {@code struct virtio_net_hdr}
 * of {@link TunDevice#VNET_HEADER_BYTES} bytes. For one thread.
 */
public final class TunQueue {

    private volatile int fd;

    TunQueue(int fd) {
        this.fd = fd;
    }

    /** The file descriptor for a {@link Poller}, -1 once the device is closed. */
    public int fd() {
        return fd;
    }

    /**
     * Takes the next packet that the kernel routes into the device.
     *
     * @param address where to put it, in memory outside the heap
     * @param length room there; a longer packet is cut
     * @return its bytes; {@code -EAGAIN} when there is none, {@code -EBADFD} when the device was deleted, or another
     *         negative error number
     */
    public int read(long address, int length) {
        long result = Libc.read(fd, address, length);
        return result < 0 ? -Libc.errno() : (int) result;
    }

    /**
     * Hands a packet to the kernel as received on the device.
     *
     * @return {@code length}, or a negative error number: {@code -EIO} while the device is down, {@code -EINVAL} for
     *         what is not an IP packet
     */
    public int write(long address, int length) {
        long result = Libc.write(fd, address, length);
        return result < 0 ? -Libc.errno() : (int) result;
    }

    synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
