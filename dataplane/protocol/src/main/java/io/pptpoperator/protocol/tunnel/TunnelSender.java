package io.pptpoperator.protocol.tunnel;

import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;

/**
 * The way into tunnels, into all those of one thread: frames, encrypts and numbers what goes to the peer, in the buffer
 * that it leaves from. Packets are encrypted together, faster than one after the other: none must leave before {@link
 * #finish}.
 */
public final class TunnelSender {
    /** The most bytes before an IP packet: GRE with an acknowledgment, PPP, MPPE and the protocol inside. */
    public static final int MOST_HEADERS = GreHeader.DATA_WITH_ACK_LENGTH + 4 + MppeHeader.OVERHEAD;

    private final int capacity;
    private final MppeBatch encryption;
    private ByteBuffer buffer;
    /** Where the packet begun last has its GRE header, its PPP frame, its MPPE header if any, and its IP header. */
    private int start;
    private int ppp;
    private int mppe;
    private int ip;

    /** Encrypts at most so many packets together. */
    public TunnelSender(int capacity) {
        this.capacity = capacity;
        encryption = new MppeBatch(capacity);
    }

    /**
     * Begins a packet with IP.
     *
     * @param target a direct buffer in network order
     * @param at where the packet starts in it
     * @return where to write the IP packet, at most {@link #MOST_HEADERS} behind {@code at}
     * @throws IllegalStateException when no IP may pass: {@link TunnelState#sendsIp} is to be asked before
     */
    public int beginIp(TunnelState tunnel, ByteBuffer target, int at) {
        begin(tunnel, target, at);
        if (tunnel.encryptor == null) {
            if (!tunnel.sendsClear()) {
                throw new IllegalStateException("an IP packet would leave in clear");
            }
            ip = PppFrame.putHeader(target, ppp, PppProtocol.IPV4, tunnel.compressAddress, tunnel.compressProtocol);
        } else {
            mppe = PppFrame.putHeader(target, ppp, PppProtocol.COMPRESSED, tunnel.compressAddress,
                    tunnel.compressProtocol);
            // The protocol number inside is never shortened: every peer can read it so.
            target.putShort(mppe + MppeHeader.LENGTH, (short) PppProtocol.IPV4);
            ip = mppe + MppeHeader.OVERHEAD;
        }
        return ip;
    }

    /**
     * Completes the packet begun last, but for its encryption; returns its bytes, from its GRE header on.
     *
     * @param length bytes of the IP packet
     * @param now milliseconds
     */
    public int endIp(TunnelState tunnel, int length, long now) {
        int end = ip + length;
        if (tunnel.encryptor != null) {
            if (encryption.size() == capacity) {
                finish();
            }
            encryption.encrypt(tunnel.encryptor, buffer, mppe, end - mppe);
        }
        return number(tunnel, end - ppp, now);
    }

    /**
     * Writes a packet with a PPP frame as it is; returns its bytes.
     *
     * @param at where the packet starts in {@code target}
     * @param now milliseconds
     */
    public int frame(TunnelState tunnel, ByteBuffer target, int at, byte[] frame, long now) {
        begin(tunnel, target, at);
        target.put(ppp, frame);
        return number(tunnel, frame.length, now);
    }

    /** Writes a packet that only acknowledges; returns its bytes. */
    public int acknowledgment(TunnelState tunnel, ByteBuffer target, int at) {
        return GreHeader.writeAck(target, at, tunnel.peerCallId, tunnel.gre.takeAck());
    }

    private void begin(TunnelState tunnel, ByteBuffer target, int at) {
        buffer = target;
        start = at;
        ppp = at + (tunnel.gre.owesAck() ? GreHeader.DATA_WITH_ACK_LENGTH : GreHeader.DATA_LENGTH);
    }

    private int number(TunnelState tunnel, int payload, long now) {
        int sequence = tunnel.gre.takeSequence(now);
        if (tunnel.gre.owesAck()) {
            GreHeader.writeDataWithAck(buffer, start, tunnel.peerCallId, payload, sequence, tunnel.gre.takeAck());
        } else {
            GreHeader.writeData(buffer, start, tunnel.peerCallId, payload, sequence);
        }
        return ppp - start + payload;
    }

    /** Encrypts what waits for company: all packets are complete now. */
    public void finish() {
        if (encryption.size() > 0) {
            encryption.finish();
            encryption.clear();
        }
    }
}
