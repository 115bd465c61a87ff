package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.ip.MssClamp;
import io.pptpoperator.protocol.ip.SourceRoute;
import java.nio.ByteBuffer;

/** What is done with an IP packet of a client, decrypted and in order, until the TUN device has it. */
final class IpFromClient {
    private final Worker worker;
    private final Datapath datapath;
    private final TunOutput tun;
    private final Outbound outbound;
    private final EarlyPackets early = new EarlyPackets();

    IpFromClient(Worker worker, Datapath datapath, TunOutput tun, Outbound outbound) {
        this.worker = worker;
        this.datapath = datapath;
        this.tun = tun;
        this.outbound = outbound;
    }

    /**
     * Checks the packet at {@code offset} of {@code buffer}, whose memory starts at {@code address}, and passes it on.
     * The bytes before it are of no more use.
     */
    void take(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int received, long now) {
        TunnelNetwork network = tunnel.network();
        if (network == null) {
            if (early.hold(tunnel, buffer, offset, received, now)) {
                return;
            }
            network = tunnel.network(); // the control loop may have opened it just now
            if (network == null) {
                drop(DropCause.NETWORK_NOT_OPEN);
                return;
            }
        }
        if (Ipv4Header.validate(buffer, offset, received) < 0) {
            drop(DropCause.MALFORMED_IP);
            return;
        }
        // What may come from a client is what leads back to it: its address, and the networks behind it.
        if (datapath.routes().find(Ipv4Header.source(buffer, offset)) != tunnel) {
            drop(DropCause.SPOOFED_SOURCE);
            return;
        }
        if (SourceRoute.isIn(buffer, offset)) {
            drop(DropCause.SOURCE_ROUTED);
            return;
        }
        DatapathPolicy policy = datapath.policy();
        int destination = Ipv4Header.destination(buffer, offset);
        int length = Ipv4Header.totalLength(buffer, offset);
        if (datapath.routes().find(destination) != null) {
            if (!policy.clientToClient()) {
                drop(DropCause.CLIENT_TO_CLIENT);
                outbound.answerProhibited(tunnel, buffer, offset, now);
                return;
            }
        } else if (worker.hostGate().isHost(destination) || policy.isClosedByNature(destination)) {
            if (!worker.hostGate().admits(buffer, offset, now)) {
                refuseHost(tunnel, buffer, offset, destination, now);
                return;
            }
        } else if (!policy.allows(destination)) {
            drop(DropCause.DESTINATION_NOT_ALLOWED);
            outbound.answerProhibited(tunnel, buffer, offset, now);
            return;
        }
        if (network.mss() > 0) {
            MssClamp.clamp(buffer, offset, network.mss(), false);
        }
        tunnel.traffic().countIn(length, now);
        worker.traffic().countIn(length, now);
        tun.write(buffer, address, offset, length);
    }

    /** Nobody answers a broadcast or multicast with an error (RFC 1812 section 4.3.2.7). */
    private void refuseHost(WorkerTunnel tunnel, ByteBuffer buffer, int offset, int destination, long now) {
        if (worker.hostGate().isForMany(destination)) {
            drop(DropCause.BROADCAST);
            return;
        }
        drop(worker.hostGate().isHost(destination) ? DropCause.HOST_CLOSED : DropCause.DESTINATION_NOT_ALLOWED);
        outbound.answerProhibited(tunnel, buffer, offset, now);
    }

    /** Whether packets wait for their session's network. */
    boolean hasEarly() {
        return !early.isEmpty();
    }

    /** Passes on those whose network has opened. */
    void releaseEarly(long now) {
        early.release(this, worker.drops(), now);
    }

    private void drop(DropCause cause) {
        worker.drops().count(cause);
    }
}
