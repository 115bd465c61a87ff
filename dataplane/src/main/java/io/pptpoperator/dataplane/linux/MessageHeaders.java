package io.pptpoperator.dataplane.linux;

import java.nio.ByteBuffer;

/**
 * The array that recvmmsg(2) and sendmmsg(2) work on, one {@code struct mmsghdr} (64 bytes) for each slot, each with
 * one {@code struct iovec}:
 *
 * <pre>
 *  0 void *msg_name        8 socklen_t msg_namelen    16 struct iovec *msg_iov   24 size_t msg_iovlen
 * 32 void *msg_control    40 size_t msg_controllen    48 int msg_flags           56 unsigned int msg_len
 * </pre>
 *
 * {@code struct iovec} is 16 bytes: {@code void *iov_base} at 0, {@code size_t iov_len} at 8.
 */
final class MessageHeaders {

    static final int MMSGHDR = 64;
    private static final int IOVEC = 16;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_LENGTH = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;

    private final NativeBuffer headers;
    private final NativeBuffer vectors;
    private final ByteBuffer header;
    private final ByteBuffer vector;

    /** Headers whose message {@code i} is slot {@code i} of {@code arena}. */
    MessageHeaders(NativeBuffer arena, int slots, int slotSize) {
        headers = NativeBuffer.ofStructure(slots * MMSGHDR);
        vectors = NativeBuffer.ofStructure(slots * IOVEC);
        header = headers.buffer();
        vector = vectors.buffer();
        for (int i = 0; i < slots; i++) {
            header.putLong(i * MMSGHDR + IOV, vectors.address() + (long) i * IOVEC);
            header.putLong(i * MMSGHDR + IOV_LENGTH, 1);
            vector.putLong(i * IOVEC, arena.address() + (long) i * slotSize);
            vector.putLong(i * IOVEC + 8, slotSize);
        }
    }

    long address(int slot) {
        return headers.address() + (long) slot * MMSGHDR;
    }

    void name(int slot, long address, int length) {
        header.putLong(slot * MMSGHDR + NAME, address);
        header.putInt(slot * MMSGHDR + NAME_LENGTH, length);
    }

    void control(int slot, long address) {
        header.putLong(slot * MMSGHDR + CONTROL, address);
    }

    void controlLength(int slot, long length) {
        header.putLong(slot * MMSGHDR + CONTROL_LENGTH, length);
    }

    /** What the message consists of, in place of its slot. */
    void payload(int slot, long address, int length) {
        vector.putLong(slot * IOVEC, address);
        vector.putLong(slot * IOVEC + 8, length);
    }

    int transferred(int slot) {
        return header.getInt(slot * MMSGHDR + LENGTH);
    }

    boolean truncated(int slot) {
        return (header.getInt(slot * MMSGHDR + FLAGS) & Libc.MSG_TRUNC) != 0;
    }
}
