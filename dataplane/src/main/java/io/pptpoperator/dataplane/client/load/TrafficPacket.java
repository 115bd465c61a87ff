package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.dataplane.client.IcmpEcho;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The packets that simulated clients send; each carries the time it left, so that an answer tells the round trip. */
final class TrafficPacket {
    /** IPv4 header, UDP or ICMP header, and the time: no packet is smaller. */
    static final int MIN_LENGTH = IcmpEcho.HEADERS + Long.BYTES;

    private static final int UDP_HEADER = 8;
    private static final int TTL = 64;

    private TrafficPacket() {}

    /** A ping that leaves at {@code now}. */
    static byte[] ping(Ipv4Address from, Ipv4Address to, int identifier, int sequence, int length, long now) {
        byte[] packet = IcmpEcho.request(from, to, identifier, sequence,
                Math.max(length, MIN_LENGTH) - IcmpEcho.HEADERS);
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        buffer.putLong(IcmpEcho.HEADERS, now);
        int icmp = Ipv4Header.MIN_LENGTH;
        buffer.putShort(icmp + 2, (short) 0);
        buffer.putShort(icmp + 2, (short) InternetChecksum.of(buffer, icmp, packet.length - icmp));
        return packet;
    }

    /** A UDP datagram that leaves at {@code now}; without a checksum, as RFC 768 allows. */
    static byte[] datagram(Ipv4Address from, int fromPort, Ipv4Address to, int port, int length, long now) {
        byte[] packet = new byte[Math.max(length, MIN_LENGTH)];
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        int udp = Ipv4Header.MIN_LENGTH;
        buffer.putInt(0, 0x4500_0000 | packet.length);
        buffer.put(8, (byte) TTL).put(9, (byte) Ipv4Header.UDP);
        buffer.putInt(12, from.bits()).putInt(16, to.bits());
        buffer.putShort(10, (short) InternetChecksum.of(buffer, 0, udp));
        buffer.putShort(udp, (short) fromPort)
                .putShort(udp + 2, (short) port)
                .putShort(udp + 4, (short) (packet.length - udp));
        buffer.putLong(udp + UDP_HEADER, now);
        return packet;
    }

    /**
     * When the packet left to which this is the answer; empty when it is none.
     *
     * @param identifier the ping's identifier, and the UDP source port
     */
    static OptionalLong leftAt(ByteBuffer packet, int offset, int length, int identifier) {
        int data = offset + Ipv4Header.headerLength(packet, offset) + UDP_HEADER;
        if (data + Long.BYTES > offset + length) {
            return OptionalLong.empty();
        }
        boolean answer = switch (Ipv4Header.protocol(packet, offset)) {
            case Ipv4Header.ICMP -> IcmpEcho.reply(packet, offset, length, identifier).isPresent();
            case Ipv4Header.UDP -> (packet.getShort(data - UDP_HEADER + 2) & 0xffff) == identifier;
            default -> false;
        };
        return answer ? OptionalLong.of(packet.getLong(data)) : OptionalLong.empty();
    }
}
