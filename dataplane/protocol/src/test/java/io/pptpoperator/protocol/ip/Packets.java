package io.pptpoperator.protocol.ip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Builds and checks packets the slow, obvious way. */
public final class Packets {
    public static final int CLIENT = 0xC0A8_0A64;
    public static final int SERVER = 0x0A01_0203;
    public static final int DF = 0x4000;
    public static final int MF = 0x2000;

    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;
    public static final int URG = 32;
    public static final int ECE = 64;
    public static final int CWR = 128;

    private Packets() {}

    /** A direct buffer that holds the bytes at {@code offset} and junk around them. */
    public static ByteBuffer direct(byte[] bytes, int offset) {
        var buffer = ByteBuffer.allocateDirect(offset + bytes.length + 7);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) (0xA5 + i));
        }
        return buffer.put(offset, bytes);
    }

    public static byte[] bytes(ByteBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }

    public static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public static byte[] concat(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** RFC 1071 word by word. */
    public static int sum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
            while (sum > 0xFFFF) {
                sum -= 0xFFFF;
            }
        }
        return sum;
    }

    public static byte[] ip(int source, int destination, int protocol, int id, int fragment, byte[] options,
            byte[] payload) {
        int headerLength = 20 + options.length;
        var packet = ByteBuffer.allocate(headerLength + payload.length);
        packet.put(0, (byte) (0x40 | headerLength / 4)).put(1, (byte) 0x28);
        packet.putShort(2, (short) packet.capacity()).putShort(4, (short) id).putShort(6, (short) fragment);
        packet.put(8, (byte) 63).put(9, (byte) protocol).putInt(12, source).putInt(16, destination);
        packet.put(20, options).put(headerLength, payload);
        packet.putShort(10, (short) ~sum(bytes(packet, 0, headerLength)));
        return packet.array();
    }

    public static byte[] tcp(int source, int destination, int ports, int sequence, int ack, int flags, byte[] options,
            byte[] payload) {
        int headerLength = 20 + options.length;
        var segment = ByteBuffer.allocate(headerLength + payload.length);
        segment.putInt(0, ports).putInt(4, sequence).putInt(8, ack);
        segment.putInt(12, headerLength / 4 << 28 | flags << 16 | 0x1234);
        segment.put(20, options).put(headerLength, payload);
        segment.putShort(16, (short) ~transportSum(source, destination, 6, segment.array()));
        return segment.array();
    }

    public static byte[] udp(int source, int destination, int ports, byte[] payload) {
        var datagram = ByteBuffer.allocate(8 + payload.length);
        datagram.putInt(0, ports).putShort(4, (short) datagram.capacity()).put(8, payload);
        int checksum = ~transportSum(source, destination, 17, datagram.array()) & 0xFFFF;
        datagram.putShort(6, (short) (checksum == 0 ? 0xFFFF : checksum));
        return datagram.array();
    }

    public static int transportSum(int source, int destination, int protocol, byte[] segment) {
        var pseudo = ByteBuffer.allocate(12).putInt(0, source).putInt(4, destination);
        pseudo.putShort(8, (short) protocol).putShort(10, (short) segment.length);
        return sum(concat(pseudo.array(), segment));
    }

    public static byte[] tcpPacket(int id, int fragment, int sequence, int flags, byte[] options, byte[] payload) {
        return ip(SERVER, CLIENT, 6, id, fragment, new byte[0],
                tcp(SERVER, CLIENT, 0x01BB_C001, sequence, 99, flags, options, payload));
    }

    public static byte[] udpPacket(int id, int fragment, byte[] payload) {
        return ip(SERVER, CLIENT, 17, id, fragment, new byte[0], udp(SERVER, CLIENT, 0x0035_C001, payload));
    }

    public static int headerLength(byte[] packet) {
        return (packet[0] & 15) * 4;
    }

    public static byte[] payload(byte[] packet) {
        return Arrays.copyOfRange(packet, headerLength(packet), packet.length);
    }

    /** Whether lengths and checksums of an IPv4 packet, and those of a TCP or UDP packet inside it, are right. */
    public static boolean wellFormed(byte[] packet) {
        var buffer = ByteBuffer.wrap(packet);
        boolean ipRight = packet[0] >> 4 == 4 && (buffer.getShort(2) & 0xFFFF) == packet.length
                && sum(Arrays.copyOf(packet, headerLength(packet))) == 0xFFFF;
        int protocol = packet[9];
        boolean fragment = (buffer.getShort(6) & 0x3FFF) != 0;
        if (!ipRight || fragment || protocol != 6 && protocol != 17) {
            return ipRight;
        }
        return transportSum(buffer.getInt(12), buffer.getInt(16), protocol, payload(packet)) == 0xFFFF;
    }
}
