package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.dhcp.DhcpInform;
import io.pptpoperator.protocol.ip.Ipv4Header;
import io.pptpoperator.protocol.ip.MssClamp;
import io.pptpoperator.protocol.ip.SourceRoute;
import java.nio.ByteBuffer;

/** What is done with an IP packet of a client, decrypted and in order, until the TUN device has it. */
final class IpFromClient {
    private static final int LIMITED_BROADCAST = 0xFFFF_FFFF;
    /** From one DHCPINFORM of a client that is heard to the next. */
    private static final long INFORM_MILLIS = 1_000;

    private final TunnelDirectory directory;
    private final LiveRules rules;
    private final HostGate hostGate;
    private final TunOutput tun;
    private final Outbound outbound;
    private final WorkerCounters counters;
    private final ControlLoop controlLoop;
    private final Shaper shaper;
    private final EarlyPackets early = new EarlyPackets();

    IpFromClient(TunnelDirectory directory, LiveRules rules, HostGate hostGate, TunOutput tun, Outbound outbound,
            PacketSlab slab, ControlLoop controlLoop, WorkerCounters counters) {
        this.directory = directory;
        this.rules = rules;
        this.hostGate = hostGate;
        this.tun = tun;
        this.outbound = outbound;
        this.controlLoop = controlLoop;
        this.counters = counters;
        this.shaper = new Shaper(slab, this::passIfAdmitted, counters.drops(), DropCause.RATE_LIMIT_UP);
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
        if (directory.leadingTo(Ipv4Header.source(buffer, offset)) != tunnel) {
            drop(DropCause.SPOOFED_SOURCE);
            return;
        }
        if (SourceRoute.isIn(buffer, offset)) {
            drop(DropCause.SOURCE_ROUTED);
            return;
        }
        DatapathPolicy policy = rules.policy();
        int destination = Ipv4Header.destination(buffer, offset);
        int length = Ipv4Header.totalLength(buffer, offset);
        WorkerTunnel other = directory.leadingTo(destination);
        if (other != null) {
            if (!policy.clientToClient() || tunnel.isIsolated() || other.isIsolated()) {
                drop(DropCause.CLIENT_TO_CLIENT);
                outbound.answerProhibited(tunnel, buffer, offset, now);
                return;
            }
        } else if (hostGate.isHost(destination) || policy.isClosedByNature(destination)) {
            if (tunnel.hearsInforms() && DhcpInform.isIn(buffer, offset)
                    && isForServer(policy, network, buffer, offset)) {
                hear(tunnel, buffer, offset, length, now);
                return;
            }
            if (!hostGate.admits(buffer, offset, now)) {
                refuseHost(tunnel, buffer, offset, destination, now);
                return;
            }
        } else if (!allows(policy, tunnel.reach(), destination)) {
            drop(DropCause.DESTINATION_NOT_ALLOWED);
            outbound.answerProhibited(tunnel, buffer, offset, now);
            return;
        }
        if (network.mss() > 0) {
            MssClamp.clamp(buffer, offset, network.mss(), false);
        }
        LimitedTraffic limits = tunnel.limits;
        if (limits == null) {
            pass(tunnel, buffer, address, offset, length, now);
        } else {
            passOrWait(limits.fromClient, tunnel, buffer, address, offset, length, now);
        }
    }

    /** Whether it is from the client itself, not from behind it, to all on the link or to the server's end. */
    private static boolean isForServer(DatapathPolicy policy, TunnelNetwork network, ByteBuffer buffer, int offset) {
        int destination = Ipv4Header.destination(buffer, offset);
        return Ipv4Header.source(buffer, offset) == network.clientAddress().bits()
                && (destination == LIMITED_BROADCAST || destination == policy.serverAddress().bits());
    }

    /** Allocates, once a second at most. */
    private void hear(WorkerTunnel tunnel, ByteBuffer buffer, int offset, int length, long now) {
        if (now < tunnel.nextInform) {
            drop(DropCause.CONTROL_OVER_BUDGET);
            return;
        }
        tunnel.nextInform = now + INFORM_MILLIS;
        byte[] packet = new byte[length];
        buffer.get(offset, packet);
        if (!controlLoop.call(tunnel, listener -> listener.onInform(packet))) {
            drop(DropCause.CONTROL_QUEUE_FULL);
        }
    }

    private static boolean allows(DatapathPolicy policy, TunnelReach reach, int destination) {
        return policy.allows(destination) && (reach == null || reach.allows(destination));
    }

    private void passOrWait(ShapedQueue queue, WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset,
            int length, long now) {
        long nanos = System.nanoTime();
        if (queue == null || shaper.passes(queue, length, nanos)) {
            passIfAdmitted(tunnel, buffer, address, offset, length, now);
        } else {
            shaper.hold(queue, buffer, offset, length, nanos);
        }
    }

    private void passIfAdmitted(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length,
            long now) {
        if (tunnel.network() == null) {
            drop(DropCause.NETWORK_NOT_OPEN);
        } else if (tunnel.limits != null && !tunnel.limits.admitsFromClient(length, controlLoop)) {
            drop(DropCause.OCTETS_USED_UP);
        } else {
            pass(tunnel, buffer, address, offset, length, now);
        }
    }

    private void pass(WorkerTunnel tunnel, ByteBuffer buffer, long address, int offset, int length, long now) {
        tunnel.traffic().countIn(length, now);
        counters.traffic().countIn(length, now);
        tun.write(buffer, address, offset, length);
    }

    /** Where packets wait for their session's rate. */
    Shaper shaper() {
        return shaper;
    }

    /** Nobody answers a broadcast or multicast with an error (RFC 1812 section 4.3.2.7). */
    private void refuseHost(WorkerTunnel tunnel, ByteBuffer buffer, int offset, int destination, long now) {
        if (hostGate.isForMany(destination)) {
            drop(DropCause.BROADCAST);
            return;
        }
        drop(hostGate.isHost(destination) ? DropCause.HOST_CLOSED : DropCause.DESTINATION_NOT_ALLOWED);
        outbound.answerProhibited(tunnel, buffer, offset, now);
    }

    /** Whether packets wait for their session's network. */
    boolean hasEarly() {
        return !early.isEmpty();
    }

    /** Passes on those whose network has opened. */
    void releaseEarly(long now) {
        early.release(this::take, counters, now);
    }

    private void drop(DropCause cause) {
        counters.drop(cause);
    }
}
