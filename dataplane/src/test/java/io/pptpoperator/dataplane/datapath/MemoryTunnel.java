package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeHeader;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One tunnel of a {@link MemoryDatapath}, with the same numbers, order and keys as a real one. */
public final class MemoryTunnel implements Tunnel {
    private static final int ROOM = 2048;

    private final MemoryDatapath datapath;
    private final int callId;
    private final TunnelSpec spec;
    private final TunnelListener listener;
    private final TrafficCounters traffic = new TrafficCounters();
    private final GreState gre = new GreState();
    private final ReceiveWindow window;
    private final MppeWorkspace workspace = new MppeWorkspace();
    private boolean acfc;
    private boolean pfc;
    private MppeEncryptor encryptor;
    private MppeDecryptor decryptor;
    private boolean encryptionBegun;
    private TunnelNetwork network;
    private boolean closed;

    MemoryTunnel(MemoryDatapath datapath, int callId, TunnelSpec spec, TunnelListener listener) {
        this.datapath = datapath;
        this.callId = callId;
        this.spec = spec;
        this.listener = listener;
        window = new ReceiveWindow(new ReorderSlab(256, ROOM), spec.reorderPackets(), spec.reorderDelay());
    }

    TunnelSpec spec() {
        return spec;
    }

    /** What IP may pass with; empty while none may. */
    public Optional<TunnelNetwork> network() {
        return Optional.ofNullable(network);
    }

    /** Whether it has keys. */
    public boolean isEncrypted() {
        return encryptor != null && decryptor != null;
    }

    // From the client.

    void receive(byte[] packet, long now) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
        int header = GreHeader.validate(buffer, 0, packet.length);
        if (header < 0 || closed) {
            datapath.drop(DropCause.MALFORMED_GRE);
            return;
        }
        traffic.heard(now);
        if (!GreHeader.hasSequence(buffer, 0)) {
            return;
        }
        int length = GreHeader.payloadLength(buffer, 0);
        int sequence = GreHeader.sequence(buffer, 0);
        switch (window.offer(sequence, buffer, header, length, now)) {
            case DELIVER -> deliver(buffer, header, length, sequence, now);
            case HELD -> {
                traffic.countReordered();
                datapath.after(spec.reorderDelay(), this::expire);
            }
            case DUPLICATE -> outOfOrder(buffer, header, length, DropCause.DUPLICATE);
            case LATE -> outOfOrder(buffer, header, length, DropCause.LATE);
            case FAR_AHEAD -> outOfOrder(buffer, header, length, DropCause.FAR_AHEAD);
            case OVERSIZE -> datapath.drop(DropCause.LATE);
        }
        deliverHeld(now);
        gre.oweAck(window.highest(), now);
    }

    private void outOfOrder(ByteBuffer packet, int offset, int length, DropCause cause) {
        if (PppFrame.protocolAt(packet, offset, offset + length) == PppProtocol.LCP) {
            byte[] frame = bytes(packet, offset, offset + length);
            datapath.onControlLoop(() -> listener.onFrameOutOfOrder(frame));
        } else {
            datapath.drop(cause);
        }
    }

    private void expire() {
        window.expire(datapath.now());
        deliverHeld(datapath.now());
    }

    private void deliverHeld(long now) {
        while (!closed && window.nextHeld()) {
            ByteBuffer held = ByteBuffer.allocateDirect(window.heldLength())
                    .put(0, window.heldBuffer(), window.heldOffset(), window.heldLength());
            deliver(held, 0, window.heldLength(), window.heldSequence(), now);
        }
    }

    private void deliver(ByteBuffer packet, int offset, int length, int sequence, long now) {
        int end = offset + length;
        int information = PppFrame.informationOffset(packet, offset, end);
        switch (PppFrame.protocolAt(packet, offset, end)) {
            case PppProtocol.COMPRESSED -> {
                if (decryptor == null) {
                    datapath.drop(DropCause.NO_KEYS);
                    toControlLoop(packet, offset, end);
                } else {
                    decrypt(packet, information, end - information, sequence, now);
                }
            }
            case PppProtocol.IPV4 -> {
                if (!mayPassInClear()) {
                    datapath.drop(DropCause.NOT_ENCRYPTED);
                } else {
                    fromClient(bytes(packet, information, end), now);
                }
            }
            default -> toControlLoop(packet, offset, end);
        }
    }

    private void toControlLoop(ByteBuffer packet, int offset, int end) {
        byte[] frame = bytes(packet, offset, end);
        datapath.onControlLoop(() -> listener.onControlFrame(frame));
    }

    private void decrypt(ByteBuffer packet, int offset, int length, int sequence, long now) {
        switch (decryptor.decrypt(packet, offset, length, sequence, workspace)) {
            case OK -> {
                traffic.decrypted(now);
                int end = offset + length;
                fromClient(bytes(packet, PppFrame.informationOffset(packet, offset + MppeHeader.LENGTH, end), end),
                        now);
            }
            case LATE -> datapath.drop(DropCause.MPPE_LATE);
            case NEEDS_RESET, DISCARDED -> {
                datapath.drop(DropCause.MPPE_AWAITING_RESET);
                datapath.onControlLoop(listener::onMppeResetNeeded);
            }
            case NOT_ENCRYPTED, BOGUS -> {
                datapath.drop(DropCause.MPPE_MALFORMED);
                if (decryptor.isHopeless()) {
                    datapath.onControlLoop(listener::onMppeHopeless);
                }
            }
        }
    }

    private void fromClient(byte[] packet, long now) {
        if (network == null) {
            datapath.drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        traffic.countIn(packet.length, now);
        datapath.arrive(packet);
    }

    private static byte[] bytes(ByteBuffer packet, int from, int to) {
        byte[] bytes = new byte[to - from];
        packet.get(from, bytes);
        return bytes;
    }

    // To the client.

    void sendIp(byte[] packet, long now) {
        if (network == null || encryptor == null && !mayPassInClear()) {
            datapath.drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        traffic.countOut(packet.length, now);
        ByteBuffer frame = ByteBuffer.allocateDirect(ROOM);
        int protocol = encryptor == null ? PppProtocol.IPV4 : PppProtocol.COMPRESSED;
        int information = PppFrame.putHeader(frame, 0, protocol, acfc, pfc);
        if (encryptor == null) {
            frame.put(information, packet);
            transmit(bytes(frame, 0, information + packet.length), now);
        } else {
            int inner = information + MppeHeader.LENGTH;
            frame.putShort(inner, (short) PppProtocol.IPV4).put(inner + 2, packet);
            encryptor.encrypt(frame, information, MppeHeader.LENGTH + 2 + packet.length, workspace);
            transmit(bytes(frame, 0, inner + 2 + packet.length), now);
        }
    }

    @Override
    public void send(byte[] pppFrame) {
        transmit(pppFrame, datapath.now());
    }

    private void transmit(byte[] frame, long now) {
        if (closed) {
            throw new IllegalStateException("a frame is sent through a tunnel that is closed");
        }
        ByteBuffer packet = ByteBuffer.allocate(GreHeader.DATA_WITH_ACK_LENGTH + frame.length);
        int sequence = gre.takeSequence(now);
        int header = gre.owesAck()
                ? GreHeader.writeDataWithAck(packet, 0, spec.peerCallId(), frame.length, sequence, gre.takeAck())
                : GreHeader.writeData(packet, 0, spec.peerCallId(), frame.length, sequence);
        packet.put(header, frame);
        datapath.toClient(spec.peer(), bytes(packet, 0, header + frame.length));
    }

    // What the session wants.

    @Override
    public int callId() {
        return callId;
    }

    @Override
    public TrafficCounters traffic() {
        return traffic;
    }

    @Override
    public void compressHeaders(boolean addressAndControl, boolean protocol) {
        acfc = addressAndControl;
        pfc = protocol;
    }

    @Override
    public void decrypt(MppeDecryptor fresh) {
        decryptor = fresh;
    }

    @Override
    public void encrypt(MppeEncryptor fresh) {
        encryptor = fresh;
        encryptionBegun = true;
    }

    @Override
    public void stopEncryption() {
        encryptor = null;
        decryptor = null;
    }

    @Override
    public void restartReceiving() {
        window.restart();
    }

    private boolean mayPassInClear() {
        return !spec.encryptionRequired() && !encryptionBegun && decryptor == null;
    }

    @Override
    public void resetEncryption() {
        if (encryptor != null) {
            encryptor.reset();
        }
    }

    @Override
    public void openNetwork(TunnelNetwork opened) {
        Optional<MemoryTunnel> other = datapath.tunnelOf(opened.clientAddress());
        if (other.isPresent() && other.get() != this) {
            throw new IllegalStateException(opened.clientAddress() + " leads to another tunnel already");
        }
        closeNetwork();
        network = opened;
        datapath.routes().put(new Ipv4Prefix(opened.clientAddress(), 32), this);
        reclaimRoutes();
    }

    @Override
    public void reclaimRoutes() {
        if (network != null) {
            network.routes().forEach(route -> datapath.routes().put(route, this));
        }
    }

    @Override
    public void closeNetwork() {
        if (network != null) {
            datapath.routes().remove(new Ipv4Prefix(network.clientAddress(), 32), this);
            network.routes().forEach(route -> datapath.routes().remove(route, this));
            network = null;
        }
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("a tunnel is closed twice");
        }
        closed = true;
        closeNetwork();
        window.close();
        datapath.closed(this);
    }
}
