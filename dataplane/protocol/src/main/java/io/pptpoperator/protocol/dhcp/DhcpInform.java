package io.pptpoperator.protocol.dhcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client that has its address asks what else it should know.
 *
 * @param client its address, from which the question came and to which the answer goes
 * @param hardwareType of the address in {@code hardware}
 * @param hardwareLength bytes of {@code hardware} that count, as the client says
 * @param transaction what the client knows the answer by
 * @param flags as they came
 * @param hardware the client's hardware address in its 16 bytes, to be sent back
 * @param requested codes of the options that it wants to know; none: whatever there is
 */
public record DhcpInform(Ipv4Address client, int hardwareType, int hardwareLength, int transaction, int flags,
        byte[] hardware, Set<Integer> requested) {

    static final int SERVER_PORT = 67;
    static final int CLIENT_PORT = 68;
    static final int UDP_HEADER = 8;
    /** Bytes before the options, without the cookie. */
    static final int FIXED = 236;
    static final int COOKIE = 0x6382_5363;
    static final int COOKIE_LENGTH = 4;
    static final int HARDWARE = 16;
    static final int HARDWARE_AT = 28;

    static final int PAD = 0;
    static final int END = 255;
    static final int MESSAGE_TYPE = 53;
    private static final int PARAMETER_REQUEST_LIST = 55;
    private static final int REQUEST = 1;
    private static final int INFORM = 8;
    private static final int HOPS_AT = 3;
    private static final int FLAGS_AT = 10;
    private static final int CLIENT_AT = 12;
    private static final int YOUR_AT = 16;
    private static final int RELAY_AT = 24;
    private static final int UDP_CHECKSUM_AT = 6;

    /** Copies what may change. */
    public DhcpInform {
        hardware = hardware.clone();
        requested = Set.copyOf(requested);
    }

    @Override
    public byte[] hardware() {
        return hardware.clone();
    }

    /** Whether it wants to know this option. */
    boolean wants(int option) {
        return requested.isEmpty() || requested.contains(option);
    }

    /**
     * Whether a packet is such a question of its source, of nobody else, and came by no relay. Allocates nothing.
     *
     * @param packet holds a packet that {@link Ipv4Header#validate} accepted
     * @param offset where it starts
     */
    public static boolean isIn(ByteBuffer packet, int offset) {
        if (Ipv4Header.protocol(packet, offset) != Ipv4Header.UDP || Ipv4Header.isFragment(packet, offset)) {
            return false;
        }
        int udp = offset + Ipv4Header.headerLength(packet, offset);
        int room = offset + Ipv4Header.totalLength(packet, offset) - udp;
        if (room < UDP_HEADER + FIXED + COOKIE_LENGTH || (packet.getShort(udp + 2) & 0xFFFF) != SERVER_PORT) {
            return false;
        }
        int length = packet.getShort(udp + 4) & 0xFFFF;
        if (length < UDP_HEADER + FIXED + COOKIE_LENGTH || length > room
                || !checksumIsRight(packet, offset, udp, length)) {
            return false;
        }
        int message = udp + UDP_HEADER;
        boolean own = packet.getInt(message + CLIENT_AT) == Ipv4Header.source(packet, offset)
                && packet.getInt(message + YOUR_AT) == 0 && packet.getInt(message + RELAY_AT) == 0;
        if (packet.get(message) != REQUEST || packet.get(message + HOPS_AT) != 0 || !own
                || packet.getInt(message + FIXED) != COOKIE) {
            return false;
        }
        int type = find(packet, message + FIXED + COOKIE_LENGTH, udp + length, MESSAGE_TYPE);
        return type >= 0 && packet.get(type + 1) == 1 && packet.get(type + 2) == INFORM;
    }

    /** Without one (RFC 768) it is right, too. */
    private static boolean checksumIsRight(ByteBuffer packet, int offset, int udp, int length) {
        return packet.getShort(udp + UDP_CHECKSUM_AT) == 0
                || InternetChecksum.add(
                        InternetChecksum.pseudoHeader(Ipv4Header.source(packet, offset),
                                Ipv4Header.destination(packet, offset), Ipv4Header.UDP, length),
                        InternetChecksum.sum(packet, udp, length)) == InternetChecksum.VALID;
    }

    /** Where the first option of this code stands, whole; -1 if there is none. What is broken off counts for nothing. */
    private static int find(ByteBuffer packet, int start, int end, int code) {
        int at = start;
        while (at < end) {
            int option = packet.get(at) & 0xFF;
            if (option == END) {
                return -1;
            }
            if (option == PAD) {
                at++;
                continue;
            }
            if (at + 1 >= end || at + 2 + (packet.get(at + 1) & 0xFF) > end) {
                return -1;
            }
            if (option == code) {
                return at;
            }
            at += 2 + (packet.get(at + 1) & 0xFF);
        }
        return -1;
    }

    /**
     * Reads a packet.
     *
     * @return empty when {@link #isIn} says no
     */
    public static Optional<DhcpInform> read(ByteBuffer packet, int offset) {
        if (!isIn(packet, offset)) {
            return Optional.empty();
        }
        int udp = offset + Ipv4Header.headerLength(packet, offset);
        int message = udp + UDP_HEADER;
        int end = udp + (packet.getShort(udp + 4) & 0xFFFF);
        byte[] hardware = new byte[HARDWARE];
        packet.get(message + HARDWARE_AT, hardware);
        Set<Integer> requested = new TreeSet<>();
        int list = find(packet, message + FIXED + COOKIE_LENGTH, end, PARAMETER_REQUEST_LIST);
        if (list >= 0) {
            for (int i = 0; i < (packet.get(list + 1) & 0xFF); i++) {
                requested.add(packet.get(list + 2 + i) & 0xFF);
            }
        }
        return Optional.of(new DhcpInform(new Ipv4Address(Ipv4Header.source(packet, offset)),
                packet.get(message + 1) & 0xFF, packet.get(message + 2) & 0xFF, packet.getInt(message + 4),
                packet.getShort(message + FLAGS_AT) & 0xFFFF, hardware, requested));
    }
}
