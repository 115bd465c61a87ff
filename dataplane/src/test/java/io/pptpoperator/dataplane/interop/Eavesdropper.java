package io.pptpoperator.dataplane.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.mppe.StartKeyDerivation;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.auth.mschap.MsChap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody on the way who knows all passwords: follows each call from its Outgoing-Call-Reply on, derives its keys from
 * the MS-CHAPv2 response as the client does, and decrypts all that passes, both ways. In stateless MPPE a packet's key
 * follows from how many packets went before it, so whoever decrypts one to an IP packet whose checksum is right has
 * proved which number it was encrypted with. No number may come again, nor one of GRE's.
 */
final class Eavesdropper {
    private static final int TCP = 6;
    private static final int GRE = 47;
    private static final int PORT = 1723;
    private static final int MAGIC_COOKIE = 0x1A2B3C4D;
    private static final int OUTGOING_CALL_REPLY = 8;
    private static final int OUTGOING_CALL_REPLY_LENGTH = 32;
    private static final int CHAP_RESPONSE = 2;
    private static final int NT_RESPONSE = 24;
    private static final int COUNTS = 4096;
    private static final int MOST_LOST = COUNTS / 2;
    private static final MppeParameters STRONG = new MppeParameters(128, true);

    /** A call as one end knows it: packets carry the Call ID that their receiver has given it. */
    private record End(Ipv4Address client, int callId) {}

    /** A call, from both ends. */
    private static final class Call {
        private final Direction fromServer = new Direction();
        private final Direction fromClient = new Direction();
        private String user = "";
    }

    /** What passes one way. */
    private static final class Direction {
        private MppeDecryptor decryptor;
        private long sequence = -1;
        private int count = -1;
        private long number = -1;
        private int packets;
    }

    private final Ipv4Address server;
    private final Map<String, String> passwords;
    private final Map<End, Call> byServersId = new HashMap<>();
    private final Map<End, Call> byClientsId = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final MppeWorkspace workspace = new MppeWorkspace();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(1 << 16);

    private Eavesdropper(Ipv4Address server, Map<String, String> passwords) {
        this.server = server;
        this.passwords = passwords;
    }

    /**
     * Listens to a whole capture, and asserts that all of it decrypts, with each number used once.
     *
     * @param passwords of all users
     */
    static Eavesdropper on(Path capture, String server, Map<String, String> passwords) {
        Eavesdropper ear = new Eavesdropper(Ipv4Address.parse(server), passwords);
        CapturedPackets.each(capture, ear::hear);
        return ear;
    }

    /** How many calls with encrypted packets both ways there were. */
    int calls() {
        return (int) calls.stream().filter(it -> it.fromServer.packets > 0 && it.fromClient.packets > 0).count();
    }

    /** How many packets to this user's clients were decrypted. */
    int packetsTo(String user) {
        return calls.stream().filter(it -> it.user.equals(user)).mapToInt(it -> it.fromServer.packets).sum();
    }

    private void hear(ByteBuffer ip) {
        packet.clear().put(ip.duplicate()).flip();
        int header = (packet.get(0) & 15) * 4;
        boolean fromServer = new Ipv4Address(packet.getInt(12)).equals(server);
        Ipv4Address client = new Ipv4Address(packet.getInt(fromServer ? 16 : 12));
        switch (packet.get(9)) {
            case TCP -> control(client, fromServer, header);
            case GRE -> tunnelled(client, fromServer, header);
            default -> {
                // nothing of PPTP's
            }
        }
    }

    private void control(Ipv4Address client, boolean fromServer, int tcp) {
        int message = tcp + (packet.get(tcp + 12) >> 4 & 15) * 4;
        while (fromServer && Short.toUnsignedInt(packet.getShort(tcp)) == PORT && message + 12 <= packet.limit()
                && packet.getInt(message + 4) == MAGIC_COOKIE) {
            int length = Short.toUnsignedInt(packet.getShort(message));
            if (packet.getShort(message + 8) == OUTGOING_CALL_REPLY && length == OUTGOING_CALL_REPLY_LENGTH) {
                Call call = new Call();
                byServersId.put(new End(client, Short.toUnsignedInt(packet.getShort(message + 12))), call);
                byClientsId.put(new End(client, Short.toUnsignedInt(packet.getShort(message + 14))), call);
                calls.add(call);
            }
            message += Math.max(length, 1);
        }
    }

    private void tunnelled(Ipv4Address client, boolean fromServer, int gre) {
        int payload = GreHeader.validate(packet, gre, packet.limit() - gre);
        if (payload < 0 || !GreHeader.hasSequence(packet, gre)) {
            return;
        }
        End end = new End(client, GreHeader.callId(packet, gre));
        Call call = (fromServer ? byClientsId : byServersId).get(end);
        assertThat(call).as("the call of %s", end).isNotNull();
        Direction direction = fromServer ? call.fromServer : call.fromClient;
        long sequence = GreHeader.sequence(packet, gre) & 0xffffffffL;
        assertThat(sequence).as("GRE number of %s, %s server", call.user, fromServer ? "from" : "to")
                .isGreaterThan(direction.sequence);
        direction.sequence = sequence;
        int ppp = gre + payload;
        int protocol = PppFrame.protocolAt(packet, ppp, packet.limit());
        int information = PppFrame.informationOffset(packet, ppp, packet.limit());
        if (protocol == PppProtocol.CHAP && !fromServer && packet.get(information) == CHAP_RESPONSE) {
            login(call, information);
        } else if (protocol == PppProtocol.COMPRESSED) {
            decrypt(call, direction, information, (int) sequence);
        }
    }

    /** A response that is sent again is the same; another one, to a later challenge, moves no key. */
    private void login(Call call, int chap) {
        int value = chap + 5;
        int name = value + packet.get(chap + 4);
        int end = chap + Short.toUnsignedInt(packet.getShort(chap + 2));
        if (call.fromServer.decryptor != null) {
            return;
        }
        byte[] user = new byte[end - name];
        byte[] response = new byte[NT_RESPONSE];
        packet.get(name, user).get(value + 24, response);
        call.user = new String(user, StandardCharsets.UTF_8);
        assertThat(passwords).containsKey(call.user);
        byte[] hashHash = MsChap.passwordHashHash(MsChap.ntPasswordHash(passwords.get(call.user)));
        MppeStartKeys keys = StartKeyDerivation.msChapV2(hashHash, response, false);
        call.fromServer.decryptor = keys.decryptor(STRONG);
        call.fromClient.decryptor = StartKeyDerivation.msChapV2(hashHash, response, true).decryptor(STRONG);
    }

    private void decrypt(Call call, Direction direction, int mppe, int sequence) {
        int count = packet.getShort(mppe) & COUNTS - 1;
        long ahead = direction.count < 0 ? count + 1 : Math.floorMod(count - direction.count, COUNTS);
        assertThat(ahead)
                .as("MPPE count %s after %s, number %s, of %s", count, direction.count, direction.number, call.user)
                .isBetween(1L, (long) MOST_LOST);
        direction.number += ahead;
        direction.count = count;
        direction.packets++;
        MppeVerdict verdict = direction.decryptor.decrypt(packet, mppe, packet.limit() - mppe, sequence, workspace);
        assertThat(verdict).as("packet %s of %s", direction.number, call.user).isEqualTo(MppeVerdict.OK);
        int ip = PppFrame.informationOffset(packet, mppe + 2, packet.limit());
        assertThat(isIntact(ip)).as("IP header in packet %s of %s", direction.number, call.user).isTrue();
    }

    /** RFC 1071: the sum over a header with its checksum is all ones. */
    private boolean isIntact(int ip) {
        int sum = 0;
        for (int at = ip; at < ip + (packet.get(ip) & 15) * 4; at += 2) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        return ((sum & 0xffff) + (sum >>> 16)) == 0xffff;
    }
}
