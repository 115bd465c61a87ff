package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header that a TUN device opened with {@code IFF_VNET_HDR} puts before each packet
 * ({@code struct virtio_net_hdr} of linux/virtio_net.h): what the kernel left to the device, or leaves the kernel to
 * do. Its 16-bit fields are in the machine's byte order, unlike all else in these buffers.
 */
public final class VirtioNetHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 10;

    /** A packet like any other, not a train of segments. */
    public static final int GSO_NONE = 0;
    /** A train of TCP segments over IPv4. */
    public static final int GSO_TCPV4 = 1;
    /** A train of UDP datagrams (since Linux 6.2). */
    public static final int GSO_UDP_L4 = 5;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int GSO_ECN = 0x80;

    private static final int GSO_TYPE = 1;
    private static final int HEADER_LENGTH = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private VirtioNetHeader() {}

    /**
     * Whether the TCP or UDP checksum is still to be computed: its place holds the pseudo header's sum.
     */
    public static boolean needsChecksum(ByteBuffer buffer, int offset) {
        return (buffer.get(offset) & NEEDS_CHECKSUM) != 0;
    }

    /** {@link #GSO_NONE}, {@link #GSO_TCPV4}, {@link #GSO_UDP_L4}, or a type this program does not ask for. */
    public static int gsoType(ByteBuffer buffer, int offset) {
        return buffer.get(offset + GSO_TYPE) & 0xFF & ~GSO_ECN;
    }

    /** Bytes of payload in each segment of a train but the last. */
    public static int gsoSize(ByteBuffer buffer, int offset) {
        return read(buffer, offset + GSO_SIZE);
    }

    /** Where, from the packet's start, the bytes begin that the checksum covers. */
    public static int checksumStart(ByteBuffer buffer, int offset) {
        return read(buffer, offset + CHECKSUM_START);
    }

    /** Where, from {@link #checksumStart}, the checksum belongs. */
    public static int checksumOffset(ByteBuffer buffer, int offset) {
        return read(buffer, offset + CHECKSUM_OFFSET);
    }

    /** Writes the header of a complete packet, which asks nothing of the kernel. */
    public static void writeNone(ByteBuffer buffer, int offset) {
        buffer.putLong(offset, 0);
        buffer.putShort(offset + 8, (short) 0);
    }

    /**
     * Writes the header of a train of TCP segments. In the packet that follows, the TCP checksum is the pseudo header's
     * sum for the whole train.
     *
     * @param ipHeaderLength bytes of its IP header
     * @param headerLength bytes of IP and TCP header together
     * @param gsoSize bytes of payload in each segment but the last, which may be shorter
     */
    public static void writeTcpTrain(ByteBuffer buffer, int offset, int ipHeaderLength, int headerLength, int gsoSize) {
        buffer.put(offset, (byte) NEEDS_CHECKSUM);
        buffer.put(offset + GSO_TYPE, (byte) GSO_TCPV4);
        write(buffer, offset + HEADER_LENGTH, headerLength);
        write(buffer, offset + GSO_SIZE, gsoSize);
        write(buffer, offset + CHECKSUM_START, ipHeaderLength);
        write(buffer, offset + CHECKSUM_OFFSET, TcpHeader.CHECKSUM);
    }

    /**
     * Does what the kernel left to the device for a packet that is no train: computes the checksum, if asked to.
     *
     * @param buffer holds the header and, behind it, the packet
     * @param offset where the header starts
     * @param length bytes of the packet alone
     * @return false when the checksum's place lies outside the packet, which is then not changed
     */
    public static boolean completeChecksum(ByteBuffer buffer, int offset, int length) {
        if (!needsChecksum(buffer, offset)) {
            return true;
        }
        int start = checksumStart(buffer, offset);
        int place = checksumOffset(buffer, offset);
        if (start + place + 2 > length) {
            return false;
        }
        InternetChecksum.complete(buffer, offset + LENGTH + start, length - start, place);
        return true;
    }

    private static int read(ByteBuffer buffer, int index) {
        short value = buffer.getShort(index);
        return (SWAPPED ? Short.reverseBytes(value) : value) & 0xFFFF;
    }

    private static void write(ByteBuffer buffer, int index, int value) {
        short field = (short) value;
        buffer.putShort(index, SWAPPED ? Short.reverseBytes(field) : field);
    }
}
