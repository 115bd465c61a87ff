package io.pptpoperator.protocol.dhcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ip.InternetChecksum;
import io.pptpoperator.protocol.ip.Ipv4Header;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is answered to a {@link DhcpInform}, always by a DHCPACK: a DHCPNAK would take the client's address away.
 *
 * @param server this end of the link: who answers, and the router of all routes
 * @param routes networks behind it
 * @param domain what names are completed with, ASCII, at most 253 characters
 * @param dns name servers, no more than a few
 * @param wins NetBIOS name servers, likewise
 */
public record DhcpAnswer(Ipv4Address server, List<Ipv4Prefix> routes, Optional<String> domain, List<Ipv4Address> dns,
        List<Ipv4Address> wins) {

    private static final int DOMAIN_NAME_SERVER = 6;
    private static final int DOMAIN_NAME = 15;
    private static final int NETBIOS_NAME_SERVER = 44;
    private static final int SERVER_IDENTIFIER = 54;
    /** RFC 3442. */
    private static final int CLASSLESS_ROUTES = 121;
    /** The same, as Windows knew it before there was a number for it. */
    private static final int MICROSOFT_CLASSLESS_ROUTES = 249;
    private static final int REPLY = 2;
    private static final int ACK = 5;
    private static final int LONGEST_OPTION = 255;
    private static final int ADDRESS = 4;
    private static final int TTL = 64;
    /** A message has no fewer bytes, as BOOTP's fields had it (RFC 951): some clients take no shorter one. */
    private static final int LEAST_MESSAGE = 300;

    /** Copies the lists. */
    public DhcpAnswer {
        routes = List.copyOf(routes);
        dns = List.copyOf(dns);
        wins = List.copyOf(wins);
    }

    /** The IPv4 packet that answers a question. */
    public byte[] to(DhcpInform question) {
        byte[] options = options(question);
        int message = Math.max(LEAST_MESSAGE, DhcpInform.FIXED + DhcpInform.COOKIE_LENGTH + options.length);
        int udpLength = DhcpInform.UDP_HEADER + message;
        int length = Ipv4Header.MIN_LENGTH + udpLength;
        ByteBuffer packet = ByteBuffer.allocate(length);
        // Identification 0, and it may be fragmented: nothing else is sent from this port to be mixed up with.
        packet.putInt(0x4500 << 16 | length).putInt(0).putInt(TTL << 24 | Ipv4Header.UDP << 16);
        packet.putInt(server.bits()).putInt(question.client().bits());
        packet.putShort(10, (short) InternetChecksum.of(packet, 0, Ipv4Header.MIN_LENGTH));
        int udp = packet.position();
        packet.putShort((short) DhcpInform.SERVER_PORT)
                .putShort((short) DhcpInform.CLIENT_PORT)
                .putShort((short) udpLength)
                .putShort((short) InternetChecksum.pseudoHeader(server.bits(), question.client().bits(), Ipv4Header.UDP,
                        udpLength));
        packet.put((byte) REPLY)
                .put((byte) question.hardwareType())
                .put((byte) question.hardwareLength())
                .put((byte) 0)
                .putInt(question.transaction())
                .putShort((short) 0)
                .putShort((short) question.flags())
                .putInt(question.client().bits());
        packet.position(udp + DhcpInform.UDP_HEADER + DhcpInform.HARDWARE_AT).put(question.hardware());
        packet.position(udp + DhcpInform.UDP_HEADER + DhcpInform.FIXED).putInt(DhcpInform.COOKIE).put(options);
        InternetChecksum.complete(packet, udp, udpLength, 6);
        return packet.array();
    }

    private byte[] options(DhcpInform question) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        option(out, DhcpInform.MESSAGE_TYPE, new byte[]{ACK});
        option(out, SERVER_IDENTIFIER, bytes(List.of(server)));
        wanted(out, question, DOMAIN_NAME_SERVER, bytes(dns));
        wanted(out, question, DOMAIN_NAME, domain.orElse("").getBytes(StandardCharsets.US_ASCII));
        wanted(out, question, NETBIOS_NAME_SERVER, bytes(wins));
        routes(out, question, CLASSLESS_ROUTES);
        routes(out, question, MICROSOFT_CLASSLESS_ROUTES);
        out.write(DhcpInform.END);
        return out.toByteArray();
    }

    private static byte[] bytes(List<Ipv4Address> addresses) {
        ByteBuffer bytes = ByteBuffer.allocate(ADDRESS * addresses.size());
        addresses.forEach(it -> bytes.putInt(it.bits()));
        return bytes.array();
    }

    /**
     * What is too long for one option stands in several that belong together (RFC 3396), each of whole routes: those who
     * read one option at a time understand them, too.
     */
    private void routes(ByteArrayOutputStream out, DhcpInform question, int code) {
        ByteBuffer some = ByteBuffer.allocate(LONGEST_OPTION);
        for (Ipv4Prefix route : routes) {
            byte[] next = bytes(route);
            if (next.length > some.remaining()) {
                wanted(out, question, code, Arrays.copyOf(some.array(), some.position()));
                some.clear();
            }
            some.put(next);
        }
        wanted(out, question, code, Arrays.copyOf(some.array(), some.position()));
    }

    /** RFC 3442: the prefix length, the bytes of the network that it reaches into, and the router. */
    private byte[] bytes(Ipv4Prefix route) {
        int significant = (route.length() + Byte.SIZE - 1) / Byte.SIZE;
        ByteBuffer bytes = ByteBuffer.allocate(1 + significant + ADDRESS).put((byte) route.length());
        for (int i = 1; i <= significant; i++) {
            bytes.put((byte) (route.network().bits() >>> Integer.SIZE - Byte.SIZE * i));
        }
        return bytes.putInt(server.bits()).array();
    }

    private static void wanted(ByteArrayOutputStream out, DhcpInform question, int code, byte[] value) {
        if (value.length > 0 && question.wants(code)) {
            option(out, code, value);
        }
    }

    private static void option(ByteArrayOutputStream out, int code, byte[] value) {
        out.write(code);
        out.write(value.length);
        out.writeBytes(value);
    }
}
