package io.pptpoperator.protocol.ppp.auth;

import java.util.Arrays;

/**
 * Reads a packet of PAP or CHAP, which share a header: code, identifier and a two-byte length that counts all of it
 * (RFC 1334 section 2.2, RFC 1994 section 4). What follows that length is padding.
 */
final class PacketReader {
    private static final int HEADER = 4;

    private final byte[] packet;
    private final int end;
    private int position = HEADER;

    PacketReader(byte[] packet) {
        if (packet.length < HEADER) {
            throw new AuthPacketException("a packet of " + packet.length + " bytes has no room for its header of 4");
        }
        this.packet = packet;
        end = (packet[2] & 0xff) << 8 | packet[3] & 0xff;
        if (end < HEADER || end > packet.length) {
            throw new AuthPacketException("Length is " + end + " in a packet of " + packet.length + " bytes");
        }
    }

    int code() {
        return packet[0] & 0xff;
    }

    int identifier() {
        return packet[1] & 0xff;
    }

    boolean isAtEnd() {
        return position == end;
    }

    /** A field behind a byte that tells its length. */
    byte[] counted(String field) {
        int length = isAtEnd() ? 0 : packet[position] & 0xff;
        if (isAtEnd() || length > end - position - 1) {
            throw new AuthPacketException(field + " of " + length + " bytes does not fit into the "
                    + Math.max(end - position - 1, 0) + " that are left");
        }
        position += 1 + length;
        return Arrays.copyOfRange(packet, position - length, position);
    }

    /** All that is left. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(packet, position, end);
        position = end;
        return rest;
    }
}
