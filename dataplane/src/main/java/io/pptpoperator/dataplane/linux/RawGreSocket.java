package io.pptpoperator.dataplane.linux;

import java.util.Optional;

/**
 * A raw IPv4 socket of protocol 47. Received packets begin with the outer IP header (the kernel has reassembled
 * fragments already); for sent ones the kernel writes that header, with DF off so that a path with a small MTU
 * fragments instead of losing them. Packets move in batches: {@link ReceiveBatch}, {@link SendBatch}.
 */
public final class RawGreSocket implements AutoCloseable {

    /** GRE's IP protocol number. */
    public static final int PROTOCOL = 47;

    private static final int IPPROTO_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_PMTUDISC_PROBE = 3;
    /**
     * DF off, like IP_PMTUDISC_DONT, but that one cuts packets to what ICMP "fragmentation needed" claims, which
     * anybody can send; this one cuts them to the interface's MTU alone.
     */
    private static final int IP_PMTUDISC_OMIT = 5;
    private static final int IP_RECVERR = 11;
    /** {@code struct sockaddr_in}: {@code u16 family} (native), {@code be16 port}, {@code be32 address}, 8 zeros. */
    private static final int SOCKADDR_IN = 16;
    /**
     * SO_MEMINFO yields nine 32-bit counters (linux/sock_diag.h); the first is
     * SK_MEMINFO_RMEM_ALLOC, the last SK_MEMINFO_DROPS.
     */
    private static final int MEMINFO_DROPS = 8;

    private final KernelSocket socket;
    private final NativeBuffer discardedError = NativeBuffer.ofStructure(1);
    private final NativeBuffer memory = NativeBuffer.ofStructure((MEMINFO_DROPS + 1) * Integer.BYTES);
    private final NativeBuffer memoryLength = NativeBuffer.ofStructure(Integer.BYTES);

    private RawGreSocket(KernelSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket.
     *
     * @param bufferBytes size of the kernel's receive and send buffers, granted as far as allowed
     * @param filter which packets to receive, or empty for all GRE
     * @throws LinuxException when the kernel refuses, saying what to do
     */
    public static RawGreSocket open(int bufferBytes, Optional<SocketFilter> filter) {
        KernelSocket socket = KernelSocket.open("raw GRE socket", Libc.AF_INET, Libc.SOCK_RAW, PROTOCOL);
        try {
            socket.setBuffers(bufferBytes);
            check(socket.setOption(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT), "setsockopt(IP_MTU_DISCOVER)",
                    "cannot switch the DF bit off on the raw GRE socket");
            if (filter.isPresent()) {
                attach(socket, filter.get());
            }
            return new RawGreSocket(socket);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket that another process has opened, with what it has not taken from it; becomes this one's to close. */
    public static RawGreSocket adopt(int fd) {
        return new RawGreSocket(KernelSocket.adopt(fd));
    }

    /** What arrived between socket() and the filter is thrown away, or the worker would see other workers' calls. */
    private static void attach(KernelSocket socket, SocketFilter filter) {
        String call = "setsockopt(SO_ATTACH_FILTER)";
        String sentence = "cannot attach a packet filter to the raw GRE socket";
        check(GreFilter.nothing().attach(socket), call, sentence);
        NativeBuffer discarded = NativeBuffer.ofStructure(1);
        int received;
        do {
            received = socket.receive(discarded);
        } while (received >= 0);
        check(filter.attach(socket), call, sentence);
    }

    private static void check(int result, String call, String sentence) {
        if (result < 0) {
            throw new LinuxException(call, -result, sentence);
        }
    }

    /**
     * Restricts the socket to packets for one local address, which is also the source of what it sends.
     *
     * @param addressBits the address, first octet most significant
     * @throws LinuxException when it is not an address of this host
     */
    public void bind(int addressBits) {
        NativeBuffer address = NativeBuffer.ofStructure(SOCKADDR_IN);
        address.buffer().putShort(0, (short) Libc.AF_INET);
        address.buffer().putInt(4, NetworkOrder.of(addressBits));
        check(socket.bind(address), "bind",
                "cannot bind the raw GRE socket to " + (addressBits >>> 24) + "." + (addressBits >>> 16 & 0xff) + "."
                        + (addressBits >>> 8 & 0xff) + "." + (addressBits & 0xff)
                        + ": use an address of this host, or 0.0.0.0");
    }

    /**
     * Sets the DF bit of what is sent, and lets packets out that are bigger than the kernel believes the path takes, to
     * find out; without, paths fragment what is too big.
     *
     * @throws LinuxException when the kernel refuses
     */
    public void probePathMtu(boolean probe) {
        check(socket.setOption(IPPROTO_IP, IP_MTU_DISCOVER, probe ? IP_PMTUDISC_PROBE : IP_PMTUDISC_OMIT),
                "setsockopt(IP_MTU_DISCOVER)", "cannot switch the DF bit of the raw GRE socket");
    }

    /**
     * Lets receiving and sending fail once for each ICMP error that comes back for a packet sent: EHOSTUNREACH,
     * ENOPROTOOPT for "protocol unreachable", EMSGSIZE for "fragmentation needed" and so on. {@link #discardErrors} is
     * then to be called before every wait.
     *
     * @throws LinuxException when the kernel refuses
     */
    public void reportErrors() {
        check(socket.setOption(IPPROTO_IP, IP_RECVERR, 1), "setsockopt(IP_RECVERR)",
                "cannot ask for ICMP errors on the raw GRE socket");
    }

    /** Throws the queue of ICMP errors away, which would otherwise keep a {@link Poller} from waiting. */
    public void discardErrors() {
        int received;
        do {
            received = socket.receiveError(discardedError);
        } while (received >= 0);
    }

    /** The file descriptor for a {@link Poller}, -1 once closed. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Bytes of the kernel's memory that packets which nobody has taken yet occupy; -1 when it does not tell. Allocates
     * nothing.
     */
    public int waitingBytes() {
        memoryLength.buffer().putInt(0, memory.size());
        return socket.getOption(Libc.SOL_SOCKET, Libc.SO_MEMINFO, memory, memoryLength) < 0
                ? -1
                : memory.buffer().getInt(0);
    }

    /** Packets that the kernel dropped so far because the receive buffer was full; -1 when it does not tell. */
    public long kernelDrops() {
        NativeBuffer counters = NativeBuffer.ofStructure((MEMINFO_DROPS + 1) * Integer.BYTES);
        if (socket.getOption(Libc.SOL_SOCKET, Libc.SO_MEMINFO, counters) < 0) {
            return -1;
        }
        return Integer.toUnsignedLong(counters.buffer().getInt(MEMINFO_DROPS * Integer.BYTES));
    }

    /** Closes the socket; doing so again has no effect. */
    @Override
    public void close() {
        socket.close();
    }
}
