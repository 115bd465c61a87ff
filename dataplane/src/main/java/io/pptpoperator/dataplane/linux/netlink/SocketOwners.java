package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whose TCP sockets there are on this host (linux/inet_diag.h), in the network namespace of the thread that opens this.
 * May be asked from any thread.
 */
public final class SocketOwners implements AutoCloseable {

    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int AF_INET = 2;
    private static final int IPPROTO_TCP = 6;
    private static final int ALL_STATES = -1;
    private static final int NO_COOKIE = -1;
    private static final int TCP_ESTABLISHED = 1;
    /**
     * In {@code struct inet_diag_msg}: {@code u8 family, state, timer, retrans}, the socket's id of 48 bytes, then
     * u32s.
     */
    private static final int STATE = 1;
    private static final int UID = 64;
    private static final int INODE = 68;
    private static final int MESSAGE = 72;

    private final NetlinkSocket socket;

    private SocketOwners(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Makes itself ready to ask.
     *
     * @throws LinuxException when the kernel refuses
     */
    public static SocketOwners open() {
        return new SocketOwners(NetlinkSocket.open(NetlinkSocket.Family.SOCK_DIAG));
    }

    /**
     * The user who has opened the IPv4 socket that is connected from {@code from} to {@code to}; empty when there is
     * none, or when it is being closed.
     *
     * @throws LinuxException when the kernel does not tell
     */
    public OptionalInt ownerOf(InetSocketAddress from, InetSocketAddress to) {
        List<NetlinkMessage> answers;
        try {
            answers = socket.request("cannot ask whose connection " + from + " is", question(from, to));
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                return OptionalInt.empty();
            }
            throw e;
        }
        return answers.stream()
                .filter(answer -> answer.type() == SOCK_DIAG_BY_FAMILY)
                .map(NetlinkMessage::payload)
                .filter(payload -> payload.length >= MESSAGE)
                .map(payload -> ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()))
                .filter(SocketOwners::isHeld)
                .mapToInt(payload -> payload.getInt(UID))
                .findFirst();
    }

    /** One that nobody holds any more is said to be root's; the inode is read last, and is gone for good then. */
    private static boolean isHeld(ByteBuffer message) {
        return message.get(STATE) == TCP_ESTABLISHED && message.getInt(INODE) != 0;
    }

    /** {@code struct inet_diag_req_v2}. */
    private static MessageWriter question(InetSocketAddress from, InetSocketAddress to) {
        var question = new MessageWriter(SOCK_DIAG_BY_FAMILY, 0).u8(AF_INET)
                .u8(IPPROTO_TCP)
                .u8(0)
                .u8(0)
                .u32(ALL_STATES);
        bytes(question, port(from), port(to));
        bytes(question, from.getAddress().getAddress(), new byte[12]);
        bytes(question, to.getAddress().getAddress(), new byte[12]);
        return question.u32(0).u32(NO_COOKIE).u32(NO_COOKIE);
    }

    private static byte[] port(InetSocketAddress address) {
        return new byte[]{(byte) (address.getPort() >> 8), (byte) address.getPort()};
    }

    private static void bytes(MessageWriter message, byte[]... fields) {
        for (byte[] field : fields) {
            for (byte value : field) {
                message.u8(value);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
