package io.pptpoperator.protocol.ppp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One option of a Configure packet (RFC 1661 section 6).
 *
 * @param type its number, which means something else in every protocol, 0 to 255
 * @param data its value, at most 253 bytes
 */
public record ConfigureOption(int type, byte[] data) {

    private static final int HEADER_LENGTH = 2;
    private static final int MAX_DATA = 0xff - HEADER_LENGTH;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a field does not fit the wire
     */
    public ConfigureOption {
        if ((type & ~0xff) != 0 || data.length > MAX_DATA) {
            throw new IllegalArgumentException(
                    "option of type " + type + " with " + data.length + " bytes does not fit its header");
        }
    }

    /** An option that says all by being there. */
    public static ConfigureOption flag(int type) {
        return new ConfigureOption(type, new byte[0]);
    }

    /** An option with a 16-bit value in network order. */
    public static ConfigureOption ofShort(int type, int value) {
        return new ConfigureOption(type, new byte[]{(byte) (value >>> 8), (byte) value});
    }

    /** An option with a 32-bit value in network order. */
    public static ConfigureOption ofInt(int type, int value) {
        return new ConfigureOption(type,
                new byte[]{(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /**
     * Reads all options of a packet's data.
     *
     * @throws PppPacketException when an option is shorter than its header or longer than the data
     */
    public static List<ConfigureOption> decode(byte[] data) {
        List<ConfigureOption> options = new ArrayList<>();
        int at = 0;
        while (at < data.length) {
            int left = data.length - at;
            int length = left < HEADER_LENGTH ? 0 : data[at + 1] & 0xff;
            if (length < HEADER_LENGTH || length > left) {
                throw new PppPacketException("option of type " + (data[at] & 0xff) + " with Length " + length + "; "
                        + HEADER_LENGTH + " to " + left + " would be right");
            }
            options.add(
                    new ConfigureOption(data[at] & 0xff, Arrays.copyOfRange(data, at + HEADER_LENGTH, at + length)));
            at += length;
        }
        return options;
    }

    /** The options one behind the other, as in a packet's data. */
    public static byte[] encode(List<ConfigureOption> options) {
        byte[] bytes = new byte[options.stream().mapToInt(option -> HEADER_LENGTH + option.data.length).sum()];
        int at = 0;
        for (ConfigureOption option : options) {
            bytes[at] = (byte) option.type;
            bytes[at + 1] = (byte) (HEADER_LENGTH + option.data.length);
            System.arraycopy(option.data, 0, bytes, at + HEADER_LENGTH, option.data.length);
            at += HEADER_LENGTH + option.data.length;
        }
        return bytes;
    }

    /** How many bytes the value has. */
    public int length() {
        return data.length;
    }

    /**
     * The value's first two bytes in network order.
     *
     * @throws PppPacketException when it has fewer
     */
    public int asShort() {
        require(2);
        return (data[0] & 0xff) << 8 | data[1] & 0xff;
    }

    /**
     * The value's first four bytes in network order.
     *
     * @throws PppPacketException when it has fewer
     */
    public int asInt() {
        require(4);
        return (data[0] & 0xff) << 24 | (data[1] & 0xff) << 16 | (data[2] & 0xff) << 8 | data[3] & 0xff;
    }

    private void require(int bytes) {
        if (data.length < bytes) {
            throw new PppPacketException(
                    "option of type " + type + " has " + data.length + " bytes; " + bytes + " would be right");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigureOption that && type == that.type && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return type * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "option " + type + " [" + HexFormat.of().formatHex(data) + "]";
    }
}
