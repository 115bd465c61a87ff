package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** ICMP echo (RFC 792) inside a tunnel: the simplest proof that packets come and go. */
public final class IcmpEcho {
    /** Bytes of a request without data: IPv4 header and ICMP header. */
    public static final int HEADERS = 28;

    private static final int ICMP = Ipv4Header.MIN_LENGTH;
    private static final int TTL = 64;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;

    private IcmpEcho() {}

    /**
     * A whole IPv4 packet.
     *
     * @param identifier tells one's own replies from others', 16 bits
     * @param sequence 16 bits
     * @param data bytes behind the headers
     */
    public static byte[] request(Ipv4Address from, Ipv4Address to, int identifier, int sequence, int data) {
        byte[] packet = new byte[HEADERS + data];
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        buffer.putInt(0, 0x4500_0000 | packet.length);
        buffer.put(8, (byte) TTL).put(9, (byte) Ipv4Header.ICMP);
        buffer.putInt(12, from.bits()).putInt(16, to.bits());
        buffer.putShort(10, (short) InternetChecksum.of(buffer, 0, ICMP));
        buffer.put(ICMP, (byte) REQUEST);
        buffer.putShort(ICMP + 4, (short) identifier).putShort(ICMP + 6, (short) sequence);
        buffer.putShort(ICMP + 2, (short) InternetChecksum.of(buffer, ICMP, packet.length - ICMP));
        return packet;
    }

    /**
     * The sequence number of a reply, or empty when the packet is something else.
     *
     * @param packet holds an IPv4 packet that {@link Ipv4Header#validate} accepted
     * @param identifier that of the requests
     */
    public static OptionalInt reply(ByteBuffer packet, int offset, int length, int identifier) {
        int icmp = offset + Ipv4Header.headerLength(packet, offset);
        boolean ours = Ipv4Header.protocol(packet, offset) == Ipv4Header.ICMP && icmp + 8 <= offset + length
                && packet.get(icmp) == REPLY && (packet.getShort(icmp + 4) & 0xffff) == identifier;
        return ours ? OptionalInt.of(packet.getShort(icmp + 6) & 0xffff) : OptionalInt.empty();
    }
}
