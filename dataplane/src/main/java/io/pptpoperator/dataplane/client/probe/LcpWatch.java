package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppPacketException;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads and writes the LCP frames that a probe looks at beside its session. */
final class LcpWatch {
    private static final int AUTHENTICATION = 3;
    private static final int MAGIC_NUMBER = 5;
    private static final int EAP = 0xC227;
    /** FF 03, the protocol, and an echo's header with its magic number (RFC 1661 section 5.8). */
    static final int ECHO_HEADERS = 4 + ControlPacket.HEADER_LENGTH + Integer.BYTES;

    private LcpWatch() {}

    /** What a frame of the server tells. */
    static List<Fact> facts(byte[] frame) {
        Optional<ControlPacket> packet = lcp(frame);
        if (packet.isEmpty()) {
            return List.of();
        }
        return switch (packet.get().code()) {
            case ControlCode.CONFIGURE_REQUEST -> options(packet.get()).stream()
                    .filter(option -> option.type() == AUTHENTICATION && option.length() >= 2)
                    .<Fact>map(option -> new Fact.Demanded(method(option)))
                    .toList();
            case ControlCode.CONFIGURE_ACK, ControlCode.CONFIGURE_NAK, ControlCode.CONFIGURE_REJECT ->
                List.of(new Fact.GreAnswered());
            default -> List.of();
        };
    }

    private static String method(ConfigureOption option) {
        int protocol = option.asShort();
        int algorithm = option.length() > 2 ? option.data()[2] & 0xff : -1;
        return Arrays.stream(AuthMethod.values())
                .filter(method -> method.protocol() == protocol && method.algorithm() == algorithm)
                .map(AuthMethod::label)
                .findFirst()
                .orElse(protocol == EAP
                        ? "eap"
                        : String.format("protocol 0x%04x%s", protocol, algorithm < 0 ? "" : " algorithm " + algorithm));
    }

    /** The magic number that a frame of this end asks for. */
    static OptionalInt magic(byte[] frame) {
        return lcp(frame).filter(packet -> packet.code() == ControlCode.CONFIGURE_REQUEST)
                .stream()
                .flatMap(packet -> options(packet).stream())
                .filter(option -> option.type() == MAGIC_NUMBER && option.length() == Integer.BYTES)
                .mapToInt(ConfigureOption::asInt)
                .findFirst();
    }

    /**
     * An Echo-Request.
     *
     * @param magic this end's magic number, 0 without one
     * @param frameLength bytes of the whole PPP frame, at least {@link #ECHO_HEADERS}
     */
    static byte[] echoRequest(int id, int magic, int frameLength) {
        ByteBuffer data = ByteBuffer.allocate(frameLength - ECHO_HEADERS + Integer.BYTES).putInt(magic);
        return new PppFrame(PppProtocol.LCP, new ControlPacket(ControlCode.ECHO_REQUEST, id, data.array()).encode())
                .encode(false, false);
    }

    /** The identifier of an Echo-Reply. */
    static OptionalInt echoReply(byte[] frame) {
        return lcp(frame).filter(packet -> packet.code() == ControlCode.ECHO_REPLY)
                .stream()
                .mapToInt(ControlPacket::id)
                .findFirst();
    }

    private static Optional<ControlPacket> lcp(byte[] bytes) {
        try {
            PppFrame frame = PppFrame.decode(bytes);
            return frame.protocol() == PppProtocol.LCP
                    ? Optional.of(ControlPacket.decode(frame.information()))
                    : Optional.empty();
        } catch (PppPacketException e) {
            return Optional.empty();
        }
    }

    private static List<ConfigureOption> options(ControlPacket packet) {
        try {
            return packet.options();
        } catch (PppPacketException e) {
            return List.of();
        }
    }
}
