package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.dataplane.gre.GreHeader;
import io.pptpoperator.dataplane.gre.ReceiveWindow;
import io.pptpoperator.dataplane.linux.NativeBuffer;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.ReceiveBatch;
import io.pptpoperator.dataplane.ppp.PppFrame;
import io.pptpoperator.dataplane.ppp.PppProtocol;
import java.nio.ByteBuffer;

/**
 * The way from the clients: GRE to TUN, and control frames to the control loop. Everything here runs on the worker's
 * thread and allocates nothing per packet, but for control frames.
 */
final class Inbound {
    private static final int BATCH = 64;
    private static final int SLOT_SIZE = 2048;
    private static final int OUTER_SOURCE = 12;
    private static final int MINIMUM_OUTER_HEADER = 20;
    /** LCP Echo-Request and Echo-Reply, RFC 1661 section 5.8. */
    private static final int ECHO_REQUEST = 9;
    private static final int ECHO_REPLY = 10;

    private final Worker worker;
    private final Datapath datapath;
    private final ReceiveBatch batch;
    /** Where a packet that was held goes before it is decrypted: TUN needs its address. */
    private final NativeBuffer released = NativeBuffer.ofPackets(SLOT_SIZE);
    private final IpFromClient ip;

    Inbound(Worker worker, Datapath datapath, RawGreSocket socket, IpFromClient ip) {
        this.worker = worker;
        this.datapath = datapath;
        this.batch = new ReceiveBatch(socket, BATCH, SLOT_SIZE);
        this.ip = ip;
    }

    /** Takes one batch of packets; returns how many there were. */
    int receive(long now) {
        int count = batch.receive();
        for (int slot = 0; slot < count; slot++) {
            int length = batch.length(slot);
            if (length < MINIMUM_OUTER_HEADER) {
                drop(DropCause.MALFORMED_GRE);
            } else {
                receive(batch.offset(slot), length, now);
            }
        }
        return Math.max(0, count);
    }

    private void receive(int offset, int length, long now) {
        ByteBuffer packet = batch.buffer();
        int outerHeader = (packet.get(offset) & 0x0F) * 4;
        int gre = offset + outerHeader;
        int greLength = length - outerHeader;
        int headerLength = GreHeader.validate(packet, gre, greLength);
        if (headerLength < 0) {
            drop(DropCause.MALFORMED_GRE);
            return;
        }
        Tunnel tunnel = datapath.calls().get(GreHeader.callId(packet, gre));
        if (tunnel == null || tunnel.worker() != worker || tunnel.closed) {
            drop(DropCause.UNKNOWN_CALL);
            return;
        }
        if (tunnel.peerBits() != packet.getInt(offset + OUTER_SOURCE)) {
            drop(DropCause.WRONG_PEER);
            return;
        }
        tunnel.traffic().heard(now);
        if (GreHeader.hasAck(packet, gre)) {
            tunnel.gre.onAck(GreHeader.ack(packet, gre), now);
        }
        if (GreHeader.hasSequence(packet, gre)) {
            order(tunnel, packet, gre + headerLength, GreHeader.payloadLength(packet, gre),
                    GreHeader.sequence(packet, gre), now);
        }
    }

    /** RFC 2637 section 4.3: in order, each once; but order means nothing to an LCP echo. */
    private void order(Tunnel tunnel, ByteBuffer packet, int offset, int length, int sequence, long now) {
        ReceiveWindow window = tunnel.window;
        switch (window.offer(sequence, packet, offset, length, now)) {
            case DELIVER -> deliver(tunnel, packet, batch.address(), offset, length, sequence, now);
            case HELD -> {
                tunnel.traffic().countReordered();
                worker.traffic().countReordered();
                worker.packetsHeld(tunnel);
            }
            case DUPLICATE -> drop(DropCause.DUPLICATE);
            case OVERSIZE -> drop(DropCause.LATE);
            case LATE -> {
                if (isLcpEcho(packet, offset, length)) {
                    toControlLoop(tunnel, packet, offset, length);
                } else {
                    drop(DropCause.LATE);
                }
            }
        }
        deliverHeld(tunnel, now);
        tunnel.gre.oweAck(window.highest(), now);
        worker.ackOwed(tunnel);
    }

    /** Delivers what was held and has become deliverable. */
    void deliverHeld(Tunnel tunnel, long now) {
        ReceiveWindow window = tunnel.window;
        while (window.nextHeld()) {
            int length = window.heldLength();
            released.buffer().put(0, window.heldBuffer(), window.heldOffset(), length);
            deliver(tunnel, released.buffer(), released.address(), 0, length, window.heldSequence(), now);
        }
    }

    private void deliver(Tunnel tunnel, ByteBuffer packet, long address, int offset, int length, int sequence,
            long now) {
        int protocol = PppFrame.protocolAt(packet, offset, offset + length);
        if (protocol < 0) {
            drop(DropCause.MALFORMED_PPP);
            return;
        }
        int information = PppFrame.informationOffset(packet, offset, offset + length);
        int informationLength = offset + length - information;
        switch (protocol) {
            case PppProtocol.COMPRESSED ->
                decrypt(tunnel, packet, address, information, informationLength, sequence, now);
            case PppProtocol.IPV4 -> {
                if (tunnel.mayPassInClear()) {
                    ip.take(tunnel, packet, address, information, informationLength, now);
                } else {
                    drop(DropCause.NOT_ENCRYPTED);
                }
            }
            default -> toControlLoop(tunnel, packet, offset, length);
        }
    }

    private void decrypt(Tunnel tunnel, ByteBuffer packet, long address, int offset, int length, int sequence,
            long now) {
        if (tunnel.decryptor == null) {
            drop(DropCause.NO_KEYS);
            return;
        }
        switch (tunnel.decryptor.decrypt(packet, offset, length, sequence, worker.mppe())) {
            case OK -> {
                int information = PppFrame.informationOffset(packet, offset + 2, offset + length);
                ip.take(tunnel, packet, address, information, offset + length - information, now);
            }
            case LATE -> drop(DropCause.MPPE_LATE);
            case NEEDS_RESET -> {
                drop(DropCause.MPPE_AWAITING_RESET);
                datapath.onControlLoop(tunnel, TunnelListener::onMppeResetNeeded);
            }
            case DISCARDED -> drop(DropCause.MPPE_AWAITING_RESET);
            case NOT_ENCRYPTED, BOGUS -> {
                drop(DropCause.MPPE_MALFORMED);
                if (tunnel.decryptor.isHopeless()) {
                    datapath.onControlLoop(tunnel, TunnelListener::onMppeHopeless);
                }
            }
        }
    }

    private void toControlLoop(Tunnel tunnel, ByteBuffer packet, int offset, int length) {
        byte[] frame = new byte[length];
        packet.get(offset, frame);
        if (!datapath.onControlLoop(tunnel, listener -> listener.onControlFrame(frame))) {
            drop(DropCause.CONTROL_QUEUE_FULL);
        }
    }

    private static boolean isLcpEcho(ByteBuffer packet, int offset, int length) {
        if (PppFrame.protocolAt(packet, offset, offset + length) != PppProtocol.LCP) {
            return false;
        }
        int information = PppFrame.informationOffset(packet, offset, offset + length);
        int code = information < offset + length ? packet.get(information) : 0;
        return code == ECHO_REQUEST || code == ECHO_REPLY;
    }

    private void drop(DropCause cause) {
        worker.drops().count(cause);
    }
}
