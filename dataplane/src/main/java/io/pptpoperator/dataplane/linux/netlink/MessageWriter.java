package io.pptpoperator.dataplane.linux.netlink;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes one message: the header, the fields of its structure, then attributes. */
public final class MessageWriter {

    private static final int LENGTH = 0;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int NLA_F_NESTED = 0x8000;
    private static final int MAX_ATTRIBUTE = 0xffff;

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /**
     * Begins a message.
     *
     * @param type what it is
     * @param flags {@code NLM_F_} bits; NLM_F_REQUEST is added
     */
    public MessageWriter(int type, int flags) {
        u32(0).u16(type).u16(flags | NetlinkMessage.NLM_F_REQUEST).u32(0).u32(0);
    }

    private MessageWriter room(int count) {
        if (bytes.remaining() < count) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + count))
                    .order(ByteOrder.nativeOrder());
            bytes = larger.put(bytes.flip());
        }
        return this;
    }

    private MessageWriter pad() {
        while ((bytes.position() & 3) != 0) {
            u8(0);
        }
        return this;
    }

    /** A structure's 8-bit field. */
    public MessageWriter u8(int value) {
        room(1).bytes.put((byte) value);
        return this;
    }

    /** A structure's 16-bit field in the machine's order. */
    public MessageWriter u16(int value) {
        room(2).bytes.putShort((short) value);
        return this;
    }

    /** A structure's 32-bit field in the machine's order. */
    public MessageWriter u32(int value) {
        room(4).bytes.putInt(value);
        return this;
    }

    /** An attribute of these bytes. */
    public MessageWriter attribute(int type, byte... value) {
        int begin = begin(type);
        room(value.length).bytes.put(value);
        return end(begin);
    }

    /** A 32-bit number in the machine's order. */
    public MessageWriter number(int type, int value) {
        int begin = begin(type);
        return u32(value).end(begin);
    }

    /** A 32-bit number in network order. */
    public MessageWriter networkNumber(int type, int value) {
        return attribute(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /** A 64-bit number in network order. */
    public MessageWriter networkLong(int type, long value) {
        return attribute(type, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** An IPv4 address. */
    public MessageWriter address(int type, Ipv4Address value) {
        return attribute(type, value.toBytes());
    }

    /** A text with its closing zero byte. */
    public MessageWriter text(int type, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(utf8, utf8.length + 1));
    }

    /**
     * An attribute of attributes.
     *
     * @throws IllegalArgumentException when the content is longer than the 65,535 bytes an attribute can have
     */
    public MessageWriter nested(int type, Consumer<MessageWriter> content) {
        int begin = begin(type | NLA_F_NESTED);
        content.accept(this);
        return end(begin);
    }

    private int begin(int type) {
        int begin = bytes.position();
        u16(0).u16(type);
        return begin;
    }

    private MessageWriter end(int begin) {
        int size = bytes.position() - begin;
        if (size > MAX_ATTRIBUTE) {
            throw new IllegalArgumentException(
                    "a netlink attribute of " + size + " bytes does not fit its length field");
        }
        bytes.putShort(begin, (short) size);
        return pad();
    }

    /** The message with its length, sequence number and these further flags filled in, padded to 4 bytes. */
    byte[] finish(int sequence, int flags) {
        int size = bytes.position();
        pad();
        bytes.putInt(LENGTH, size);
        bytes.putShort(FLAGS, (short) (bytes.getShort(FLAGS) | flags));
        bytes.putInt(SEQUENCE, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
