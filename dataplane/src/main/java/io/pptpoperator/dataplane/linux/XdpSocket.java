package io.pptpoperator.dataplane.linux;

import java.nio.ByteBuffer;

/**
 * Puts finished Ethernet frames on a link, past the kernel's queueing disciplines and traffic control: AF_XDP in copy
 * mode (Documentation/networking/af_xdp.rst), which every driver has. For the thread of one worker; allocates nothing.
 */
public final class XdpSocket {

    private static final int ETHERNET_ADDRESS = 6;
    private static final int ETHERNET_HEADER = 14;
    private static final short ETH_P_IP = 0x0800;
    /** The longest IP packet that fits a frame. */
    static final int MOST_PACKET = XdpFrames.SIZE - ETHERNET_HEADER;
    /** What kernels take in one call, unless XDP_MAX_TX_SKB_BUDGET says otherwise. */
    private static final int TAKEN_PER_CALL = 32;

    private final KernelSocket socket;
    private final XdpQueue queue;
    private final XdpRing ring;
    private final XdpFrames frames;
    private final ByteBuffer memory;
    private final long ownAddress;
    /** The first of this worker's frames, and how many it has. */
    private final int base;
    private final int size;
    /** The frames that the kernel has are {@code lent} from {@code oldest} on, in a circle. */
    private int oldest;
    private int lent;
    /** How many packets were ever put into the ring. */
    private int added;
    private int refused;
    private volatile boolean broken;

    XdpSocket(KernelSocket socket, XdpQueue queue, XdpRing ring, XdpFrames frames, int worker, long ownAddress) {
        this.socket = socket;
        this.queue = queue;
        this.ring = ring;
        this.frames = frames;
        this.memory = frames.memory().buffer();
        this.ownAddress = ownAddress;
        this.size = frames.perWorker();
        this.base = worker * size;
    }

    /**
     * Adds an IP packet, to be sent by the next {@link #send}; false when it does not fit, there is no room, or the link
     * is gone.
     *
     * @param destination Ethernet address, in the lower 48 bits
     */
    boolean add(ByteBuffer packet, int offset, int length, long destination) {
        if (broken || length > MOST_PACKET || lent == size && !makeRoom()) {
            return false;
        }
        int frame = base + (oldest + lent & size - 1);
        int at = frame * XdpFrames.SIZE;
        memory.putLong(at, destination << Short.SIZE | ownAddress >>> Integer.SIZE);
        memory.putInt(at + Long.BYTES, (int) ownAddress);
        memory.putShort(at + 2 * ETHERNET_ADDRESS, ETH_P_IP);
        memory.put(at + ETHERNET_HEADER, packet, offset, length);
        frames.lend(frame);
        ring.descriptor(added, at, ETHERNET_HEADER + length);
        lent++;
        added++;
        return true;
    }

    private boolean makeRoom() {
        takeBack();
        return lent < size;
    }

    private void takeBack() {
        queue.takeBack();
        while (lent > 0 && !frames.isInFlight(base + oldest)) {
            oldest = oldest + 1 & size - 1;
            lent--;
        }
        if (lent == 0) {
            // The next ones are then those that the processor's caches still have.
            oldest = 0;
        }
    }

    /**
     * Has the kernel take what was added. What it has no room for now waits for the next call; what it refuses because
     * the link is gone or down is to go another way.
     *
     * @return how many of the packets added last the kernel will never take, because {@link #isBroken}; 0 otherwise
     */
    int send() {
        ring.produced(added);
        int taken = ring.consumed();
        // Older kernels tell only in the end how many they have taken.
        int patience = (added - taken) / TAKEN_PER_CALL + 2;
        while (taken != added && patience > 0 && !broken) {
            patience--;
            if (Libc.sendto(socket.fd(), 0, 0, Libc.MSG_DONTWAIT, 0, 0) < 0) {
                failed(Libc.errno());
            }
            int now = ring.consumed();
            if (now != taken) {
                patience = (added - now) / TAKEN_PER_CALL + 2;
                taken = now;
            }
        }
        takeBack();
        return broken ? added - taken : 0;
    }

    private void failed(int errno) {
        switch (errno) {
            case Errno.EAGAIN, Errno.EINTR -> {
                // more in the next call
            }
            case Errno.EBUSY, Errno.ENOBUFS -> refused++;
            default -> broken = true;
        }
    }

    /** How many packets the kernel took and then dropped, since the last call. */
    int takeRefused() {
        int count = refused;
        refused = 0;
        return count;
    }

    /** Whether packets wait for the kernel to have room, and {@link #send} for being called. */
    boolean isWaiting() {
        return !broken && ring.consumed() != added;
    }

    /** Whether its link is gone or was down, so that it sends no more. For any thread. */
    public boolean isBroken() {
        return broken;
    }

    void close() {
        broken = true;
        ring.unmap();
        socket.close();
    }
}
