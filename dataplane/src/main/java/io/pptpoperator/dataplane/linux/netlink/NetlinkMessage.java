package io.pptpoperator.dataplane.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One message as received. {@code struct nlmsghdr} is 16 bytes: {@code u32 len}, {@code u16 type}, {@code u16 flags},
 * {@code u32 seq}, {@code u32 pid}; messages are padded to 4 bytes.
 *
 * @param type what it is: an {@code NLMSG_}, {@code RTM_} or {@code NFT_MSG_} number
 * @param flags {@code NLM_F_} bits
 * @param sequence number of the request that it answers, 0 for a notification
 * @param payload everything after the header
 */
public record NetlinkMessage(int type, int flags, int sequence, byte[] payload) {

    static final int HEADER = 16;

    // linux/netlink.h
    static final int NLMSG_NOOP = 1;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_MULTI = 0x2;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_CAPPED = 0x100;
    static final int NLM_F_ACK_TLVS = 0x200;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_APPEND = 0x800;

    private static final int NLMSGERR_ATTR_MSG = 1;

    /**
     * Splits a datagram into its messages.
     *
     * @throws NetlinkMessageException when a length field contradicts the bytes there are
     */
    public static List<NetlinkMessage> decode(byte[] datagram) {
        ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<NetlinkMessage> messages = new ArrayList<>();
        int at = 0;
        while (at < datagram.length) {
            int remaining = datagram.length - at;
            int size = remaining < HEADER ? remaining : buffer.getInt(at);
            if (size < HEADER || size > remaining) {
                throw new NetlinkMessageException("a netlink message of " + size + " bytes at offset " + at
                        + " cannot be: it needs " + HEADER + " to " + remaining);
            }
            messages.add(new NetlinkMessage(Short.toUnsignedInt(buffer.getShort(at + 4)),
                    Short.toUnsignedInt(buffer.getShort(at + 6)), buffer.getInt(at + 8),
                    Arrays.copyOfRange(datagram, at + HEADER, at + size)));
            at += size + 3 & ~3;
        }
        return messages;
    }

    /**
     * The attributes behind a fixed structure at the payload's beginning.
     *
     * @param structure the structure's size in bytes
     * @throws NetlinkMessageException when the payload is shorter, or the attributes are malformed
     */
    public Attributes attributes(int structure) {
        require(structure);
        return Attributes.parse(payload, structure);
    }

    /** The payload in the machine's byte order, for the fixed structure. */
    ByteBuffer structure(int size) {
        require(size);
        return ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    }

    private void require(int structure) {
        if (payload.length < structure) {
            throw new NetlinkMessageException("the payload of netlink message type " + type + " has " + payload.length
                    + " bytes; its structure alone needs " + structure);
        }
    }

    /** The positive error number of an NLMSG_ERROR or NLMSG_DONE; 0 for an acknowledgment and all other messages. */
    int errno() {
        boolean hasError = type == NLMSG_ERROR || type == NLMSG_DONE && payload.length >= Integer.BYTES;
        return hasError ? Math.max(0, -structure(Integer.BYTES).getInt(0)) : 0;
    }

    /**
     * The kernel's words in an NLMSG_ERROR or NLMSG_DONE (NETLINK_EXT_ACK), or an empty text. They follow the error
     * number and, in NLMSG_ERROR, the refused request: its header alone when capped.
     */
    String kernelMessage() {
        if ((flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int before = Integer.BYTES;
        if (type == NLMSG_ERROR) {
            int request = structure(Integer.BYTES + HEADER).getInt(Integer.BYTES);
            int echoed = (flags & NLM_F_CAPPED) != 0 ? HEADER : request;
            if (echoed < HEADER || echoed > payload.length - Integer.BYTES) {
                throw new NetlinkMessageException(
                        "an error message of " + payload.length + " bytes cannot repeat a request of " + echoed);
            }
            before += echoed + 3 & ~3;
        }
        return attributes(Math.min(before, payload.length)).text(NLMSGERR_ATTR_MSG).orElse("");
    }
}
