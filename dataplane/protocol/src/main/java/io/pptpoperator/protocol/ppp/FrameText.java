package io.pptpoperator.protocol.ppp;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Describes control frames for people who look for a fault. What proves a password is left out. */
public final class FrameText {
    private static final HexFormat HEX = HexFormat.of();
    private static final int LONGEST = 64;

    private FrameText() {}

    /** One line about a frame, whatever is in it. */
    public static String of(byte[] pppFrame) {
        try {
            PppFrame frame = PppFrame.decode(pppFrame);
            return protocolName(frame.protocol()) + " " + information(frame);
        } catch (PppPacketException e) {
            return "malformed PPP frame of " + pppFrame.length + " bytes: " + e.getMessage();
        }
    }

    private static String protocolName(int protocol) {
        return switch (protocol) {
            case PppProtocol.LCP -> "LCP";
            case PppProtocol.PAP -> AuthMethod.PAP.name();
            case PppProtocol.CHAP -> "CHAP";
            case PppProtocol.EAP -> "EAP";
            case PppProtocol.CCP -> "CCP";
            case PppProtocol.IPCP -> "IPCP";
            case PppProtocol.IPV6CP -> "IPV6CP";
            default -> "protocol 0x%04x".formatted(protocol);
        };
    }

    private static String information(PppFrame frame) {
        return switch (frame.protocol()) {
            case PppProtocol.PAP, PppProtocol.CHAP, PppProtocol.EAP -> authentication(frame);
            case PppProtocol.LCP, PppProtocol.CCP, PppProtocol.IPCP, PppProtocol.IPV6CP ->
                control(ControlPacket.decode(frame.information()));
            default -> frame.information().length + " bytes";
        };
    }

    /** Code and identifier only: challenges and responses can be attacked, and PAP is the password itself. */
    private static String authentication(PppFrame frame) {
        byte[] packet = frame.information();
        if (packet.length < 2) {
            return "of " + packet.length + " bytes";
        }
        boolean pap = frame.protocol() == PppProtocol.PAP;
        boolean eap = frame.protocol() == PppProtocol.EAP;
        String name = switch (packet[0]) {
            case 1 -> eap ? "Request" : pap ? "Authenticate-Request" : "Challenge";
            case 2 -> pap ? "Authenticate-Ack" : "Response";
            case 3 -> pap ? "Authenticate-Nak" : "Success";
            case 4 -> "Failure";
            default -> "code " + packet[0];
        };
        return name + " " + (packet[1] & 0xff);
    }

    private static String control(ControlPacket packet) {
        String head = ControlCode.name(packet.code()) + " " + packet.id();
        return switch (packet.code()) {
            case ControlCode.CONFIGURE_REQUEST, ControlCode.CONFIGURE_ACK, ControlCode.CONFIGURE_NAK,
                    ControlCode.CONFIGURE_REJECT ->
                head + packet.options()
                        .stream()
                        .map(option -> " <%02x %s>".formatted(option.type(), hex(option.data())))
                        .collect(Collectors.joining());
            default -> packet.data().length == 0 ? head : head + " " + hex(packet.data());
        };
    }

    private static String hex(byte[] data) {
        return data.length <= LONGEST
                ? HEX.formatHex(data)
                : HEX.formatHex(data, 0, LONGEST) + "… (" + data.length + " bytes)";
    }
}
