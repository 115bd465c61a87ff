package io.pptpoperator.dataplane.linux;

import java.nio.ByteBuffer;

/**
 * Writes the IP header (RFC 791 section 3.1) of GRE packets that leave through a packet socket, as the kernel writes it
 * for the raw socket: DF off, so that routers with a small MTU fragment. One thread has one; allocates nothing.
 */
final class OuterHeader {

    static final int LENGTH = 20;
    private static final int VERSION_AND_LENGTH = 0x4500;

    private final int timeToLiveAndProtocol;
    private int identification;

    OuterHeader(int timeToLive, int firstIdentification) {
        timeToLiveAndProtocol = timeToLive << Byte.SIZE | RawGreSocket.PROTOCOL;
        identification = firstIdentification;
    }

    /** Writes the header at {@code offset} of a packet that goes on with {@code payload} bytes. */
    void write(ByteBuffer buffer, int offset, int source, int destination, int payload) {
        int totalLength = LENGTH + payload;
        int id = identification++ & 0xffff;
        int sum = VERSION_AND_LENGTH + totalLength + id + timeToLiveAndProtocol + (source >>> 16) + (source & 0xffff)
                + (destination >>> 16) + (destination & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        buffer.putInt(offset, VERSION_AND_LENGTH << 16 | totalLength);
        buffer.putInt(offset + 4, id << 16);
        buffer.putInt(offset + 8, timeToLiveAndProtocol << 16 | ~sum & 0xffff);
        buffer.putInt(offset + 12, source);
        buffer.putInt(offset + 16, destination);
    }
}
