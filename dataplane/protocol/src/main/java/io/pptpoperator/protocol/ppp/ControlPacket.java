package io.pptpoperator.protocol.ppp;

import java.util.Arrays;
import java.util.List;

/**
 * A packet of LCP, CCP or IPCP (RFC 1661 section 5): the information field of its PPP frame.
 *
 * @param code what it is, a {@link ControlCode}, 0 to 255
 * @param id pairs a reply with its request, 0 to 255
 * @param data what follows the four header bytes
 */
public record ControlPacket(int code, int id, byte[] data) {

    /** Bytes in front of the data: code, identifier, length in network order. */
    public static final int HEADER_LENGTH = 4;

    private static final int MAX_DATA = 0xffff - HEADER_LENGTH;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a field does not fit the wire
     */
    public ControlPacket {
        if ((code & ~0xff) != 0 || (id & ~0xff) != 0 || data.length > MAX_DATA) {
            throw new IllegalArgumentException("control packet with code " + code + ", identifier " + id + " and "
                    + data.length + " bytes of data does not fit its header");
        }
    }

    /** A packet whose data are options. */
    public static ControlPacket ofOptions(int code, int id, List<ConfigureOption> options) {
        return new ControlPacket(code, id, ConfigureOption.encode(options));
    }

    /**
     * Reads a packet; bytes behind its Length are padding and ignored (RFC 1661 section 5).
     *
     * @throws PppPacketException when there are fewer than four bytes, or Length is below four or beyond the end
     */
    public static ControlPacket decode(byte[] information) {
        if (information.length < HEADER_LENGTH) {
            throw new PppPacketException(
                    "control packet of " + information.length + " bytes; its header alone has " + HEADER_LENGTH);
        }
        int length = (information[2] & 0xff) << 8 | information[3] & 0xff;
        if (length < HEADER_LENGTH || length > information.length) {
            throw new PppPacketException("control packet with Length " + length + "; " + HEADER_LENGTH + " to "
                    + information.length + " would be right");
        }
        return new ControlPacket(information[0] & 0xff, information[1] & 0xff,
                Arrays.copyOfRange(information, HEADER_LENGTH, length));
    }

    /** The packet as it goes into a PPP frame's information field. */
    public byte[] encode() {
        int length = HEADER_LENGTH + data.length;
        byte[] bytes = new byte[length];
        bytes[0] = (byte) code;
        bytes[1] = (byte) id;
        bytes[2] = (byte) (length >>> 8);
        bytes[3] = (byte) length;
        System.arraycopy(data, 0, bytes, HEADER_LENGTH, data.length);
        return bytes;
    }

    /**
     * The data read as options.
     *
     * @throws PppPacketException when they are malformed
     */
    public List<ConfigureOption> options() {
        return ConfigureOption.decode(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ControlPacket that && code == that.code && id == that.id
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return (code * 31 + id) * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return ControlCode.name(code) + " " + id + ", " + data.length + " bytes";
    }
}
