package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;

/**
 * A non-blocking, close-on-exec socket of any family, as a file descriptor. What is specific to a family is up to the
 * class that owns it. Not for several threads at once, except {@link #close()}.
 */
public final class KernelSocket implements AutoCloseable {

    private volatile int fd;

    private KernelSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket; the arguments are those of socket(2), without flags.
     *
     * @param what the sort of socket, for the error message, such as {@code "raw GRE socket"}
     * @throws LinuxException when the kernel refuses
     */
    public static KernelSocket open(String what, int family, int type, int protocol) {
        int fd = Libc.socket(family, type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            int errno = Libc.errno();
            String advice = switch (errno) {
                case Errno.EPERM, Errno.EACCES -> ": give the process CAP_NET_RAW and CAP_NET_ADMIN";
                case Errno.EMFILE -> ": raise the limit of open files (ulimit -n)";
                default -> "";
            };
            throw new LinuxException("socket", errno, "cannot open a " + what + advice);
        }
        return new KernelSocket(fd);
    }

    /** A socket that another process has opened as {@link #open} does. */
    static KernelSocket adopt(int fd) {
        return new KernelSocket(fd);
    }

    /** The file descriptor, -1 once closed. */
    public int fd() {
        return fd;
    }

    /** bind(2) to the socket address that {@code address} holds: 0, or a negative error number. */
    public int bind(NativeBuffer address) {
        try {
            return result(Libc.bind(fd, address.address(), address.size()));
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    /** getsockname(2) into {@code address}: 0, or a negative error number. */
    public int localAddress(NativeBuffer address) {
        NativeBuffer length = NativeBuffer.ofStructure(Integer.BYTES);
        length.buffer().putInt(0, address.size());
        try {
            return result(Libc.getsockname(fd, address.address(), length.address()));
        } finally {
            Reference.reachabilityFence(address);
            Reference.reachabilityFence(length);
        }
    }

    /** setsockopt(2) of an {@code int}: 0, or a negative error number. */
    public int setOption(int level, int option, int value) {
        NativeBuffer memory = NativeBuffer.ofStructure(Integer.BYTES);
        memory.buffer().putInt(0, value);
        return setOption(level, option, memory);
    }

    /** setsockopt(2) of a structure: 0, or a negative error number. */
    public int setOption(int level, int option, NativeBuffer value) {
        try {
            return result(Libc.setsockopt(fd, level, option, value.address(), value.size()));
        } finally {
            Reference.reachabilityFence(value);
        }
    }

    /** getsockopt(2) into {@code value}: 0, or a negative error number. */
    public int getOption(int level, int option, NativeBuffer value) {
        NativeBuffer length = NativeBuffer.ofStructure(Integer.BYTES);
        length.buffer().putInt(0, value.size());
        return getOption(level, option, value, length);
    }

    /** The same without allocating: {@code length} holds the size of {@code value}, and then what was returned. */
    int getOption(int level, int option, NativeBuffer value, NativeBuffer length) {
        try {
            return result(Libc.getsockopt(fd, level, option, value.address(), length.address()));
        } finally {
            Reference.reachabilityFence(value);
            Reference.reachabilityFence(length);
        }
    }

    /** send(2) of the first {@code length} bytes of {@code memory}: bytes sent, or a negative error number. */
    public int send(NativeBuffer memory, int length) {
        try {
            return result(Libc.send(fd, memory.address(), length, 0));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * recv(2) of one datagram into {@code memory}: its whole length, which is more than {@code memory} holds when it
     * was cut, or a negative error number.
     */
    public int receive(NativeBuffer memory) {
        try {
            return result(Libc.recv(fd, memory.address(), memory.size(), Libc.MSG_TRUNC));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** recv(2) of the packet that an ICMP error came back for: its length, or a negative error number. */
    int receiveError(NativeBuffer memory) {
        try {
            return result(Libc.recv(fd, memory.address(), memory.size(), Libc.MSG_ERRQUEUE | Libc.MSG_DONTWAIT));
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /** Sets both buffers to {@code bytes}, beyond net.core.rmem_max when CAP_NET_ADMIN is there, as far as allowed. */
    public void setBuffers(int bytes) {
        if (setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, bytes) < 0) {
            setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes);
        }
        if (setOption(Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, bytes) < 0) {
            setOption(Libc.SOL_SOCKET, Libc.SO_SNDBUF, bytes);
        }
    }

    private static int result(long returned) {
        return returned < 0 ? -Libc.errno() : (int) returned;
    }

    /** Closes the descriptor; doing so again has no effect. */
    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
