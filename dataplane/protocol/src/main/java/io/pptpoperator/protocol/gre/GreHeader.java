package io.pptpoperator.protocol.gre;

import java.nio.ByteBuffer;

/**
 * The enhanced GRE header of RFC 2637 section 4.1, read and written where it lies.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
 * |    Key (HW) Payload Length    |       Key (LW) Call ID        |
 * |                  Sequence Number (Optional)                   |
 * |               Acknowledgment Number (Optional)                |
 * </pre>
 *
 * The Call ID in a packet is always the receiver's. The reading methods other than {@link #validate} trust that
 * it accepted the packet.
 */
public final class GreHeader {
    /** Bytes of the header of a data packet that acknowledges nothing. */
    public static final int DATA_LENGTH = 12;
    /** Bytes of the header of a data packet that carries an acknowledgment. */
    public static final int DATA_WITH_ACK_LENGTH = 16;
    /** Bytes of a packet that only acknowledges. */
    public static final int ACK_LENGTH = 12;

    private static final int MIN_LENGTH = 8;
    private static final int KEY_ONLY = 0x2001_880B;
    private static final int SEQUENCE_FLAG = 0x1000_0000;
    private static final int ACK_FLAG = 0x0080_0000;

    private static final int KEY_MASK = 0x2000_0000;
    private static final int VERSION_MASK = 0x0007_0000;
    private static final int VERSION_1 = 0x0001_0000;
    private static final int PROTOCOL_MASK = 0xFFFF;
    private static final int PPP = 0x880B;

    private GreHeader() {}

    /**
     * Checks a received packet. Bytes after the announced payload are tolerated: links with a minimum frame
     * size pad.
     *
     * @param packet holds the packet
     * @param offset where its GRE header starts
     * @param length bytes from there to the packet's end
     * @return the header's length, which is where the payload starts relative to {@code offset}, or a negative
     *         number that {@link GreFault#of} explains
     */
    public static int validate(ByteBuffer packet, int offset, int length) {
        if (length < MIN_LENGTH) {
            return GreFault.TRUNCATED.code;
        }
        int first = packet.getInt(offset);
        if ((first & ~(SEQUENCE_FLAG | ACK_FLAG)) != KEY_ONLY) {
            return faultOf(first);
        }
        boolean sequence = (first & SEQUENCE_FLAG) != 0;
        boolean ack = (first & ACK_FLAG) != 0;
        int headerLength = MIN_LENGTH + (sequence ? 4 : 0) + (ack ? 4 : 0);
        if (length < headerLength) {
            return GreFault.TRUNCATED.code;
        }
        int payloadLength = payloadLength(packet, offset);
        if (payloadLength > length - headerLength) {
            return GreFault.PAYLOAD_LENGTH.code;
        }
        if (!sequence) {
            if (payloadLength != 0) {
                return GreFault.SEQUENCE_MISSING.code;
            }
            if (!ack) {
                return GreFault.EMPTY.code;
            }
        }
        return headerLength;
    }

    private static int faultOf(int first) {
        if ((first & VERSION_MASK) != VERSION_1) {
            return GreFault.VERSION.code;
        }
        if ((first & PROTOCOL_MASK) != PPP) {
            return GreFault.PROTOCOL.code;
        }
        if ((first & KEY_MASK) == 0) {
            return GreFault.KEY_MISSING.code;
        }
        return GreFault.FLAGS.code;
    }

    /** The receiver's Call ID, 0 to 65535. */
    public static int callId(ByteBuffer packet, int offset) {
        return packet.getShort(offset + 6) & 0xFFFF;
    }

    /** Bytes of payload, not counting the header. */
    public static int payloadLength(ByteBuffer packet, int offset) {
        return packet.getShort(offset + 4) & 0xFFFF;
    }

    /** Whether the packet has a sequence number and so carries data. */
    public static boolean hasSequence(ByteBuffer packet, int offset) {
        return (packet.get(offset) & 0x10) != 0;
    }

    /** The sequence number, unsigned, of a packet that has one. */
    public static int sequence(ByteBuffer packet, int offset) {
        return packet.getInt(offset + 8);
    }

    /** Whether the packet acknowledges. */
    public static boolean hasAck(ByteBuffer packet, int offset) {
        return (packet.get(offset + 1) & 0x80) != 0;
    }

    /**
     * The acknowledged sequence number, unsigned, of a packet that has one. Without a sequence number it stands
     * in that number's place.
     */
    public static int ack(ByteBuffer packet, int offset) {
        return packet.getInt(offset + (hasSequence(packet, offset) ? 12 : 8));
    }

    /**
     * Writes the header of a data packet that acknowledges nothing.
     *
     * @param packet written at {@code offset}
     * @param callId the receiver's Call ID
     * @param payloadLength bytes of PPP that follow, at most 65535
     * @return {@link #DATA_LENGTH}
     */
    public static int writeData(ByteBuffer packet, int offset, int callId, int payloadLength, int sequence) {
        packet.putInt(offset, KEY_ONLY | SEQUENCE_FLAG);
        packet.putInt(offset + 4, payloadLength << 16 | callId & 0xFFFF);
        packet.putInt(offset + 8, sequence);
        return DATA_LENGTH;
    }

    /**
     * Writes the header of a data packet that acknowledges as well.
     *
     * @return {@link #DATA_WITH_ACK_LENGTH}
     * @see #writeData
     */
    public static int writeDataWithAck(ByteBuffer packet, int offset, int callId, int payloadLength, int sequence,
            int ack) {
        packet.putInt(offset, KEY_ONLY | SEQUENCE_FLAG | ACK_FLAG);
        packet.putInt(offset + 4, payloadLength << 16 | callId & 0xFFFF);
        packet.putInt(offset + 8, sequence);
        packet.putInt(offset + 12, ack);
        return DATA_WITH_ACK_LENGTH;
    }

    /**
     * Writes a whole packet that only acknowledges.
     *
     * @return {@link #ACK_LENGTH}
     */
    public static int writeAck(ByteBuffer packet, int offset, int callId, int ack) {
        packet.putInt(offset, KEY_ONLY | ACK_FLAG);
        packet.putInt(offset + 4, callId & 0xFFFF);
        packet.putInt(offset + 8, ack);
        return ACK_LENGTH;
    }
}
