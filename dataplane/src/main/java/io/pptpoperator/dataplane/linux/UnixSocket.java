package io.pptpoperator.dataplane.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection, or the place to take connections, between two processes of one machine: messages that keep their bounds
 * (SOCK_SEQPACKET), and file descriptors with them (unix(7)). For one thread, except {@link #close} and {@link
 * #interrupt}.
 */
public final class UnixSocket implements AutoCloseable {
    /** Bytes of the longest message. */
    public static final int LONGEST = 1 << 20;
    /** Descriptors that go with one message at most; the kernel takes 253. */
    public static final int MOST_DESCRIPTORS = 128;

    /** A message, and the descriptors that came with it, which are the receiver's to close. */
    public record Message(byte[] bytes, List<Integer> descriptors) {}

    /** Who is at the other end. */
    public record Peer(int process, int user) {}

    private static final int MOST_WAITING = 1;
    /** {@code struct sockaddr_un}: {@code u16 family}, then the path with a closing zero. */
    private static final int SOCKADDR_UN = 110;
    private static final int MOST_PATH = 107;
    // struct msghdr and struct cmsghdr of 64-bit systems
    private static final int MSGHDR = 56;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_FLAGS = 48;
    private static final int CMSG_HEADER = 16;
    private static final int CONTROL = CMSG_HEADER + MOST_DESCRIPTORS * Integer.BYTES;

    private volatile int fd;
    private final NativeBuffer header = NativeBuffer.ofStructure(MSGHDR);
    private final NativeBuffer part = NativeBuffer.ofStructure(2 * Long.BYTES);
    private final NativeBuffer control = NativeBuffer.ofStructure(CONTROL);
    private final NativeBuffer data = NativeBuffer.ofPackets(LONGEST);

    private UnixSocket(int fd) {
        this.fd = fd;
    }

    private static UnixSocket open() {
        int fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new LinuxException("socket", Libc.errno(), "cannot open a unix socket");
        }
        UnixSocket socket = new UnixSocket(fd);
        socket.setInt(Libc.SO_SNDBUFFORCE, 2 * LONGEST);
        return socket;
    }

    /**
     * Takes connections at a path at which there is nothing yet.
     *
     * @throws LinuxException when the kernel refuses
     */
    public static UnixSocket listen(Path path) {
        UnixSocket socket = open();
        NativeBuffer address = address(path);
        try {
            socket.check(Libc.bind(socket.fd, address.address(), SOCKADDR_UN), "bind", "cannot listen at " + path);
            socket.check(Libc.listen(socket.fd, MOST_WAITING), "listen", "cannot listen at " + path);
            return socket;
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    /**
     * Connects to who listens at a path.
     *
     * @throws LinuxException when nobody does
     */
    public static UnixSocket connect(Path path) {
        UnixSocket socket = open();
        NativeBuffer address = address(path);
        try {
            socket.check(Libc.connect(socket.fd, address.address(), SOCKADDR_UN), "connect",
                    "nobody listens at " + path);
            return socket;
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    private static NativeBuffer address(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MOST_PATH) {
            throw new IllegalArgumentException(
                    "a unix socket's path has " + MOST_PATH + " bytes at most; " + path + " is longer");
        }
        NativeBuffer address = NativeBuffer.ofStructure(SOCKADDR_UN);
        address.buffer().putShort(0, (short) Libc.AF_UNIX);
        address.buffer().put(2, name);
        return address;
    }

    private void check(long result, String call, String sentence) {
        if (result < 0) {
            int errno = Libc.errno();
            close();
            throw new LinuxException(call, errno, sentence);
        }
    }

    private void setInt(int option, int value) {
        NativeBuffer memory = NativeBuffer.ofStructure(Integer.BYTES);
        memory.buffer().putInt(0, value);
        try {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, option, memory.address(), memory.size());
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Waits for somebody to connect.
     *
     * @throws LinuxException when it was interrupted or closed
     */
    public UnixSocket accept() {
        int accepted = Libc.accept4(fd, 0, 0, Libc.SOCK_CLOEXEC);
        if (accepted < 0) {
            throw new LinuxException("accept4", Libc.errno(), "nobody connects any more");
        }
        UnixSocket socket = new UnixSocket(accepted);
        socket.setInt(Libc.SO_SNDBUFFORCE, 2 * LONGEST);
        return socket;
    }

    /** Its descriptor, -1 once closed. */
    public int fd() {
        return fd;
    }

    /** How long sending and receiving wait at most. */
    public void patience(Duration most) {
        NativeBuffer time = NativeBuffer.ofStructure(2 * Long.BYTES);
        time.buffer().putLong(0, most.toSeconds());
        time.buffer().putLong(Long.BYTES, most.toNanosPart() / 1_000);
        try {
            Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, time.address(), time.size());
            Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, time.address(), time.size());
        } finally {
            Reference.reachabilityFence(time);
        }
    }

    /** Who connected, or whom was connected to, as the kernel vouches for it. */
    public Peer peer() {
        NativeBuffer credentials = NativeBuffer.ofStructure(3 * Integer.BYTES);
        NativeBuffer length = NativeBuffer.ofStructure(Integer.BYTES);
        length.buffer().putInt(0, credentials.size());
        try {
            if (Libc.getsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PEERCRED, credentials.address(), length.address()) < 0) {
                throw new LinuxException("getsockopt(SO_PEERCRED)", Libc.errno(), "cannot tell who is there");
            }
            return new Peer(credentials.buffer().getInt(0), credentials.buffer().getInt(Integer.BYTES));
        } finally {
            Reference.reachabilityFence(credentials);
            Reference.reachabilityFence(length);
        }
    }

    /** The user that this process is. */
    public static int ownUser() {
        return Libc.geteuid();
    }

    /**
     * Sends a message with descriptors, which stay the sender's as well.
     *
     * @throws IllegalArgumentException when it is too long, or has too many descriptors
     * @throws LinuxException when the other end is gone, or does not take it in time
     */
    public void send(byte[] message, List<Integer> descriptors) {
        if (message.length == 0 || message.length > LONGEST || descriptors.size() > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes with " + descriptors.size()
                    + " descriptors; 1 to " + LONGEST + " bytes with at most " + MOST_DESCRIPTORS + " would be right");
        }
        data.buffer().put(0, message);
        int controlLength = descriptors.isEmpty() ? 0 : CMSG_HEADER + descriptors.size() * Integer.BYTES;
        ByteBuffer rights = control.buffer();
        rights.putLong(0, controlLength);
        rights.putInt(8, Libc.SOL_SOCKET);
        rights.putInt(12, Libc.SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            rights.putInt(CMSG_HEADER + i * Integer.BYTES, descriptors.get(i));
        }
        describe(message.length, (controlLength + 7) & ~7);
        if (controlLength == 0) {
            header.buffer().putLong(MSG_CONTROL, 0);
        } else {
            header.buffer().putLong(MSG_CONTROLLEN, controlLength);
        }
        if (Libc.sendmsg(fd, header.address(), Libc.MSG_NOSIGNAL) < 0) {
            throw new LinuxException("sendmsg", Libc.errno(), "the other process does not take what is handed over");
        }
    }

    /**
     * Waits for a message.
     *
     * @throws LinuxException when the other end is gone, or sends nothing in time
     */
    public Message receive() {
        describe(LONGEST, CONTROL);
        long length = Libc.recvmsg(fd, header.address(), Libc.MSG_CMSG_CLOEXEC);
        if (length < 0) {
            throw new LinuxException("recvmsg", Libc.errno(), "the other process says nothing");
        }
        List<Integer> descriptors = descriptors();
        if (length == 0) {
            throw new LinuxException("recvmsg", Errno.ECONNRESET, "the other process is gone");
        }
        if ((header.buffer().getInt(MSG_FLAGS) & (Libc.MSG_CTRUNC | Libc.MSG_TRUNC)) != 0) {
            descriptors.forEach(UnixSocket::closeDescriptor);
            throw new LinuxException("recvmsg", Errno.EMFILE,
                    "not all of what was handed over arrived: raise the limit of open files (ulimit -n)");
        }
        byte[] bytes = new byte[(int) length];
        data.buffer().get(0, bytes);
        return new Message(bytes, descriptors);
    }

    private List<Integer> descriptors() {
        List<Integer> found = new ArrayList<>();
        ByteBuffer rights = control.buffer();
        if (header.buffer().getLong(MSG_CONTROLLEN) >= CMSG_HEADER && rights.getInt(8) == Libc.SOL_SOCKET
                && rights.getInt(12) == Libc.SCM_RIGHTS) {
            for (int at = CMSG_HEADER; at + Integer.BYTES <= rights.getLong(0); at += Integer.BYTES) {
                found.add(rights.getInt(at));
            }
        }
        return found;
    }

    private void describe(int dataLength, int controlLength) {
        part.buffer().putLong(0, data.address());
        part.buffer().putLong(Long.BYTES, dataLength);
        header.buffer().putLong(0, 0);
        header.buffer().putInt(Long.BYTES, 0);
        header.buffer().putLong(MSG_IOV, part.address());
        header.buffer().putLong(MSG_IOVLEN, 1);
        header.buffer().putLong(MSG_CONTROL, control.address());
        header.buffer().putLong(MSG_CONTROLLEN, controlLength);
        header.buffer().putInt(MSG_FLAGS, 0);
    }

    /** Closes a descriptor that came with a message. */
    public static void closeDescriptor(int descriptor) {
        Libc.close(descriptor);
    }

    /** Has {@link #accept}, {@link #receive} and {@link #send} of another thread fail. */
    public void interrupt() {
        Libc.shutdown(fd, Libc.SHUT_RDWR);
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
