package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** The other end of one link, played by a test: what the link sends is taken out frame by frame. */
final class ScriptedPeer {
    /** LCP options of a Linux client: ACCM, magic, PFC, ACFC. */
    static final String LINUX_LCP = "020600000000050669db23e407020802";
    static final String MPPE_128 = "120601000040";
    static final String OUR_ADDRESS = "0306c0a80a01";
    static final String PEER_ADDRESS = "0306c0a80a64";

    final PppLink link;
    final LinkWitness witness;
    final Deque<byte[]> frames = new ArrayDeque<>();
    long now = 1_000_000;

    ScriptedPeer(LinkConfig config) {
        link = new PppLink(config, new Random(7));
        witness = new LinkWitness(config.encryption().policy() == EncryptionPolicy.REQUIRED);
    }

    /** The client of a server with the standard configuration. */
    static ScriptedPeer server(EncryptionSettings encryption) {
        return new ScriptedPeer(LinkConfigs.server(encryption));
    }

    /** The same, whose login is done. */
    static ScriptedPeer loggedIn(EncryptionSettings encryption) {
        ScriptedPeer peer = server(encryption).start();
        peer.opensLcp();
        peer.logsIn();
        return peer;
    }

    ScriptedPeer start() {
        act(link.start(now));
        return this;
    }

    void act(List<LinkAction> actions) {
        witness.see(actions);
        for (LinkAction action : actions) {
            if (action instanceof LinkAction.Send(byte[] frame)) {
                frames.add(frame);
            }
        }
    }

    /** Sends a whole frame, in hexadecimal. */
    void sends(String frame) {
        act(link.receive(HexFormat.of().parseHex(frame), now));
    }

    void sends(int protocol, int code, int id, String data) {
        sends(protocol, new ControlPacket(code, id, HexFormat.of().parseHex(data)));
    }

    void sends(int protocol, ControlPacket packet) {
        act(link.receive(new PppFrame(protocol, packet.encode()).encode(true, true), now));
    }

    void sendsLogin(byte[] packet) {
        act(link.receive(new PppFrame(PppProtocol.CHAP, packet).encode(true, true), now));
    }

    /** The next frame that the link sent, in hexadecimal. */
    String nextFrame() {
        assertThat(frames).as("the link should have sent something").isNotEmpty();
        return HexFormat.of().formatHex(frames.remove());
    }

    /** The next packet that the link sent, which must be of {@code protocol} and {@code code}. */
    ControlPacket next(int protocol, int code) {
        assertThat(frames).as("the link should have sent " + ControlCode.name(code)).isNotEmpty();
        PppFrame frame = PppFrame.decode(frames.remove());
        assertThat(frame.protocol()).isEqualTo(protocol);
        ControlPacket packet = ControlPacket.decode(frame.information());
        assertThat(ControlCode.name(packet.code())).isEqualTo(ControlCode.name(code));
        return packet;
    }

    byte[] nextLogin() {
        PppFrame frame = PppFrame.decode(frames.remove());
        assertThat(frame.protocol()).isEqualTo(PppProtocol.CHAP);
        return frame.information();
    }

    void isQuiet() {
        assertThat(frames).isEmpty();
    }

    void acknowledges(int protocol, ControlPacket request) {
        sends(protocol, new ControlPacket(ControlCode.CONFIGURE_ACK, request.id(), request.data()));
    }

    /** Both ways through LCP; the link's request is the next packet. */
    void opensLcp() {
        ControlPacket request = next(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST);
        sends(PppProtocol.LCP, ControlCode.CONFIGURE_REQUEST, 1, LINUX_LCP);
        next(PppProtocol.LCP, ControlCode.CONFIGURE_ACK);
        acknowledges(PppProtocol.LCP, request);
    }

    void logsIn() {
        assertThat(nextLogin()).isEqualTo(FakeExchange.CHALLENGE);
        sendsLogin(FakeExchange.response(LinkConfigs.PASSWORD));
        assertThat(nextLogin()).isEqualTo(FakeExchange.SUCCESS);
    }

    void opensCcp() {
        ControlPacket request = next(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST);
        sends(PppProtocol.CCP, ControlCode.CONFIGURE_REQUEST, 1, MPPE_128);
        next(PppProtocol.CCP, ControlCode.CONFIGURE_ACK);
        acknowledges(PppProtocol.CCP, request);
    }

    void opensIpcp() {
        ControlPacket request = next(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST);
        acknowledges(PppProtocol.IPCP, request);
        sends(PppProtocol.IPCP, ControlCode.CONFIGURE_REQUEST, 1, PEER_ADDRESS);
        next(PppProtocol.IPCP, ControlCode.CONFIGURE_ACK);
    }

    /** From the first packet to the network. */
    ScriptedPeer dialsIn() {
        start();
        opensLcp();
        logsIn();
        opensCcp();
        opensIpcp();
        assertThat(witness.isUp()).isTrue();
        isQuiet();
        return this;
    }

    /** Lets time pass, timers and all. */
    void waits(long millis) {
        long end = now + millis;
        while (link.deadline() <= end) {
            now = Math.max(now, link.deadline());
            act(link.tick(now));
        }
        now = end;
    }

    void endedWith(TerminationReason reason, String detail) {
        assertThat(witness.terminated()).isEqualTo(new LinkAction.Terminated(reason, detail));
    }

    /** Lets the time pass in which the peer, were it open, would answer what the link asks; forgets what that is. */
    void leavesProbesUnanswered() {
        waits(1_000);
        frames.removeIf(frame -> {
            PppFrame sent = PppFrame.decode(frame);
            int code = ControlPacket.decode(sent.information()).code();
            return sent.protocol() == PppProtocol.LCP && code == ControlCode.ECHO_REQUEST
                    || sent.protocol() == PppProtocol.CCP && code == ControlCode.RESET_REQUEST;
        });
    }

    /** Agrees to the Terminate-Request that the link sent last. */
    void agreesToEnd() {
        byte[] last = frames.removeLast();
        PppFrame frame = PppFrame.decode(last);
        ControlPacket packet = ControlPacket.decode(frame.information());
        assertThat(frame.protocol()).isEqualTo(PppProtocol.LCP);
        assertThat(packet.code()).isEqualTo(ControlCode.TERMINATE_REQUEST);
        frames.clear();
        sends(PppProtocol.LCP, ControlCode.TERMINATE_ACK, packet.id(), "");
    }
}
