package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/** The parts of the TCP header (RFC 9293 section 3.1) that matter on the way through. */
final class TcpHeader {
    static final int MIN_LENGTH = 20;

    static final int SEQUENCE = 4;
    static final int ACKNOWLEDGMENT = 8;
    /** Data offset, reserved bits, flags and window in one 32-bit word. */
    static final int FLAG_WORD = 12;
    static final int FLAGS = 13;
    static final int CHECKSUM = 16;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    private TcpHeader() {}

    /**
     * The header's length in bytes, or -1 when it is not whole.
     *
     * @param available bytes from {@code offset} to the packet's end
     */
    static int length(ByteBuffer packet, int offset, int available) {
        if (available < MIN_LENGTH) {
            return -1;
        }
        int length = packet.get(offset + FLAG_WORD) >> 2 & 0x3C;
        return length >= MIN_LENGTH && length <= available ? length : -1;
    }

    static int flags(ByteBuffer packet, int offset) {
        return packet.get(offset + FLAGS) & 0xFF;
    }
}
