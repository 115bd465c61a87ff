package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** ICMP Echo (RFC 792) in IPv4 packets, put together and looked at byte by byte. */
public final class Ping {
    private static final int IP_HEADER = 20;
    private static final int ICMP_HEADER = 8;
    private static final int ICMP = 1;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;

    private Ping() {}

    /** An Echo Request with this sequence number and {@code size} bytes of payload. */
    public static byte[] request(Ipv4Address from, Ipv4Address to, int sequence, int size) {
        ByteBuffer packet = ByteBuffer.allocate(IP_HEADER + ICMP_HEADER + size);
        packet.put(0, (byte) 0x45).putShort(2, (short) packet.capacity()).put(8, (byte) 64).put(9, (byte) ICMP);
        packet.putInt(12, from.bits()).putInt(16, to.bits());
        packet.put(IP_HEADER, (byte) REQUEST)
                .putShort(IP_HEADER + 4, (short) 0x7069)
                .putShort(IP_HEADER + 6, (short) sequence);
        for (int i = 0; i < size; i++) {
            packet.put(IP_HEADER + ICMP_HEADER + i, (byte) (i + sequence));
        }
        return withChecksums(packet.array());
    }

    /** The Echo Reply to an Echo Request. */
    public static byte[] replyTo(byte[] request) {
        ByteBuffer packet = ByteBuffer.wrap(request.clone());
        packet.putInt(12, ByteBuffer.wrap(request).getInt(16)).putInt(16, ByteBuffer.wrap(request).getInt(12));
        packet.put(IP_HEADER, (byte) REPLY);
        return withChecksums(packet.array());
    }

    private static byte[] withChecksums(byte[] bytes) {
        ByteBuffer packet = ByteBuffer.wrap(bytes).putShort(10, (short) 0).putShort(IP_HEADER + 2, (short) 0);
        packet.putShort(10, (short) ~sum(bytes, 0, IP_HEADER));
        packet.putShort(IP_HEADER + 2, (short) ~sum(bytes, IP_HEADER, bytes.length));
        return bytes;
    }

    /** Whether it is an Echo Request, whole and with right checksums. */
    public static boolean isRequest(byte[] packet) {
        return isWhole(packet) && packet[IP_HEADER] == REQUEST;
    }

    /** Whether {@code packet} is what the host at the other end answers to {@code request}. */
    public static boolean isReplyTo(byte[] request, byte[] packet) {
        int quoted = IP_HEADER + 4;
        return isWhole(packet) && packet[IP_HEADER] == REPLY && Arrays.equals(packet, 12, 16, request, 16, 20)
                && Arrays.equals(packet, 16, 20, request, 12, 16)
                && Arrays.equals(packet, quoted, packet.length, request, quoted, request.length);
    }

    private static boolean isWhole(byte[] packet) {
        return packet.length >= IP_HEADER + ICMP_HEADER && packet[0] == 0x45 && packet[9] == ICMP
                && ByteBuffer.wrap(packet).getShort(2) == packet.length && sum(packet, 0, IP_HEADER) == 0xffff
                && sum(packet, IP_HEADER, packet.length) == 0xffff;
    }

    /** RFC 1071, word by word. */
    private static int sum(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}
