package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tunnel as the control loop has it. What concerns its state is a command to the worker that owns that; networks and
 * routes are the control loop's own business, and take effect at once.
 */
final class TunnelHandle implements DialedTunnel {
    private final WorkerTunnel tunnel;
    private final Worker worker;
    private final TunnelDirectory directory;
    private final Consumer<PeerPath> release;

    /**
     * A handle of a tunnel that is in the directory.
     *
     * @param worker the tunnel's owner
     * @param release takes the tunnel's path back when it ends; called by the worker
     */
    TunnelHandle(WorkerTunnel tunnel, Worker worker, TunnelDirectory directory, Consumer<PeerPath> release) {
        this.tunnel = tunnel;
        this.worker = worker;
        this.directory = directory;
        this.release = release;
    }

    /** The one way to the tunnel's state: on its worker's thread. */
    void tell(Consumer<WorkerTunnel> command) {
        worker.execute(() -> command.accept(tunnel));
    }

    @Override
    public int callId() {
        return tunnel.callId();
    }

    @Override
    public TunnelSnapshot snapshot() {
        return new TunnelSnapshot(tunnel.callId(), tunnel.snapshot(), tunnel.traffic().snapshot());
    }

    @Override
    public TrafficCounters traffic() {
        return tunnel.traffic();
    }

    @Override
    public void answered(int serversCallId) {
        tell(state -> state.answered(serversCallId));
    }

    @Override
    public void send(byte[] pppFrame) {
        tell(state -> worker.send(state, pppFrame));
    }

    @Override
    public void compressHeaders(boolean addressAndControl, boolean protocol) {
        tell(state -> state.compressHeaders(addressAndControl, protocol));
    }

    @Override
    public void decrypt(MppeDecryptor fresh) {
        tell(state -> state.decrypt(fresh));
    }

    @Override
    public void encrypt(MppeEncryptor fresh) {
        tell(state -> state.encrypt(fresh));
    }

    @Override
    public void stopEncryption() {
        tell(WorkerTunnel::stopEncryption);
    }

    @Override
    public void resetEncryption() {
        tell(WorkerTunnel::resetEncryption);
    }

    @Override
    public void restartReceiving() {
        tell(WorkerTunnel::restartReceiving);
    }

    @Override
    public void openNetwork(TunnelNetwork opened) {
        closeNetwork();
        tunnel.network(opened);
        directory.route(new Ipv4Prefix(opened.clientAddress(), 32), tunnel);
        reclaimRoutes();
    }

    @Override
    public void reclaimRoutes() {
        TunnelNetwork open = tunnel.network();
        if (open != null) {
            open.routes().forEach(route -> directory.route(route, tunnel));
        }
    }

    @Override
    public void limit(TunnelLimits limits) {
        tell(state -> worker.limit(state, limits));
    }

    @Override
    public void reach(Optional<TunnelReach> reach) {
        tunnel.reach(reach.orElse(null));
    }

    @Override
    public void hearInforms(boolean heard) {
        tunnel.hearInforms(heard);
    }

    @Override
    public void answer(byte[] packet) {
        tell(state -> worker.answer(state, packet));
    }

    @Override
    public void closeNetwork() {
        TunnelNetwork open = tunnel.network();
        if (open != null) {
            tunnel.network(null);
            directory.unroute(new Ipv4Prefix(open.clientAddress(), 32), tunnel);
            open.routes().forEach(route -> directory.unroute(route, tunnel));
        }
    }

    @Override
    public void close() {
        closeNetwork();
        tell(state -> {
            if (!state.isClosed()) {
                state.close();
                directory.remove(state);
                release.accept(state.path());
            }
        });
    }
}
