package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * The IP options that prescribe a packet's way (RFC 791 section 3.1). Its header then names a router as destination,
 * and where it really goes stands in the option.
 */
public final class SourceRoute {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE = 131;
    private static final int STRICT = 137;

    private SourceRoute() {}

    /**
     * Whether a packet has such an option, or options that cannot be read to their end.
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts
     */
    public static boolean isIn(ByteBuffer packet, int offset) {
        int length = Ipv4Header.headerLength(packet, offset);
        return length > Ipv4Header.MIN_LENGTH && isIn(packet, offset + Ipv4Header.MIN_LENGTH, offset + length);
    }

    private static boolean isIn(ByteBuffer packet, int from, int end) {
        int at = from;
        while (at < end) {
            int type = packet.get(at) & 0xFF;
            if (type == END) {
                return false;
            }
            if (type == NO_OPERATION) {
                at++;
                continue;
            }
            int size = at + 1 < end ? packet.get(at + 1) & 0xFF : 0;
            if (type == LOOSE || type == STRICT || size < 2) {
                return true;
            }
            at += size;
        }
        return at > end;
    }
}
