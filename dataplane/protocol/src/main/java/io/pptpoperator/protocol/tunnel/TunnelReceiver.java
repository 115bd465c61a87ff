package io.pptpoperator.protocol.tunnel;

import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The way out of tunnels, of all those of one thread: puts GRE packets in order, tells control frames from data, decrypts,
 * and lets nothing through in clear that must not. Packets that come together are decrypted together, faster than one
 * after the other; {@link #finish} passes on what still waits for that.
 *
 * @param <T> what is kept of a tunnel
 */
public final class TunnelReceiver<T extends TunnelState> {

    /** A packet that waits to be decrypted. */
    private static final class Sealed<T> {
        T tunnel;
        ByteBuffer packet;
        /** Where its MPPE header is. */
        int offset;
        int end;
    }

    private final TunnelSink<T> sink;
    private final int capacity;
    private final MppeBatch decryption;
    /** The packets of {@link #decryption}, in the same order. */
    private final List<Sealed<T>> sealed = new ArrayList<>();
    /** Where a packet that was held goes before it is passed on, and where in it. */
    private final ByteBuffer released;
    private final int releasedAt;

    /**
     * Receives nothing yet.
     *
     * @param capacity how many packets are decrypted together at most
     * @param released memory for one packet that was held: a direct buffer in network order
     * @param releasedAt where in it such a packet is to start
     */
    public TunnelReceiver(TunnelSink<T> sink, int capacity, ByteBuffer released, int releasedAt) {
        this.sink = sink;
        this.capacity = capacity;
        this.decryption = new MppeBatch(capacity);
        for (int i = 0; i < capacity; i++) {
            sealed.add(new Sealed<>());
        }
        this.released = released;
        this.releasedAt = releasedAt;
    }

    /**
     * Takes a GRE packet that {@link GreHeader#validate} accepted. It must stay where it is until {@link #finish}.
     *
     * @param packet a direct buffer in network order, in which it is decrypted
     * @param gre where its GRE header is
     * @param headerLength what {@link GreHeader#validate} returned
     * @param now milliseconds
     */
    public void receive(T tunnel, ByteBuffer packet, int gre, int headerLength, long now) {
        if (GreHeader.hasAck(packet, gre)) {
            tunnel.gre.onAck(GreHeader.ack(packet, gre), now);
        }
        if (GreHeader.hasSequence(packet, gre)) {
            order(tunnel, packet, gre + headerLength, GreHeader.payloadLength(packet, gre),
                    GreHeader.sequence(packet, gre), now);
        }
    }

    /** RFC 2637 section 4.3: in order, each once; but a peer that has begun anew must be heard all the same. */
    private void order(T tunnel, ByteBuffer packet, int offset, int length, int sequence, long now) {
        ReceiveWindow window = tunnel.window;
        switch (window.offer(sequence, packet, offset, length, now)) {
            case DELIVER -> deliver(tunnel, packet, offset, length, sequence, now);
            case HELD -> sink.held(tunnel);
            case DUPLICATE -> outOfOrder(tunnel, packet, offset, length, TunnelDrop.DUPLICATE, now);
            case OVERSIZE -> sink.dropped(tunnel, TunnelDrop.LATE);
            case LATE -> outOfOrder(tunnel, packet, offset, length, TunnelDrop.LATE, now);
            case FAR_AHEAD -> outOfOrder(tunnel, packet, offset, length, TunnelDrop.FAR_AHEAD, now);
        }
        deliverHeld(tunnel, now);
        tunnel.gre.oweAck(window.highest(), now);
    }

    /** LCP may tell of a peer that has begun anew; nothing else of the past, or of the far future, means anything. */
    private void outOfOrder(T tunnel, ByteBuffer packet, int offset, int length, TunnelDrop cause, long now) {
        if (PppFrame.protocolAt(packet, offset, offset + length) == PppProtocol.LCP) {
            sink.controlFrame(tunnel, packet, offset, length, false, now);
        } else {
            sink.dropped(tunnel, cause);
        }
    }

    /** Passes on packets that have been held long enough. */
    public void expire(T tunnel, long now) {
        tunnel.window.expire(now);
        deliverHeld(tunnel, now);
    }

    private void deliverHeld(T tunnel, long now) {
        ReceiveWindow window = tunnel.window;
        while (window.nextHeld()) {
            finish(now);
            int length = window.heldLength();
            released.put(releasedAt, window.heldBuffer(), window.heldOffset(), length);
            deliver(tunnel, released, releasedAt, length, window.heldSequence(), now);
            finish(now);
        }
    }

    private void deliver(T tunnel, ByteBuffer packet, int offset, int length, int sequence, long now) {
        int end = offset + length;
        int information = PppFrame.informationOffset(packet, offset, end);
        switch (PppFrame.protocolAt(packet, offset, end)) {
            case PppProtocol.COMPRESSED -> open(tunnel, packet, offset, information, end, sequence, now);
            case PppProtocol.IPV4 -> {
                if (tunnel.acceptsClear()) {
                    sink.ip(tunnel, packet, information, end - information, false, now);
                } else {
                    sink.dropped(tunnel, TunnelDrop.NOT_ENCRYPTED);
                }
            }
            case -1 -> sink.dropped(tunnel, TunnelDrop.MALFORMED_PPP);
            default -> sink.controlFrame(tunnel, packet, offset, length, true, now);
        }
    }

    private void open(T tunnel, ByteBuffer packet, int frame, int offset, int end, int sequence, long now) {
        if (tunnel.decryptor == null) {
            sink.dropped(tunnel, TunnelDrop.NO_KEYS);
            if (tunnel.mayCallForHelp(now)) {
                sink.controlFrame(tunnel, packet, frame, end - frame, true, now);
            }
            return;
        }
        if (decryption.size() == capacity) {
            finish(now);
        }
        Sealed<T> next = sealed.get(decryption.size());
        next.tunnel = tunnel;
        next.packet = packet;
        next.offset = offset;
        next.end = end;
        decryption.decrypt(tunnel.decryptor, packet, offset, end - offset, sequence);
    }

    /** Decrypts what waits for company, and passes it on. */
    public void finish(long now) {
        int count = decryption.size();
        if (count == 0) {
            return;
        }
        decryption.finish();
        for (int i = 0; i < count; i++) {
            Sealed<T> opened = sealed.get(i);
            opened(opened.tunnel, decryption.verdict(i), opened.packet, opened.offset, opened.end, now);
            opened.tunnel = null;
        }
        decryption.clear();
    }

    private void opened(T tunnel, MppeVerdict verdict, ByteBuffer packet, int offset, int end, long now) {
        switch (verdict) {
            case OK -> {
                int information = PppFrame.informationOffset(packet, offset + MppeHeader.LENGTH, end);
                sink.ip(tunnel, packet, information, end - information, true, now);
            }
            case LATE -> sink.dropped(tunnel, TunnelDrop.MPPE_LATE);
            case NEEDS_RESET, DISCARDED -> {
                sink.dropped(tunnel, TunnelDrop.MPPE_AWAITING_RESET);
                // The request, or its effect, may get lost: it is repeated as long as it is needed.
                if (tunnel.mayCallForHelp(now)) {
                    sink.resetNeeded(tunnel);
                }
            }
            case NOT_ENCRYPTED, BOGUS -> {
                sink.dropped(tunnel, TunnelDrop.MPPE_MALFORMED);
                if (tunnel.decryptor != null && tunnel.decryptor.isHopeless()) {
                    sink.hopeless(tunnel);
                }
            }
        }
    }
}
