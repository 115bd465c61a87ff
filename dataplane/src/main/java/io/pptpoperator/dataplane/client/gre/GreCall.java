package io.pptpoperator.dataplane.client.gre;

import io.pptpoperator.dataplane.datapath.DialedTunnel;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.TunnelLimits;
import io.pptpoperator.dataplane.datapath.TunnelNetwork;
import io.pptpoperator.dataplane.datapath.TunnelReach;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import java.util.Optional;

/** One call of a {@link GreEndpoint}. All methods are for its event loop. */
public final class GreCall implements DialedTunnel {
    private final GreEndpoint endpoint;
    private final CallState state;

    GreCall(GreEndpoint endpoint, CallState state) {
        this.endpoint = endpoint;
        this.state = state;
    }

    @Override
    public int callId() {
        return state.callId;
    }

    @Override
    public TrafficCounters traffic() {
        return state.traffic;
    }

    /** GRE packets that have come, acknowledgments included. */
    public long packetsReceived() {
        return state.packetsReceived;
    }

    /** Acknowledgments that have come: what this end sent arrives. */
    public long acksReceived() {
        return state.acksReceived();
    }

    @Override
    public void answered(int serversCallId) {
        state.answered(serversCallId);
    }

    @Override
    public void send(byte[] pppFrame) {
        endpoint.send(state, pppFrame);
    }

    /**
     * Sends an IPv4 packet, encrypted if the link is.
     *
     * @return whether it could go: not while no IP may pass
     */
    public boolean sendIp(byte[] packet) {
        if (!state.networkOpen || !state.canSend() || !state.sendsIp()) {
            return false;
        }
        endpoint.sendIp(state, packet);
        return true;
    }

    @Override
    public void compressHeaders(boolean addressAndControl, boolean protocol) {
        state.compressHeaders(addressAndControl, protocol);
    }

    @Override
    public void decrypt(MppeDecryptor fresh) {
        state.decrypt(fresh);
    }

    @Override
    public void encrypt(MppeEncryptor fresh) {
        state.encrypt(fresh);
    }

    @Override
    public void stopEncryption() {
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
    public void openNetwork(TunnelNetwork network) {
        state.networkOpen = true;
    }

    /** A simulated client has no limits. */
    @Override
    public void limit(TunnelLimits limits) {}

    /** Nor is it narrowed: a server is. */
    @Override
    public void reach(Optional<TunnelReach> reach) {}

    /** Nor asked by anybody. */
    @Override
    public void hearInforms(boolean heard) {}

    @Override
    public void answer(byte[] packet) {
        throw new UnsupportedOperationException("only servers answer their clients");
    }

    @Override
    public void closeNetwork() {
        state.networkOpen = false;
    }

    /** A simulated client has no routes. */
    @Override
    public void reclaimRoutes() {}

    @Override
    public void close() {
        if (!state.isClosed()) {
            state.close();
            endpoint.remove(state);
        }
    }
}
