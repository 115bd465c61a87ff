package io.pptpoperator.dataplane.client.gre;

import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.TunnelListener;
import io.pptpoperator.dataplane.datapath.TunnelNetwork;
import io.pptpoperator.dataplane.datapath.TunnelSpec;
import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;

/** One call of a {@link GreEndpoint}. All methods are for its event loop. */
public final class GreCall implements DialedTunnel {
    final TunnelSpec spec;
    final ReceiveWindow window;
    final TunnelListener listener;
    final IpReceiver receiver;
    final GreState gre = new GreState();
    final TrafficCounters traffic = new TrafficCounters();
    private final GreEndpoint endpoint;
    private final int callId;
    int peerCallId = TunnelSpec.NOT_YET;
    boolean compressAddress;
    boolean compressProtocol;
    MppeEncryptor encryptor;
    MppeDecryptor decryptor;
    private boolean encryptionBegun;
    boolean networkOpen;
    boolean swept;
    boolean closed;
    private long packetsReceived;

    GreCall(GreEndpoint endpoint, TunnelSpec spec, int callId, ReceiveWindow window, TunnelListener listener,
            IpReceiver receiver) {
        this.endpoint = endpoint;
        this.spec = spec;
        this.callId = callId;
        this.window = window;
        this.listener = listener;
        this.receiver = receiver;
    }

    @Override
    public int callId() {
        return callId;
    }

    @Override
    public TrafficCounters traffic() {
        return traffic;
    }

    /** GRE packets that have come, acknowledgments included. */
    public long packetsReceived() {
        return packetsReceived;
    }

    /** Acknowledgments that have come: what this end sent arrives. */
    public long acksReceived() {
        return gre.acksReceived();
    }

    void heard(long now) {
        packetsReceived++;
        traffic.heard(now);
    }

    @Override
    public void answered(int serversCallId) {
        peerCallId = serversCallId;
    }

    @Override
    public void send(byte[] pppFrame) {
        endpoint.send(this, pppFrame);
    }

    /**
     * Sends an IPv4 packet, encrypted if the link is.
     *
     * @return whether it could go: not while no IP may pass
     */
    public boolean sendIp(byte[] packet) {
        if (!networkOpen || closed || encryptor == null && !mayPassInClear()) {
            return false;
        }
        endpoint.sendIp(this, packet);
        return true;
    }

    @Override
    public void compressHeaders(boolean addressAndControl, boolean protocol) {
        compressAddress = addressAndControl;
        compressProtocol = protocol;
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

    /** Whether IP may pass in clear, in either direction: not again once it was encrypted (RFC 3078 section 2). */
    boolean mayPassInClear() {
        return !spec.encryptionRequired() && !encryptionBegun && decryptor == null;
    }

    @Override
    public void resetEncryption() {
        if (encryptor != null) {
            encryptor.reset();
        }
    }

    @Override
    public void openNetwork(TunnelNetwork network) {
        networkOpen = true;
    }

    @Override
    public void closeNetwork() {
        networkOpen = false;
    }

    /** A simulated client has no routes. */
    @Override
    public void reclaimRoutes() {}

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            window.close();
            endpoint.remove(this);
        }
    }
}
