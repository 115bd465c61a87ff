package io.pptpoperator.dataplane.client.gre;

import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.tunnel.TunnelDrop;
import io.pptpoperator.protocol.tunnel.TunnelSink;
import java.nio.ByteBuffer;

/** Hands what comes out of a call to whoever placed it. */
final class FromServer implements TunnelSink<CallState> {

    @Override
    public void ip(CallState call, ByteBuffer packet, int offset, int length, boolean encrypted, long now) {
        if (encrypted) {
            call.traffic.decrypted(now);
        }
        if (call.networkOpen && Ipv4Header.validate(packet, offset, length) > 0) {
            int total = Ipv4Header.totalLength(packet, offset);
            call.traffic.countIn(total, now);
            call.receiver.received(packet, offset, total);
        }
    }

    @Override
    public void controlFrame(CallState call, ByteBuffer packet, int offset, int length, boolean inOrder, long now) {
        byte[] frame = new byte[length];
        packet.get(offset, frame);
        if (inOrder) {
            call.listener.onControlFrame(frame);
        } else {
            call.listener.onFrameOutOfOrder(frame);
        }
    }

    @Override
    public void resetNeeded(CallState call) {
        call.listener.onMppeResetNeeded();
    }

    @Override
    public void hopeless(CallState call) {
        call.listener.onMppeHopeless();
    }

    /** Nobody asks how many. */
    @Override
    public void dropped(CallState call, TunnelDrop cause) {}
}
