package io.pptpoperator.protocol.ip;

import java.nio.ByteBuffer;

/**
 * Cuts an IPv4 packet into fragments (RFC 791 sections 2.3 and 3.2).
 *
 * <pre>{@code
 * int count = fragmentation.begin(packet, offset, mtu, false);
 * for (int i = 0; i < count; i++) {
 *     int length = fragmentation.next(target, targetOffset);
 *     ...
 * }
 * }</pre>
 */
public final class Fragmentation {
    private static final int COPIED = 0x80;
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int UNIT = 8;

    private final byte[] options = new byte[40];
    private short freshIdentification;

    private ByteBuffer packet;
    private int offset;
    private int mtu;
    private int headerLength;
    private int laterHeaderLength;
    private int payloadLength;
    private int done;
    private short identification;
    private int fragmentBits;

    /**
     * One worker's fragmenter, which has nothing to cut yet.
     *
     * @param firstIdentification what the first packet gets that is fragmented against its sender's wish; a
     *            random number, so that it cannot be foretold
     */
    public Fragmentation(int firstIdentification) {
        freshIdentification = (short) firstIdentification;
    }

    /**
     * Starts on a packet. It must stay unchanged until its last fragment is written.
     *
     * <p>
     * A whole packet that its sender forbade to fragment carries an identification that means nothing, often 0
     * (RFC 6864 section 4.1). When it is fragmented nevertheless it gets one of its own, so that its fragments are
     * not joined with another packet's.
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted; a fragment may be cut further
     * @param offset where it starts
     * @param mtu bytes of the longest fragment
     * @param force whether to fragment packets whose sender forbids it
     * @return how many fragments there are, 1 when the packet fits and is copied as it is; or a negative number
     *         that {@link IpFault#of} explains: {@link IpFault#DONT_FRAGMENT}, {@link IpFault#MTU}, or
     *         {@link IpFault#TOTAL_LENGTH} for a fragment that reaches beyond any packet's end
     */
    public int begin(ByteBuffer packet, int offset, int mtu, boolean force) {
        this.packet = packet;
        this.offset = offset;
        this.mtu = mtu;
        done = 0;
        headerLength = Ipv4Header.headerLength(packet, offset);
        int totalLength = Ipv4Header.totalLength(packet, offset);
        payloadLength = totalLength - headerLength;
        fragmentBits = packet.getShort(offset + Ipv4Header.FRAGMENT) & 0xFFFF;
        if (totalLength <= mtu) {
            return 1;
        }
        if (Ipv4Header.fragmentOffset(packet, offset) + payloadLength > Ipv4Header.MAX_TOTAL_LENGTH) {
            return IpFault.TOTAL_LENGTH.code;
        }
        boolean forbidden = (fragmentBits & Ipv4Header.DONT_FRAGMENT) != 0;
        if (forbidden && !force) {
            return IpFault.DONT_FRAGMENT.code;
        }
        if (mtu < headerLength + UNIT) {
            return IpFault.MTU.code;
        }
        boolean whole = !Ipv4Header.isFragment(packet, offset);
        identification = forbidden && whole
                ? freshIdentification++
                : packet.getShort(offset + Ipv4Header.IDENTIFICATION);
        fragmentBits &= ~Ipv4Header.DONT_FRAGMENT;
        laterHeaderLength = Ipv4Header.MIN_LENGTH + collectCopiedOptions();
        int afterFirst = payloadLength - (mtu - headerLength & -UNIT);
        int last = mtu - laterHeaderLength;
        int between = last & -UNIT;
        return 2 + Math.max(0, (afterFirst - last + between - 1) / between);
    }

    /** Gathers the options that every fragment repeats; a broken list ends where it breaks. */
    private int collectCopiedOptions() {
        int copied = 0;
        int index = offset + Ipv4Header.MIN_LENGTH;
        int end = offset + headerLength;
        while (index < end) {
            int type = packet.get(index) & 0xFF;
            if (type == NO_OPERATION) {
                index++;
                continue;
            }
            if (type == END_OF_OPTIONS || index + 1 >= end) {
                break;
            }
            int length = packet.get(index + 1) & 0xFF;
            if (length < 2 || index + length > end) {
                break;
            }
            if ((type & COPIED) != 0) {
                packet.get(index, options, copied, length);
                copied += length;
            }
            index += length;
        }
        while ((copied & 3) != 0) {
            options[copied++] = END_OF_OPTIONS;
        }
        return copied;
    }

    /**
     * Writes the next fragment.
     *
     * @param target gets the fragment; not the part of a buffer the packet lies in
     * @param at where it starts there
     * @return its length in bytes, at most the MTU; 0 when there is none left
     */
    public int next(ByteBuffer target, int at) {
        boolean first = done == 0;
        int left = payloadLength - done;
        int header = first ? headerLength : laterHeaderLength;
        if (left <= 0 && !first) {
            return 0;
        }
        if (first && header + left <= mtu) {
            target.put(at, packet, offset, header + left);
            done = Math.max(payloadLength, 1);
            return header + left;
        }
        boolean last = header + left <= mtu;
        int length = last ? left : mtu - header & -UNIT;
        target.put(at, packet, offset, first ? header : Ipv4Header.MIN_LENGTH);
        if (!first) {
            target.put(at, (byte) (0x40 | header >> 2));
            target.put(at + Ipv4Header.MIN_LENGTH, options, 0, header - Ipv4Header.MIN_LENGTH);
        }
        target.putShort(at + Ipv4Header.TOTAL_LENGTH, (short) (header + length));
        target.putShort(at + Ipv4Header.IDENTIFICATION, identification);
        target.putShort(at + Ipv4Header.FRAGMENT,
                (short) (fragmentBits + done / UNIT | (last ? 0 : Ipv4Header.MORE_FRAGMENTS)));
        Ipv4Header.writeChecksum(target, at);
        target.put(at + header, packet, offset + headerLength + done, length);
        done += length;
        return header + length;
    }
}
