package io.pptpoperator.protocol.ppp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A PPP frame as enhanced GRE carries it: no flags, no FCS (RFC 2637 section 4); an optional FF 03 and a protocol
 * number of one or two bytes in front (RFC 1661 sections 2, 6.5, 6.6). What arrives is read in all four combinations,
 * whatever was negotiated, since peers differ.
 *
 * <p>The static functions on {@link ByteBuffer} are for the datapath: they allocate nothing, leave position and limit
 * alone and do not depend on the buffer's byte order.
 *
 * @param protocol the protocol number, a {@link PppProtocol} or unknown
 * @param information what the frame carries
 */
public record PppFrame(int protocol, byte[] information) {

    private static final int ADDRESS = 0xff;
    private static final int CONTROL = 0x03;

    /**
     * Reads a frame.
     *
     * @throws PppPacketException when it ends before its protocol number does
     */
    public static PppFrame decode(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        int information = informationOffset(buffer, 0, frame.length);
        if (information < 0) {
            throw new PppPacketException("PPP frame of " + frame.length + " bytes ends before its protocol number");
        }
        return new PppFrame(protocolAt(buffer, 0, frame.length), Arrays.copyOfRange(frame, information, frame.length));
    }

    /**
     * The frame in bytes.
     *
     * @param acfc whether the peer takes frames without FF 03; LCP has it all the same (RFC 1661 section 6.6)
     * @param pfc whether the peer takes protocol numbers of one byte; LCP's has two anyhow
     */
    public byte[] encode(boolean acfc, boolean pfc) {
        boolean bare = acfc && protocol != PppProtocol.LCP;
        int header = headerLength(protocol, bare, pfc);
        byte[] frame = new byte[header + information.length];
        putHeader(ByteBuffer.wrap(frame), 0, protocol, bare, pfc);
        System.arraycopy(information, 0, frame, header, information.length);
        return frame;
    }

    /** The protocol number of the frame between {@code offset} and {@code end}, or -1 when it ends too early. */
    public static int protocolAt(ByteBuffer buffer, int offset, int end) {
        int at = skipAddress(buffer, offset, end);
        if (at >= end) {
            return -1;
        }
        int first = buffer.get(at) & 0xff;
        if ((first & 1) != 0) {
            return first;
        }
        return at + 1 < end ? first << 8 | buffer.get(at + 1) & 0xff : -1;
    }

    /** Where the information of the frame between {@code offset} and {@code end} begins, or -1 as above. */
    public static int informationOffset(ByteBuffer buffer, int offset, int end) {
        int at = skipAddress(buffer, offset, end);
        if (at >= end) {
            return -1;
        }
        // The last byte of a protocol number is odd and no other is: that is how its length shows.
        int information = (buffer.get(at) & 1) != 0 ? at + 1 : at + 2;
        return information <= end ? information : -1;
    }

    private static int skipAddress(ByteBuffer buffer, int offset, int end) {
        boolean present = offset + 1 < end && (buffer.get(offset) & 0xff) == ADDRESS
                && buffer.get(offset + 1) == CONTROL;
        return present ? offset + 2 : offset;
    }

    /** How many bytes {@link #putHeader} writes. */
    public static int headerLength(int protocol, boolean acfc, boolean pfc) {
        return (acfc ? 0 : 2) + (pfc && protocol <= 0xff ? 1 : 2);
    }

    /**
     * Writes a frame's header at {@code offset}.
     *
     * @param acfc whether to leave FF 03 out
     * @param pfc whether to write a protocol number below 256 in one byte
     * @return where the information goes
     */
    public static int putHeader(ByteBuffer buffer, int offset, int protocol, boolean acfc, boolean pfc) {
        int at = offset;
        if (!acfc) {
            buffer.put(at++, (byte) ADDRESS);
            buffer.put(at++, (byte) CONTROL);
        }
        if (!pfc || protocol > 0xff) {
            buffer.put(at++, (byte) (protocol >>> 8));
        }
        buffer.put(at++, (byte) protocol);
        return at;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PppFrame that && protocol == that.protocol
                && Arrays.equals(information, that.information);
    }

    @Override
    public int hashCode() {
        return protocol * 31 + Arrays.hashCode(information);
    }

    @Override
    public String toString() {
        return "PPP 0x%04x, %d bytes".formatted(protocol, information.length);
    }
}
