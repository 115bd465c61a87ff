package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.dhcp.DhcpInform;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.gre.ReorderSlab;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.tunnel.TunnelDrop;
import io.pptpoperator.protocol.tunnel.TunnelReceiver;
import io.pptpoperator.protocol.tunnel.TunnelSender;
import io.pptpoperator.protocol.tunnel.TunnelSink;
import io.pptpoperator.protocol.tunnel.TunnelState;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One tunnel of a {@link MemoryDatapath}: all that is not TUN and sockets is the real one's. */
public final class MemoryTunnel implements Tunnel {
    private static final int ROOM = 2048;

    private final MemoryDatapath datapath;
    private final int callId;
    private final TunnelSpec spec;
    private final TunnelListener listener;
    private final TrafficCounters traffic = new TrafficCounters();
    private final TunnelState state;
    private final TunnelReceiver<TunnelState> receiver = new TunnelReceiver<>(new FromClient(), 1,
            ByteBuffer.allocateDirect(ROOM), 0);
    private final TunnelSender sender = new TunnelSender(1);
    private TunnelNetwork network;
    private TunnelLimits limits = TunnelLimits.NONE;
    private Optional<TunnelReach> reach = Optional.empty();
    private boolean hearsInforms;
    private boolean encrypts;
    private boolean decrypts;

    MemoryTunnel(MemoryDatapath datapath, int callId, TunnelSpec spec, TunnelListener listener) {
        this.datapath = datapath;
        this.callId = callId;
        this.spec = spec;
        this.listener = listener;
        state = new TunnelState(spec.peerCallId(), spec.encryptionRequired(),
                new ReceiveWindow(new ReorderSlab(256, ROOM), spec.reorderPackets(), spec.reorderDelay()));
    }

    /** One that goes on where another datapath's was. */
    MemoryTunnel(MemoryDatapath datapath, TunnelSnapshot before, TunnelSpec spec, TunnelListener listener) {
        this.datapath = datapath;
        this.callId = before.callId();
        this.spec = spec;
        this.listener = listener;
        traffic.goOn(before.traffic());
        state = new TunnelState(before.state(),
                new ReceiveWindow(new ReorderSlab(256, ROOM), spec.reorderPackets(), spec.reorderDelay()),
                datapath.now());
        encrypts = before.state().encryptor().isPresent();
        decrypts = before.state().decryptor().isPresent();
    }

    @Override
    public TunnelSnapshot snapshot() {
        return new TunnelSnapshot(callId, state.snapshot(), traffic.snapshot());
    }

    /** Its datapath is no more, and does not say so: another one goes on in its place. */
    void abandon() {
        state.close();
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
        return encrypts && decrypts;
    }

    // From the client.

    void receive(byte[] packet, long now) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length).put(0, packet);
        int header = GreHeader.validate(buffer, 0, packet.length);
        if (header < 0 || state.isClosed()) {
            datapath.drop(DropCause.MALFORMED_GRE);
            return;
        }
        traffic.heard(now);
        receiver.receive(state, buffer, 0, header, now);
        receiver.finish(now);
    }

    private void expire() {
        receiver.expire(state, datapath.now());
    }

    private final class FromClient implements TunnelSink<TunnelState> {
        @Override
        public void ip(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean encrypted, long now) {
            if (encrypted) {
                traffic.decrypted(now);
            }
            if (network == null) {
                datapath.drop(DropCause.NETWORK_NOT_OPEN);
                return;
            }
            if (hearsInforms && DhcpInform.isIn(packet, offset)) {
                byte[] inform = bytes(packet, offset, offset + length);
                datapath.onControlLoop(() -> listener.onInform(inform));
                return;
            }
            traffic.countIn(length, now);
            datapath.arrive(bytes(packet, offset, offset + length));
        }

        @Override
        public void controlFrame(TunnelState tunnel, ByteBuffer packet, int offset, int length, boolean inOrder,
                long now) {
            byte[] frame = bytes(packet, offset, offset + length);
            datapath.onControlLoop(() -> {
                if (inOrder) {
                    listener.onControlFrame(frame);
                } else {
                    listener.onFrameOutOfOrder(frame);
                }
            });
        }

        @Override
        public void resetNeeded(TunnelState tunnel) {
            datapath.onControlLoop(listener::onMppeResetNeeded);
        }

        @Override
        public void hopeless(TunnelState tunnel) {
            datapath.onControlLoop(listener::onMppeHopeless);
        }

        @Override
        public void held(TunnelState tunnel) {
            traffic.countReordered();
            datapath.after(spec.reorderDelay(), MemoryTunnel.this::expire);
        }

        @Override
        public void dropped(TunnelState tunnel, TunnelDrop cause) {
            datapath.drop(DropCause.of(cause));
        }
    }

    private static byte[] bytes(ByteBuffer packet, int from, int to) {
        byte[] bytes = new byte[to - from];
        packet.get(from, bytes);
        return bytes;
    }

    // To the client.

    void sendIp(byte[] packet, long now) {
        if (network == null || !state.sendsIp()) {
            datapath.drop(DropCause.NETWORK_NOT_OPEN);
            return;
        }
        traffic.countOut(packet.length, now);
        ByteBuffer out = ByteBuffer.allocateDirect(TunnelSender.MOST_HEADERS + packet.length);
        out.put(sender.beginIp(state, out, 0), packet);
        int length = sender.endIp(state, packet.length, now);
        sender.finish();
        datapath.toClient(spec.peer(), bytes(out, 0, length));
    }

    @Override
    public void send(byte[] pppFrame) {
        if (state.isClosed()) {
            throw new IllegalStateException("a frame is sent through a tunnel that is closed");
        }
        ByteBuffer out = ByteBuffer.allocateDirect(GreHeader.DATA_WITH_ACK_LENGTH + pppFrame.length);
        int length = sender.frame(state, out, 0, pppFrame, datapath.now());
        datapath.toClient(spec.peer(), bytes(out, 0, length));
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
        state.compressHeaders(addressAndControl, protocol);
    }

    @Override
    public void decrypt(MppeDecryptor fresh) {
        decrypts = true;
        state.decrypt(fresh);
    }

    @Override
    public void encrypt(MppeEncryptor fresh) {
        encrypts = true;
        state.encrypt(fresh);
    }

    @Override
    public void stopEncryption() {
        encrypts = false;
        decrypts = false;
        state.stopEncryption();
    }

    @Override
    public void restartReceiving() {
        state.restartReceiving();
    }

    @Override
    public void resetEncryption() {
        state.resetEncryption();
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
    public void limit(TunnelLimits changed) {
        limits = changed;
    }

    /** What was limited last. */
    public TunnelLimits limits() {
        return limits;
    }

    /** The bytes are used up, says the datapath. */
    public void useUp() {
        datapath.onControlLoop(listener::onOctetsUsedUp);
    }

    @Override
    public void reach(Optional<TunnelReach> narrowed) {
        reach = narrowed;
    }

    @Override
    public void hearInforms(boolean heard) {
        hearsInforms = heard;
    }

    @Override
    public void answer(byte[] packet) {
        sendIp(packet, datapath.now());
    }

    /** Where its client may send to. */
    public Optional<TunnelReach> reach() {
        return reach;
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
        if (state.isClosed()) {
            throw new IllegalStateException("a tunnel is closed twice");
        }
        state.close();
        closeNetwork();
        datapath.closed(this);
    }
}
