package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.KernelSocket;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.Poller;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A netlink socket: requests with their answers, dumps, nf_tables transactions, and on a socket of its own the kernel's
 * notifications. It belongs to the network namespace of the thread that opens it. Requests may come from any thread,
 * one at a time.
 */
public final class NetlinkSocket implements AutoCloseable {

    /** The subsystems in use, with their protocol numbers. */
    public enum Family {
        /** Links, addresses, routes. */
        ROUTE(0, "rtnetlink"),
        /** Sockets. */
        SOCK_DIAG(4, "sock_diag netlink"),
        /** IPsec. */
        XFRM(6, "xfrm netlink"),
        /** Firewall: nf_tables. */
        NETFILTER(12, "nfnetlink");

        private final int protocol;
        private final String title;

        Family(int protocol, String title) {
            this.protocol = protocol;
            this.title = title;
        }
    }

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    /**
     * {@code struct sockaddr_nl}: {@code u16 family}, pad, {@code u32 pid} (0: the kernel chooses), {@code u32 groups}.
     */
    private static final int SOCKADDR_NL = 12;

    /** More than the 32 KiB that the kernel puts into one datagram of a dump. */
    private static final int RECEIVE_BYTES = 256 * 1024;
    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
    private static final long ANSWER_NANOS = 5_000_000_000L;
    private static final int DUMP_ATTEMPTS = 5;

    private final KernelSocket socket;
    private final Poller poller = new Poller(1);
    private final NativeBuffer received = NativeBuffer.ofPackets(RECEIVE_BYTES);
    private int sequence;

    private NetlinkSocket(KernelSocket socket) {
        this.socket = socket;
        poller.add(socket.fd(), Poller.READABLE);
    }

    /**
     * Opens a socket.
     *
     * @param groups multicast groups ({@code RTNLGRP_}, {@code NFNLGRP_} numbers) whose notifications it receives; a
     *     socket with groups is for {@link #drainNotifications()} only
     * @throws LinuxException when the kernel refuses
     */
    public static NetlinkSocket open(Family family, int... groups) {
        KernelSocket socket = KernelSocket.open(family.title + " socket", AF_NETLINK, SOCK_RAW, family.protocol);
        try {
            socket.setBuffers(SOCKET_BUFFER_BYTES);
            // Conveniences of newer kernels: their absence is no error.
            socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.setOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
            NativeBuffer address = NativeBuffer.ofPackets(SOCKADDR_NL);
            address.buffer().order(ByteOrder.nativeOrder()).putShort(0, (short) AF_NETLINK);
            check(socket.bind(address), "bind", family);
            for (int group : groups) {
                check(socket.setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group),
                        "setsockopt(NETLINK_ADD_MEMBERSHIP)", family);
            }
            return new NetlinkSocket(socket);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    private static void check(int result, String call, Family family) {
        if (result < 0) {
            throw new LinuxException(call, -result, "cannot set up the " + family.title + " socket");
        }
    }

    /** The file descriptor for a {@link Poller}, -1 once closed. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Sends a request and waits until the kernel has acknowledged it.
     *
     * @param what a sentence for the exception, beginning with "cannot"
     * @return the messages that came before the acknowledgment
     * @throws NetlinkException when the kernel refuses
     */
    public synchronized List<NetlinkMessage> request(String what, MessageWriter request) {
        int number = ++sequence;
        send(what, request.finish(number, NetlinkMessage.NLM_F_ACK));
        List<NetlinkMessage> answers = new ArrayList<>();
        long deadline = System.nanoTime() + ANSWER_NANOS;
        while (true) {
            for (NetlinkMessage message : receive(what, deadline)) {
                if (message.sequence() != number) {
                    continue;
                }
                if (message.type() == NetlinkMessage.NLMSG_ERROR) {
                    throwIfRefused(what, message);
                    return answers;
                }
                answers.add(message);
            }
        }
    }

    /**
     * Asks for all objects of a kind.
     *
     * @param what a sentence for the exception, beginning with "cannot"
     * @throws NetlinkException when the kernel refuses
     */
    public synchronized List<NetlinkMessage> dump(String what, MessageWriter request) {
        for (int attempt = 1;; attempt++) {
            List<NetlinkMessage> objects = new ArrayList<>();
            // What changes while it is read is read again; what never rests is taken as it is in the end.
            if (dumpOnce(what, request, objects) || attempt == DUMP_ATTEMPTS) {
                return objects;
            }
        }
    }

    private boolean dumpOnce(String what, MessageWriter request, List<NetlinkMessage> objects) {
        int number = ++sequence;
        send(what, request.finish(number, NetlinkMessage.NLM_F_DUMP));
        boolean consistent = true;
        long deadline = System.nanoTime() + ANSWER_NANOS;
        while (true) {
            for (NetlinkMessage message : receive(what, deadline)) {
                if (message.sequence() != number) {
                    continue;
                }
                consistent &= (message.flags() & NetlinkMessage.NLM_F_DUMP_INTR) == 0;
                throwIfRefused(what, message);
                if (message.type() == NetlinkMessage.NLMSG_DONE || message.type() == NetlinkMessage.NLMSG_ERROR) {
                    return consistent;
                }
                objects.add(message);
            }
        }
    }

    /**
     * Sends requests as one transaction of nfnetlink: all of them take effect, or none.
     *
     * @param what a sentence for the exception, beginning with "cannot"
     * @param begin the message that opens the transaction
     * @param requests what is to be done, in order
     * @param end the message that closes it
     * @throws NetlinkException with the first refusal
     */
    synchronized void transaction(String what, MessageWriter begin, List<MessageWriter> requests, MessageWriter end) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        int beginNumber = ++sequence;
        batch.writeBytes(begin.finish(beginNumber, 0));
        Set<Integer> unanswered = new HashSet<>();
        for (MessageWriter request : requests) {
            unanswered.add(++sequence);
            batch.writeBytes(request.finish(sequence, NetlinkMessage.NLM_F_ACK));
        }
        int endNumber = ++sequence;
        batch.writeBytes(end.finish(endNumber, 0));
        send(what, batch.toByteArray());

        long deadline = System.nanoTime() + ANSWER_NANOS;
        NetlinkException refusal = null;
        while (!unanswered.isEmpty()) {
            for (NetlinkMessage message : receive(what, deadline)) {
                boolean ofTheWhole = message.sequence() == beginNumber || message.sequence() == endNumber;
                if (message.type() != NetlinkMessage.NLMSG_ERROR
                        || !unanswered.remove(message.sequence()) && !ofTheWhole) {
                    continue;
                }
                if (message.errno() != 0 && refusal == null) {
                    refusal = new NetlinkException(what, message.errno(), message.kernelMessage());
                }
                if (ofTheWhole && message.errno() != 0) {
                    // Refused as a whole (no permission, no memory): the requests are not answered one by one.
                    unanswered.clear();
                }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private static void throwIfRefused(String what, NetlinkMessage message) {
        if (message.errno() != 0) {
            throw new NetlinkException(what, message.errno(), message.kernelMessage());
        }
    }

    private void send(String what, byte[] bytes) {
        NativeBuffer memory = NativeBuffer.ofPackets(bytes.length);
        memory.buffer().put(0, bytes);
        int result = socket.send(memory, bytes.length);
        if (result < 0) {
            throw new NetlinkException(what, -result, "");
        }
    }

    /** The messages of the next datagram. */
    private List<NetlinkMessage> receive(String what, long deadline) {
        while (true) {
            int length = socket.receive(received);
            if (length >= 0) {
                if (length > RECEIVE_BYTES) {
                    throw new NetlinkException(what, Errno.EMSGSIZE, "the answer of " + length + " bytes is too long");
                }
                byte[] bytes = new byte[length];
                received.buffer().get(0, bytes);
                return NetlinkMessage.decode(bytes);
            }
            if (length != -Errno.EAGAIN && length != -Errno.EINTR) {
                throw new NetlinkException(what, -length, "");
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new NetlinkException(what, Errno.ETIMEDOUT, "the kernel does not answer");
            }
            poller.await(left);
        }
    }

    /**
     * What the kernel has told of since the last call.
     *
     * @param messages in the order of the changes
     * @param incomplete whether some were lost, because there were more than the socket's buffer holds
     */
    public record Notifications(List<NetlinkMessage> messages, boolean incomplete) {}

    /** Takes all notifications that have arrived, without waiting. */
    public synchronized Notifications takeNotifications() {
        List<NetlinkMessage> messages = new ArrayList<>();
        boolean incomplete = false;
        while (true) {
            int length = socket.receive(received);
            if (length >= 0 && length <= RECEIVE_BYTES) {
                byte[] bytes = new byte[length];
                received.buffer().get(0, bytes);
                messages.addAll(NetlinkMessage.decode(bytes));
            } else if (length > RECEIVE_BYTES || length == -Errno.ENOBUFS) {
                incomplete = true;
            } else if (length != -Errno.EINTR) {
                return new Notifications(messages, incomplete);
            }
        }
    }

    /** Throws away all notifications that have arrived and tells whether there were any, lost ones included. */
    public synchronized boolean drainNotifications() {
        boolean any = false;
        while (true) {
            int length = socket.receive(received);
            // ENOBUFS: the kernel had more to say than the buffer holds, which is news too.
            if (length < 0 && length != -Errno.EINTR && length != -Errno.ENOBUFS) {
                return any;
            }
            any = true;
        }
    }

    /** Closes the socket; doing so again has no effect. */
    @Override
    public void close() {
        socket.close();
    }
}
