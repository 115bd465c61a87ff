package io.pptpoperator.dataplane.linux;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A TUN device of our own: an interface whose packets this process reads and writes. It is not persistent: closing it,
 * or the end of the process however it comes, removes it with its addresses and routes.
 *
 * <p>Source: Documentation/networking/tuntap.rst, linux/if_tun.h, drivers/net/tun.c.
 */
public final class TunDevice implements AutoCloseable {

    /** Bytes of {@code struct virtio_net_hdr} before each packet when {@link #vnetHeader()}; fields in native order. */
    public static final int VNET_HEADER_BYTES = 10;
    /** The longest name an interface can have (IFNAMSIZ without the closing zero). */
    public static final int MAX_NAME_BYTES = 15;

    /** Where TUN devices are made. */
    static final String PATH = "/dev/net/tun";

    // linux/if_tun.h; ioctl numbers of asm-generic/ioctl.h
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_TUN_EXCL = 0x8000;
    private static final long TUNGETFEATURES = 0x800454cfL;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO4 = 0x02;
    private static final int TUN_F_USO4 = 0x20;
    private static final int TUN_F_USO6 = 0x40;

    /** {@code struct ifreq}: 16 bytes of name, then a union; {@code short ifr_flags} at 16. */
    private static final int IFREQ = 40;
    private static final int IFR_FLAGS = 16;

    /** How much segmentation the kernel leaves to this process; each level includes those before it. */
    public enum Offload {
        /** Every packet fits the MTU and its checksums are complete. */
        NONE(0),
        /** TCP over IPv4 comes in segments of up to 64 KiB with partial checksums. */
        TCP(TUN_F_CSUM | TUN_F_TSO4),
        /** UDP over IPv4 too (Linux 6.2; the kernel grants USO for IPv4 and IPv6 only together). */
        TCP_AND_UDP(TUN_F_CSUM | TUN_F_TSO4 | TUN_F_USO4 | TUN_F_USO6);

        private final int flags;

        Offload(int flags) {
            this.flags = flags;
        }
    }

    private final String name;
    private final List<TunQueue> queues;
    private final boolean vnetHeader;
    private final Offload offload;

    private TunDevice(String name, List<TunQueue> queues, boolean vnetHeader, Offload offload) {
        this.name = name;
        this.queues = queues;
        this.vnetHeader = vnetHeader;
        this.offload = offload;
    }

    /**
     * Makes the device. What the kernel lacks is left out: ask the result for {@link #queues()}, {@link #vnetHeader()}
     * and {@link #offload()}.
     *
     * @param name the interface's name, 1 to 15 bytes, which must be free
     * @param queues how many queues are wanted, at least 1
     * @param offload the most offload wanted; {@link Offload#NONE} also means without virtio headers
     * @throws LinuxException when it cannot be made, saying what to do
     */
    public static TunDevice open(String name, int queues, Offload offload) {
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes == 0 || nameBytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("'" + name + "' is not a name for an interface: 1 to 15 bytes");
        }
        if (queues < 1) {
            throw new IllegalArgumentException("a TUN device has at least one queue, not " + queues);
        }
        List<TunQueue> opened = new ArrayList<>();
        try {
            opened.add(new TunQueue(openPath()));
            int features = features(opened.get(0).fd());
            boolean vnetHeader = offload != Offload.NONE && (features & IFF_VNET_HDR) != 0;
            boolean multiQueue = queues > 1 && (features & IFF_MULTI_QUEUE) != 0;
            int flags = IFF_TUN | IFF_NO_PI | (vnetHeader ? IFF_VNET_HDR : 0) | (multiQueue ? IFF_MULTI_QUEUE : 0);
            // Exclusive, or else a second server would join the first one's device and take half of its packets.
            attach(opened.get(0), name, flags | IFF_TUN_EXCL);
            while (multiQueue && opened.size() < queues) {
                TunQueue next = new TunQueue(openPath());
                opened.add(next);
                attach(next, name, flags);
            }
            Offload granted = Offload.NONE;
            if (vnetHeader) {
                setVnetHeaderSize(opened);
                granted = enable(opened.get(0), offload);
            }
            return new TunDevice(name, List.copyOf(opened), vnetHeader, granted);
        } catch (LinuxException e) {
            opened.forEach(TunQueue::close);
            throw e;
        }
    }

    /**
     * The device that another process has made, with what it has not read from it. The descriptors become this one's: the
     * interface goes when the last process that has them has closed them.
     *
     * @param descriptors of the queues, in their order
     * @param vnetHeader what {@link #vnetHeader} of the other one says
     * @param offload what {@link #offload} of the other one says
     */
    public static TunDevice adopt(String name, List<Integer> descriptors, boolean vnetHeader, Offload offload) {
        return new TunDevice(name, descriptors.stream().map(TunQueue::new).toList(), vnetHeader, offload);
    }

    private static int openPath() {
        NativeBuffer path = NativeBuffer.ofString(PATH);
        int fd = Libc.open(path.address(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            int errno = Libc.errno();
            throw new LinuxException("open(" + PATH + ")", errno, cannotOpen(errno));
        }
        return fd;
    }

    /** What to tell an administrator when {@link #PATH} does not open. */
    static String cannotOpen(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> PATH + " is missing: run 'modprobe tun && mkdir -p /dev/net && mknod " + PATH
                    + " c 10 200', or in Kubernetes mount the node's " + PATH + " or a device plugin's";
            case Errno.ENODEV, Errno.ENXIO -> "the kernel has no TUN driver: run 'modprobe tun' on the host";
            case Errno.EPERM, Errno.EACCES -> PATH + " may not be opened: allow the device to the container"
                    + " (device cgroup) and this user to read and write it";
            default -> PATH + " cannot be opened";
        };
    }

    private static int features(int fd) {
        NativeBuffer features = NativeBuffer.ofStructure(Integer.BYTES);
        if (Libc.ioctl(fd, TUNGETFEATURES, features.address()) < 0) {
            throw new LinuxException("ioctl(TUNGETFEATURES)", Libc.errno(), PATH + " is not the TUN driver");
        }
        return features.buffer().getInt(0);
    }

    private static void attach(TunQueue queue, String name, int flags) {
        NativeBuffer request = NativeBuffer.ofStructure(IFREQ);
        request.buffer().put(0, name.getBytes(StandardCharsets.UTF_8));
        request.buffer().putShort(IFR_FLAGS, (short) flags);
        if (Libc.ioctl(queue.fd(), TUNSETIFF, request.address()) < 0) {
            int errno = Libc.errno();
            String advice = switch (errno) {
                case Errno.EBUSY -> "the interface " + name + " exists already: stop the process that holds it,"
                        + " remove it with 'ip link delete " + name + "', or choose another name";
                case Errno.EPERM -> "cannot create the TUN device " + name + ": give the process CAP_NET_ADMIN";
                case Errno.EINVAL -> "cannot create the TUN device " + name
                        + ": choose a name without '/', ':', '%' or spaces that no other interface has";
                default -> "cannot create the TUN device " + name;
            };
            throw new LinuxException("ioctl(TUNSETIFF)", errno, advice);
        }
    }

    private static void setVnetHeaderSize(List<TunQueue> queues) {
        NativeBuffer size = NativeBuffer.ofStructure(Integer.BYTES);
        size.buffer().putInt(0, VNET_HEADER_BYTES);
        for (TunQueue queue : queues) {
            if (Libc.ioctl(queue.fd(), TUNSETVNETHDRSZ, size.address()) < 0) {
                throw new LinuxException("ioctl(TUNSETVNETHDRSZ)", Libc.errno(),
                        "the kernel refuses virtio headers of " + VNET_HEADER_BYTES + " bytes");
            }
        }
    }

    /** Offload belongs to the device, not to a queue: the best level that the kernel takes, downward from the wish. */
    private static Offload enable(TunQueue queue, Offload wanted) {
        for (Offload candidate : List.of(Offload.TCP_AND_UDP, Offload.TCP)) {
            if (candidate.compareTo(wanted) <= 0 && Libc.ioctl(queue.fd(), TUNSETOFFLOAD, candidate.flags) == 0) {
                return candidate;
            }
        }
        return Offload.NONE;
    }

    /** The interface's name. */
    public String name() {
        return name;
    }

    /** Its queues: as many as asked for, or one where the kernel knows no more. */
    public List<TunQueue> queues() {
        return queues;
    }

    /** Whether {@link #VNET_HEADER_BYTES} bytes precede each packet, in both directions. */
    public boolean vnetHeader() {
        return vnetHeader;
    }

    /** The offload in effect. */
    public Offload offload() {
        return offload;
    }

    /**
     * Closes all queues, which removes the interface; doing so again has no effect. Only when no thread works on them
     * any more: the kernel gives their numbers to the next files that are opened.
     */
    @Override
    public void close() {
        queues.forEach(TunQueue::close);
    }
}
