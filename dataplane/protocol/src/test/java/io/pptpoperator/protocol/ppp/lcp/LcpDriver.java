package io.pptpoperator.protocol.ppp.lcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.LayerAction;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Plays the peer of an LCP under test, and the clock. */
final class LcpDriver {
    static final EchoSettings ECHO = new EchoSettings(1_000, 3);

    /** What the last call led to. */
    final List<LcpAction> out = new ArrayList<>();
    long now = 50_000;

    static Lcp server(int mru, AuthMethod... methods) {
        return new Lcp(new LcpSettings(mru, List.of(methods), List.of()), RestartPolicy.STANDARD, ECHO, new Random(1));
    }

    static Lcp client(AuthMethod... methods) {
        return new Lcp(new LcpSettings(1400, List.of(), List.of(methods)), RestartPolicy.STANDARD, ECHO, new Random(2));
    }

    ControlPacket start(Lcp lcp) {
        lcp.start(now, out);
        return sent().getFirst();
    }

    ControlPacket open(Lcp lcp, String peerOptions) {
        out.clear();
        ControlPacket request = start(lcp);
        receive(lcp, request(1, peerOptions));
        receive(lcp, new ControlPacket(ControlCode.CONFIGURE_ACK, request.id(), request.data()));
        assertThat(lcp.state()).isEqualTo(Automaton.State.OPENED);
        return request;
    }

    void tick(Lcp lcp) {
        out.clear();
        lcp.tick(now, out);
    }

    void receive(Lcp lcp, ControlPacket packet) {
        out.clear();
        lcp.receive(packet, now, out);
    }

    List<ControlPacket> sent() {
        List<ControlPacket> packets = new ArrayList<>();
        for (LcpAction action : out) {
            if (action instanceof LcpAction.Layer(LayerAction.Send(ControlPacket packet))) {
                packets.add(packet);
            }
        }
        return packets;
    }

    static ControlPacket request(int id, String options) {
        return new ControlPacket(ControlCode.CONFIGURE_REQUEST, id, hex(options));
    }

    static ControlPacket identification(byte[] text) {
        byte[] data = new byte[4 + text.length];
        System.arraycopy(text, 0, data, 4, text.length);
        return new ControlPacket(ControlCode.IDENTIFICATION, 1, data);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
