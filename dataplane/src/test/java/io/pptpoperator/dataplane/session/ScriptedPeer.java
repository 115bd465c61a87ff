package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChapV2;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A foreign client, played from a script of bytes: nothing in what it sends or expects comes out of this project's own
 * message and option classes, so that a mistake in one of them cannot hide by being made twice. Only what is the same
 * for every client is here, and arithmetic: MS-CHAP's and MPPE's. What a client asks for it asks again until it is
 * answered (RFC 1661, section 4.6), and answers to what it no longer asks it ignores, so that a packet that is lost, or
 * a peer that is slow, costs seconds.
 */
abstract class ScriptedPeer implements Peer {
    static final int LCP = 0xc021;
    static final int CHAP = 0xc223;
    static final int CCP = 0x80fd;
    static final int IPCP = 0x8021;
    static final int COMPRESSED = 0x00fd;

    /** Codes of LCP, CCP and IPCP. */
    static final int REQUEST = 1;
    static final int ACK = 2;
    static final int NAK = 3;
    static final int REJECT = 4;
    static final int TERMINATE_REQUEST = 5;
    static final int TERMINATE_ACK = 6;
    static final int PROTOCOL_REJECT = 8;
    static final int ECHO_REQUEST = 9;
    static final int ECHO_REPLY = 10;

    /** Milliseconds from one try to the next, and how many tries there are: the defaults of pppd and of Windows. */
    private static final long RESTART = 3_000;
    private static final int TRIES = 10;

    /** A request without an answer so far. */
    private record Open(byte[] packet, int triesLeft, long again) {}

    private static final HexFormat HEX = HexFormat.of();
    private static final MppeParameters MPPE_128 = new MppeParameters(128, true);
    private static final int ROOM = 2048;

    private String password;
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final MppeWorkspace workspace = new MppeWorkspace();
    private byte[] ntResponse;
    private String expectedSuccess;
    private MppeEncryptor encryptor;
    private MppeDecryptor decryptor;
    /** By protocol: no protocol has two requests under way. */
    private final Map<Integer, Open> open = new TreeMap<>();
    PeerLine line;
    int serverCallId = -1;

    /** What was said, both ways, for the message of a failed test. */
    final List<String> transcript = new ArrayList<>();
    /** IP packets that came, decrypted. */
    final List<byte[]> received = new ArrayList<>();
    final Agreement lcp = new Agreement();
    final Agreement ccp = new Agreement();
    final Agreement ipcp = new Agreement();
    /** IPCP's result: the options as they were acknowledged. */
    byte[] addresses = {};
    boolean encrypted;
    boolean loggedIn;
    boolean loginFailed;
    boolean hungUp;
    /** It has asked to end the link: LCP is not open there, and no echo is answered (RFC 1661 section 5.8). */
    boolean hangingUp;

    ScriptedPeer(String password) {
        this.password = password;
    }

    // Bytes.

    /** Bytes from hexadecimal text with blanks in it. */
    static byte[] hex(String text) {
        return HEX.parseHex(text.replace(" ", ""));
    }

    static String text(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    static int u32(byte[] bytes, int at) {
        return u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    static byte[] part(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    /** The script does not know what to do with what came, which is the server's fault. */
    final AssertionError unexpected(String what) {
        return new AssertionError(what + "; so far:\n" + String.join("\n", transcript));
    }

    final void require(boolean condition, String what) {
        if (!condition) {
            throw unexpected(what);
        }
    }

    // The control connection.

    abstract byte[] firstControlMessage();

    /** A whole control message came; its type is the one at byte 8. */
    abstract void onControl(int type, byte[] message);

    @Override
    public void connected(PeerLine newLine) {
        line = newLine;
        say(firstControlMessage());
    }

    final void say(byte[] message) {
        transcript.add("TCP > " + text(message));
        line.control(message);
    }

    @Override
    public void control(byte[] bytes) {
        stream.writeBytes(bytes);
        byte[] waiting = stream.toByteArray();
        int at = 0;
        while (waiting.length - at >= 2 && waiting.length - at >= u16(waiting, at)) {
            byte[] message = Arrays.copyOfRange(waiting, at, at + u16(waiting, at));
            at += message.length;
            transcript.add("TCP < " + text(message));
            require(u16(message, 2) == 1 && u32(message, 4) == 0x1a2b3c4d, "no control message");
            onControl(u16(message, 8), message);
        }
        stream.reset();
        stream.writeBytes(part(waiting, at));
    }

    @Override
    public void hungUp() {
        hungUp = true;
        open.clear();
    }

    // GRE and PPP.

    /** Sends a PPP frame from its protocol number on, framed in this client's own way. */
    abstract void sendFrame(int protocol, byte[] information);

    /** A frame came, in order. */
    abstract void onFrame(int protocol, byte[] information);

    /** Passes on the PPP frame that a GRE packet carries. */
    final void deliver(byte[] frame) {
        int at = frame.length >= 2 && u16(frame, 0) == 0xff03 ? 2 : 0;
        boolean shortened = (frame[at] & 1) != 0;
        int protocol = shortened ? frame[at] & 0xff : u16(frame, at);
        byte[] information = part(frame, at + (shortened ? 1 : 2));
        if (protocol == COMPRESSED) {
            decrypt(information, sequenceOfDelivered());
        } else {
            transcript.add("PPP < %04x %s".formatted(protocol, text(information)));
            require(protocol != 0x0021, "IP came in clear");
            onFrame(protocol, information);
        }
    }

    abstract int sequenceOfDelivered();

    final void sendControl(int protocol, byte[] packet) {
        transcript.add("PPP > %04x %s".formatted(protocol, text(packet)));
        sendFrame(protocol, packet);
    }

    /** Sends a request, again and again until {@link #isAnswered} or {@link #settled}. */
    final void request(int protocol, byte[] packet) {
        sendControl(protocol, packet);
        open.put(protocol, new Open(packet, TRIES - 1, line.now() + RESTART));
        setTimer();
    }

    /**
     * Whether a packet answers what is being asked, which then is settled; what answers something older does not count.
     */
    final boolean isAnswered(int protocol, byte[] answer) {
        Open request = open.get(protocol);
        if (request == null || request.packet()[1] != answer[1]) {
            transcript.add("      (too late, ignored)");
            return false;
        }
        settled(protocol);
        return true;
    }

    /** There is nothing more to ask in this protocol. */
    final void settled(int protocol) {
        open.remove(protocol);
        setTimer();
    }

    private void setTimer() {
        if (!hungUp) {
            line.wakeAt(open.values().stream().mapToLong(Open::again).min().orElse(Long.MAX_VALUE));
        }
    }

    @Override
    public void wake() {
        for (Map.Entry<Integer, Open> entry : List.copyOf(open.entrySet())) {
            Open request = entry.getValue();
            if (request.again() <= line.now() && request.triesLeft() > 0) {
                sendControl(entry.getKey(), request.packet());
                open.put(entry.getKey(), new Open(request.packet(), request.triesLeft() - 1, line.now() + RESTART));
            } else if (request.again() <= line.now()) {
                open.remove(entry.getKey());
                transcript.add("      (asked %d times in vain)".formatted(TRIES));
                givenUp(entry.getKey(), request.packet()[0]);
            }
        }
        setTimer();
    }

    /** A request was never answered. */
    abstract void givenUp(int protocol, int code);

    /** Sends the packet that came back with another code: an Ack, for instance. */
    final void answer(int protocol, byte[] packet, int code) {
        byte[] answer = packet.clone();
        answer[0] = (byte) code;
        sendControl(protocol, answer);
    }

    // MS-CHAPv2, RFC 2759.

    /** The Response to a Challenge, as {@code name}, whose part before a backslash does not count. */
    final void retyped(String other) {
        password = other;
    }

    final byte[] chapResponse(byte[] challenge, String name) {
        require(challenge[4] == 16, "an MS-CHAPv2 challenge has 16 bytes");
        byte[] bare = name.substring(name.indexOf('\\') + 1).getBytes(StandardCharsets.UTF_8);
        byte[] peerChallenge = hex("21402324255e262a28295f2b3a337c7e");
        byte[] hash = MsChap.ntPasswordHash(password);
        byte[] challengeHash = MsChapV2.challengeHash(peerChallenge, Arrays.copyOfRange(challenge, 5, 21), bare);
        ntResponse = MsChap.challengeResponse(challengeHash, hash);
        expectedSuccess = MsChapV2.authenticatorResponse(MsChap.passwordHashHash(hash), ntResponse, challengeHash);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        return join(hex("02 %02x %04x 31".formatted(challenge[1], 4 + 1 + 49 + nameBytes.length)), peerChallenge,
                new byte[8], ntResponse, new byte[1], nameBytes);
    }

    final void checkSuccess(byte[] success) {
        String message = new String(part(success, 4), StandardCharsets.UTF_8);
        require(message.startsWith(expectedSuccess + " "), "the server did not prove that it knows the password");
    }

    // MPPE, RFC 3078 and 3079.

    final void startEncryption() {
        MppeStartKeys keys = StartKeyDerivation.msChapV2(MsChap.passwordHashHash(MsChap.ntPasswordHash(password)),
                ntResponse, false);
        encryptor = keys.encryptor(MPPE_128);
        decryptor = keys.decryptor(MPPE_128);
        encrypted = true;
    }

    /** Encrypts an IP packet; {@code protocol} is IP's number as this client writes it, one byte or two. */
    final void sendEncrypted(byte[] protocol, byte[] packet) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM).put(2, protocol).put(2 + protocol.length, packet);
        int length = 2 + protocol.length + packet.length;
        encryptor.encrypt(buffer, 0, length, workspace);
        byte[] sealed = new byte[length];
        buffer.get(0, sealed);
        sendFrame(COMPRESSED, sealed);
    }

    private void decrypt(byte[] sealed, int sequence) {
        require(decryptor != null, "an encrypted packet came before there were keys");
        ByteBuffer buffer = ByteBuffer.allocateDirect(sealed.length).put(0, sealed);
        MppeVerdict verdict = decryptor.decrypt(buffer, 0, sealed.length, sequence, workspace);
        require(verdict == MppeVerdict.OK, "an encrypted packet does not decrypt: " + verdict);
        int ip = 2 + ((buffer.get(2) & 1) != 0 ? 1 : 2);
        byte[] packet = new byte[sealed.length - ip];
        buffer.get(ip, packet);
        received.add(packet);
        if (Ping.isRequest(packet)) {
            sendIp(Ping.replyTo(packet));
        }
    }

    // IP.

    abstract void sendIp(byte[] packet);

    final boolean isUp() {
        return encrypted && ipcp.reached();
    }

    /** The value of an IPCP option in {@link #addresses}. */
    final Ipv4Address option(int type) {
        for (int at = 0; at < addresses.length; at += addresses[at + 1] & 0xff) {
            if ((addresses[at] & 0xff) == type) {
                return Ipv4Address.read(addresses, at + 2);
            }
        }
        throw unexpected("IPCP did not agree on option " + type);
    }

    final byte[] ping(Ipv4Address to, int sequence, int size) {
        byte[] request = Ping.request(option(3), to, sequence, size);
        sendIp(request);
        return request;
    }

    final boolean heardReplyTo(byte[] request) {
        return received.stream().anyMatch(packet -> Ping.isReplyTo(request, packet));
    }

    /** Hangs up as this client does. */
    abstract void hangUp();
}
