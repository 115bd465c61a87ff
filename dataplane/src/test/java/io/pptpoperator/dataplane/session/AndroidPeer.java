package io.pptpoperator.dataplane.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Android's old VPN client dials in: mtpd's control messages, pppd 2.4's options, and the kernel's {@code pppopns}
 * driver below, which numbers its packets, never acknowledges any, and waits up to a second for one that is missing.
 */
final class AndroidPeer extends ScriptedPeer {
    private static final int CALL_ID = 0x4e7a;
    private static final String MAGIC = "9c0b6d42";
    private static final String LCP_OPTIONS = "01040578 0206 00000000 0506" + MAGIC + " 0702 0802";
    private static final String MPPE_40_AND_128 = "1206 01000060";
    private static final String MPPE_128 = "1206 01000040";
    private static final String VJ = "0206 002d 0f01";
    private static final long REORDER_WINDOW = 1_000;

    private record Held(byte[] frame, long since) {}

    private final String name;
    private final TreeMap<Integer, Held> held = new TreeMap<>();
    private int sequence;
    private int expected;
    private int delivering;

    private int nextId = 1;
    private byte[] ipcpOptions = hex(VJ + "0306 00000000 8106 00000000 8306 00000000");

    AndroidPeer(String name, String password) {
        super(password);
        this.name = name;
    }

    // Control connection, as mtpd speaks it.

    @Override
    byte[] firstControlMessage() {
        byte[] host = Arrays.copyOf("anonymous".getBytes(StandardCharsets.US_ASCII), 64);
        return join(hex("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000003 00000003 0001 0000"), host, new byte[64]);
    }

    @Override
    void onControl(int type, byte[] message) {
        switch (type) {
            case 2 -> {
                require(u16(message, 12) == 0x0100 && (message[14] & 0xff) <= 1, "the control connection is refused");
                say(join(hex(("00a8 0001 1a2b3c4d 0007 0000 %04x 6b8b 000003e8 05f5e100 00000003 00000003 2000 0000 "
                        + "0000 0000").formatted(CALL_ID)), new byte[128]));
            }
            case 8 -> {
                require(u16(message, 14) == CALL_ID && (message[16] & 0xff) <= 1, "the call is refused");
                serverCallId = u16(message, 12);
                request(LCP, configure(hex(LCP_OPTIONS)));
            }
            case 5 -> say(hex("0014 0001 1a2b3c4d 0006 0000 %08x 0100 0000".formatted(u32(message, 12))));
            // It takes either for the server's hanging up, and closes without an answer.
            case 3, 13 -> line.hangUp();
            default -> throw unexpected("control message of type " + type);
        }
    }

    // GRE, as pppopns does it.

    @Override
    public void gre(byte[] packet) {
        int flags = u16(packet, 0);
        if (serverCallId < 0 || (flags & 0xef7f) != 0x2001 || u16(packet, 2) != 0x880b || u16(packet, 6) != CALL_ID) {
            return;
        }
        byte[] frame = part(packet, 8 + ((flags & 0x1000) != 0 ? 4 : 0) + ((flags & 0x0080) != 0 ? 4 : 0));
        if (frame.length != u16(packet, 4) || (flags & 0x1000) == 0 || frame.length < 2) {
            return;
        }
        int number = u32(packet, 8);
        if (number >= expected) {
            Map.Entry<Integer, Held> later = held.higherEntry(number);
            held.putIfAbsent(number, new Held(frame, later == null ? line.now() : later.getValue().since()));
        }
        while (!held.isEmpty() && (held.firstKey() == expected
                || line.now() - held.firstEntry().getValue().since() >= REORDER_WINDOW)) {
            Map.Entry<Integer, Held> first = held.pollFirstEntry();
            delivering = first.getKey();
            expected = delivering + 1;
            deliver(first.getValue().frame());
        }
    }

    @Override
    int sequenceOfDelivered() {
        return delivering;
    }

    /** Always with FF 03, never with an acknowledgment, whatever was agreed. */
    @Override
    void sendFrame(int protocol, byte[] information) {
        byte[] frame = join(hex("ff03 %04x".formatted(protocol)), information);
        line.gre(join(hex("3001 880b %04x %04x %08x".formatted(frame.length, serverCallId, sequence)), frame));
        sequence++;
    }

    // PPP, as pppd does it.

    @Override
    void onFrame(int protocol, byte[] packet) {
        switch (protocol) {
            case LCP -> onLcp(packet);
            case CHAP -> onChap(packet);
            case CCP -> onCcp(packet);
            case IPCP -> {
                if (encrypted) { // before MPPE is up, pppd discards it
                    onIpcp(packet);
                }
            }
            default -> throw unexpected("frame of protocol %04x".formatted(protocol));
        }
    }

    private byte[] configure(byte[] options) {
        return join(hex("01 %02x %04x".formatted(nextId++, 4 + options.length)), options);
    }

    private void onLcp(byte[] packet) {
        switch (packet[0]) {
            case REQUEST -> {
                require(text(packet).contains("0305c22381"), "the server does not ask for MS-CHAPv2");
                answer(LCP, packet, ACK);
                lcp.ackedByUs();
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
            case TERMINATE_REQUEST -> answer(LCP, Arrays.copyOf(packet, 4), TERMINATE_ACK);
            case TERMINATE_ACK -> {
                if (isAnswered(LCP, packet)) {
                    line.hangUp();
                }
            }
            default -> throw unexpected("LCP code " + packet[0]);
        }
    }

    @Override
    void givenUp(int protocol, int code) {
        line.hangUp();
    }

    /** The response is not repeated by itself, only when the challenge is. */
    private void onChap(byte[] packet) {
        if (!lcp.reached()) {
            return; // the acknowledgment of our own request was lost, and that is asked again
        }
        switch (packet[0]) {
            case 1 -> sendControl(CHAP, chapResponse(packet, name));
            case 3 -> {
                if (!loggedIn) {
                    checkSuccess(packet);
                    loggedIn = true;
                    request(CCP, configure(hex(MPPE_40_AND_128)));
                }
            }
            case 4 -> loginFailed = true;
            default -> throw unexpected("CHAP code " + packet[0]);
        }
    }

    private void onCcp(byte[] packet) {
        byte[] options = part(packet, 4);
        switch (packet[0]) {
            case REQUEST -> {
                require(Arrays.equals(options, hex(MPPE_128)), "the server asks for other encryption");
                answer(CCP, packet, ACK);
                ccp.ackedByUs();
            }
            case NAK -> {
                if (isAnswered(CCP, packet)) {
                    require(Arrays.equals(options, hex(MPPE_128)), "the server suggests other encryption");
                    request(CCP, configure(options));
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
            request(IPCP, configure(ipcpOptions));
        }
    }

    private void onIpcp(byte[] packet) {
        byte[] options = part(packet, 4);
        switch (packet[0]) {
            case REQUEST -> {
                answer(IPCP, packet, ACK);
                ipcp.ackedByUs();
            }
            case REJECT -> {
                if (isAnswered(IPCP, packet)) {
                    require(text(options).startsWith(text(hex(VJ))), "VJ compression is not rejected first");
                    ipcpOptions = hex(text(ipcpOptions).replace(text(options), ""));
                    request(IPCP, configure(ipcpOptions));
                }
            }
            case NAK -> {
                if (isAnswered(IPCP, packet)) {
                    ipcpOptions = options;
                    request(IPCP, configure(options));
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

    @Override
    void sendIp(byte[] packet) {
        sendEncrypted(hex("0021"), packet);
    }

    /** pppd's Terminate-Request; once that is agreed, mtpd closes without a word. */
    @Override
    void hangUp() {
        hangingUp = true;
        byte[] text = "User request".getBytes(StandardCharsets.US_ASCII);
        request(LCP, join(hex("05 %02x %04x".formatted(nextId++, 4 + text.length)), text));
    }
}
