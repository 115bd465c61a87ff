package io.pptpoperator.dataplane.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Windows 10 dials in: its control messages, its LCP options with callback and then without, its three Identifications,
 * Set-Link-Info twice, every strength of MPPE offered at once, four name servers asked for, IPv6 tried in vain. Its GRE
 * acknowledges every packet, on the next one of its own or alone.
 */
final class WindowsPeer extends ScriptedPeer {
    private static final int CALL_ID = 0x0b91;
    private static final String MAGIC = "3a5c1e77";
    private static final String LCP_OPTIONS = "01040578 0506" + MAGIC + " 0702 0802";
    private static final String CALLBACK = "0d0306";
    /** H, M, S, L and C: stateless, every strength, and MPPC. */
    private static final String ALL_OF_MPPE = "1206 010000e1";
    private static final String MPPE_128_STATELESS = "1206 01000040";
    private static final int IPV6CP = 0x8057;

    private final String name;
    private int sequence;
    private int highest;
    private boolean ackOwed;
    private int delivering;

    private boolean lcpOpen;
    private int nextId;
    private byte[] ipcpOptions = hex("0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000");

    private byte[] failure;

    boolean ipv6Rejected;
    int acksAlone;
    int acksOfServer;

    /** A Windows whose user typed this name, with or without a domain. */
    WindowsPeer(String name, String password) {
        super(password);
        this.name = name;
    }

    // Control connection.

    @Override
    byte[] firstControlMessage() {
        byte[] vendor = Arrays.copyOf("Microsoft".getBytes(StandardCharsets.US_ASCII), 64);
        return join(hex("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0000"), new byte[64], vendor);
    }

    @Override
    void onControl(int type, byte[] message) {
        switch (type) {
            case 2 -> {
                require(message.length == 156 && message[14] == 1, "the control connection is refused");
                say(join(hex(("00a8 0001 1a2b3c4d 0007 0000 %04x 0001 0000012c 05f5e100 00000003 00000003 0040 0000 "
                        + "0000 0000").formatted(CALL_ID)), new byte[128]));
            }
            case 8 -> {
                require(message.length == 32 && u16(message, 14) == CALL_ID && message[16] == 1, "the call is refused");
                serverCallId = u16(message, 12);
                require(serverCallId != 0, "the server's Call ID is 0");
                setLinkInfo();
                requestLcp(LCP_OPTIONS + CALLBACK);
            }
            case 5 -> say(hex("0014 0001 1a2b3c4d 0006 0000 %08x 0100 0000".formatted(u32(message, 12))));
            case 13 -> require(message.length == 148 && u16(message, 12) == serverCallId,
                    "Call-Disconnect-Notify is about another call");
            case 3 -> say(hex("0010 0001 1a2b3c4d 0004 0000 0100 0000"));
            case 4 -> line.hangUp();
            default -> throw unexpected("control message of type " + type);
        }
    }

    private void setLinkInfo() {
        say(hex("0018 0001 1a2b3c4d 000f 0000 %04x 0000 ffffffff ffffffff".formatted(serverCallId)));
    }

    // GRE.

    @Override
    public void gre(byte[] packet) {
        if (serverCallId < 0) {
            return; // the miniport is not up before the call is
        }
        int flags = u16(packet, 0);
        require((flags & 0xef7f) == 0x2001 && u16(packet, 2) == 0x880b && u16(packet, 6) == CALL_ID,
                "GRE header " + text(Arrays.copyOf(packet, 8)));
        boolean data = (flags & 0x1000) != 0;
        boolean ack = (flags & 0x0080) != 0;
        int header = 8 + (data ? 4 : 0) + (ack ? 4 : 0);
        require(packet.length - header == u16(packet, 4), "GRE payload length");
        acksOfServer += ack ? 1 : 0;
        if (data) {
            delivering = u32(packet, 8);
            highest = delivering;
            ackOwed = true;
            deliver(part(packet, header));
            if (ackOwed) {
                ackOwed = false;
                acksAlone++;
                line.gre(hex("2081 880b 0000 %04x %08x".formatted(serverCallId, highest)));
            }
        }
    }

    @Override
    int sequenceOfDelivered() {
        return delivering;
    }

    /**
     * Without FF 03, and data with a protocol number of one byte, as the server has agreed to; but LCP always whole.
     */
    @Override
    void sendFrame(int protocol, byte[] information) {
        byte[] number = lcpOpen && protocol == COMPRESSED
                ? hex("%02x".formatted(protocol))
                : hex("%04x".formatted(protocol));
        byte[] frame = lcpOpen && protocol != LCP ? join(number, information) : join(hex("ff03"), number, information);
        byte[] header = ackOwed
                ? hex("3081 880b %04x %04x %08x %08x".formatted(frame.length, serverCallId, sequence, highest))
                : hex("3001 880b %04x %04x %08x".formatted(frame.length, serverCallId, sequence));
        ackOwed = false;
        sequence++;
        line.gre(join(header, frame));
    }

    // PPP.

    @Override
    void onFrame(int protocol, byte[] packet) {
        switch (protocol) {
            case LCP -> onLcp(packet);
            case CHAP -> onChap(packet);
            case CCP -> onCcp(packet);
            case IPCP -> onIpcp(packet);
            default -> throw unexpected("frame of protocol %04x".formatted(protocol));
        }
    }

    private static byte[] configure(int id, byte[] options) {
        return join(hex("01 %02x %04x".formatted(id, 4 + options.length)), options);
    }

    private void requestLcp(String options) {
        request(LCP, configure(nextId++, hex(options)));
    }

    private void onLcp(byte[] packet) {
        switch (packet[0]) {
            case REQUEST -> {
                String options = text(packet);
                require(options.contains("0305c22381"), "the server does not ask for MS-CHAPv2");
                require(options.substring(8, 12).equals("0104"), "the server does not announce an MRU");
                answer(LCP, packet, ACK);
                lcp.ackedByUs();
            }
            case REJECT -> {
                if (isAnswered(LCP, packet)) {
                    require(text(part(packet, 4)).equals(CALLBACK), "more is rejected than callback");
                    requestLcp(LCP_OPTIONS);
                }
            }
            case ACK -> {
                if (isAnswered(LCP, packet)) {
                    require(Arrays.equals(part(packet, 4), hex(LCP_OPTIONS)), "not what was asked for is acknowledged");
                    lcp.ackedByServer();
                }
            }
            case ECHO_REQUEST -> {
                if (!hangingUp) {
                    sendControl(LCP,
                            join(hex(("0a %02x %04x " + MAGIC).formatted(packet[1], packet.length)), part(packet, 8)));
                }
            }
            case PROTOCOL_REJECT -> {
                require(u16(packet, 4) == IPV6CP, "another protocol than IPV6CP is rejected");
                ipv6Rejected = true;
                settled(IPV6CP);
            }
            case TERMINATE_REQUEST -> answer(LCP, Arrays.copyOf(packet, 4), TERMINATE_ACK);
            case TERMINATE_ACK -> {
                if (isAnswered(LCP, packet)) {
                    clearCall();
                }
            }
            default -> throw unexpected("LCP code " + packet[0]);
        }
        if (lcp.reached() && !lcpOpen) {
            lcpOpen = true;
            setLinkInfo();
            identify("MSRASV5.20".getBytes(StandardCharsets.US_ASCII));
            identify("MSRAS-0-MSEDGEWIN10".getBytes(StandardCharsets.US_ASCII));
            identify(hex("7d1f9be0 02c4 4a5e 9c11 0c6f6c8a51d2"));
        }
    }

    private void clearCall() {
        say(hex("0010 0001 1a2b3c4d 000c 0000 %04x 0000".formatted(CALL_ID)));
    }

    @Override
    void givenUp(int protocol, int code) {
        if (code == TERMINATE_REQUEST) {
            clearCall();
        } else {
            line.hangUp();
        }
    }

    private void identify(byte[] what) {
        sendControl(LCP, join(hex(("0c %02x %04x " + MAGIC).formatted(nextId++, 8 + what.length)), what));
    }

    private void onChap(byte[] packet) {
        switch (packet[0]) {
            case 1 -> request(CHAP, chapResponse(packet, name));
            case 3 -> {
                if (!isAnswered(CHAP, packet)) {
                    return;
                }
                checkSuccess(packet);
                loggedIn = true;
                request(IPV6CP, configure(nextId++, hex("010a 45d1a6f37b2c9e08")));
                request(CCP, configure(nextId++, hex(ALL_OF_MPPE)));
                requestIpcp();
            }
            case 4 -> {
                settled(CHAP);
                loginFailed = true;
                failure = packet;
            }
            default -> throw unexpected("CHAP code " + packet[0]);
        }
    }

    /** The user, asked once more, types another password: it answers the challenge that came with the failure. */
    void retype(String password) {
        retyped(password);
        String message = new String(part(failure, 4), StandardCharsets.US_ASCII);
        require(message.contains(" R=1 C="), "the server invites no other try");
        int challenge = message.indexOf(" C=") + 3;
        request(CHAP, chapResponse(hex("01 %02x 0015 10".formatted(failure[1] + 1 & 0xff)
                + message.substring(challenge, challenge + 32).toLowerCase(Locale.ROOT)), name));
    }

    private void onCcp(byte[] packet) {
        switch (packet[0]) {
            case REQUEST -> {
                require(Arrays.equals(part(packet, 4), hex(MPPE_128_STATELESS)),
                        "the server asks for other encryption");
                answer(CCP, packet, ACK);
                ccp.ackedByUs();
            }
            case NAK -> {
                if (isAnswered(CCP, packet)) {
                    require(Arrays.equals(part(packet, 4), hex(MPPE_128_STATELESS)),
                            "the server suggests other encryption");
                    request(CCP, configure(nextId++, hex(MPPE_128_STATELESS)));
                }
            }
            case ACK -> {
                if (isAnswered(CCP, packet)) {
                    ccp.ackedByServer();
                }
            }
            default -> throw unexpected("CCP code " + packet[0]);
        }
        if (ccp.reached() && !encrypted) {
            startEncryption();
        }
    }

    private void requestIpcp() {
        request(IPCP, configure(nextId++, ipcpOptions));
    }

    private void onIpcp(byte[] packet) {
        byte[] options = part(packet, 4);
        switch (packet[0]) {
            case REQUEST -> {
                require(options.length == 6 && options[0] == 3, "the server asks for more than its address");
                answer(IPCP, packet, ACK);
                ipcp.ackedByUs();
            }
            case REJECT -> {
                if (isAnswered(IPCP, packet)) {
                    ipcpOptions = without(options);
                    requestIpcp();
                }
            }
            case NAK -> {
                if (isAnswered(IPCP, packet)) {
                    ipcpOptions = with(options);
                    requestIpcp();
                }
            }
            case ACK -> {
                if (isAnswered(IPCP, packet)) {
                    require(Arrays.equals(options, ipcpOptions), "not what was asked for is acknowledged");
                    addresses = options;
                    ipcp.ackedByServer();
                }
            }
            default -> throw unexpected("IPCP code " + packet[0]);
        }
    }

    /** Our IPCP options, which have six bytes each, without those that were rejected. */
    private byte[] without(byte[] rejected) {
        byte[] kept = {};
        for (int at = 0; at < ipcpOptions.length; at += 6) {
            byte[] option = Arrays.copyOfRange(ipcpOptions, at, at + 6);
            if (!text(rejected).contains(text(option))) {
                kept = join(kept, option);
            }
        }
        require(kept.length + rejected.length == ipcpOptions.length, "what is rejected was never asked for");
        return kept;
    }

    /** Our IPCP options with the values that were suggested. */
    private byte[] with(byte[] suggested) {
        byte[] changed = ipcpOptions.clone();
        for (int from = 0; from < suggested.length; from += 6) {
            for (int at = 0; at < changed.length; at += 6) {
                if (changed[at] == suggested[from]) {
                    System.arraycopy(suggested, from, changed, at, 6);
                }
            }
        }
        return changed;
    }

    @Override
    void sendIp(byte[] packet) {
        sendEncrypted(hex("21"), packet);
    }

    /** LCP Terminate-Request with Windows' own data, and once that is agreed Call-Clear-Request. */
    @Override
    void hangUp() {
        hangingUp = true;
        request(LCP, hex(("05 %02x 0010 " + MAGIC + " 003ccd74 00000000").formatted(nextId++)));
    }
}
