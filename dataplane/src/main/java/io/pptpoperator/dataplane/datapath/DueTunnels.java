package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.tunnel.TunnelReceiver;
import java.util.ArrayList;
import java.util.List;

/**
 * Tunnels of one worker in which something will be due by the clock: acknowledgments that found no data to ride on,
 * packets held long enough. Passing over the few concerned every few milliseconds is simpler than a timer for each, and
 * cheaper.
 */
final class DueTunnels {
    /** Milliseconds between looks, while anything will be due. */
    static final long INTERVAL = 10;

    private final List<WorkerTunnel> owingAcks = new ArrayList<>();
    private final List<WorkerTunnel> holdingPackets = new ArrayList<>();
    private long nextSweep;

    /** Whether nothing will be due. */
    boolean isEmpty() {
        return owingAcks.isEmpty() && holdingPackets.isEmpty();
    }

    /** Notes that a tunnel owes an acknowledgment, which leaves alone if no data goes its way in time. */
    void owesAck(WorkerTunnel tunnel) {
        if (!tunnel.ackQueued) {
            tunnel.ackQueued = true;
            owingAcks.add(tunnel);
        }
    }

    /** Notes that a tunnel holds packets that came early. */
    void holdsPackets(WorkerTunnel tunnel) {
        if (!tunnel.reorderQueued) {
            tunnel.reorderQueued = true;
            holdingPackets.add(tunnel);
        }
    }

    /** Does what is due, if it is time to look. */
    void sweep(GreSender sender, TunnelReceiver<WorkerTunnel> receiver, long now) {
        if (now < nextSweep) {
            return;
        }
        nextSweep = isEmpty() ? now : now + INTERVAL;
        for (int i = owingAcks.size() - 1; i >= 0; i--) {
            WorkerTunnel tunnel = owingAcks.get(i);
            boolean owes = tunnel.owesAck() && tunnel.canSend();
            if (owes && tunnel.ackDeadline() <= now) {
                sender.sendAck(tunnel);
                owes = false;
            }
            if (!owes) {
                tunnel.ackQueued = false;
                removeUnordered(owingAcks, i);
            }
        }
        for (int i = holdingPackets.size() - 1; i >= 0; i--) {
            WorkerTunnel tunnel = holdingPackets.get(i);
            receiver.expire(tunnel, now);
            if (tunnel.heldUntil() == Long.MAX_VALUE) {
                tunnel.reorderQueued = false;
                removeUnordered(holdingPackets, i);
            }
        }
    }

    private static void removeUnordered(List<WorkerTunnel> tunnels, int index) {
        WorkerTunnel last = tunnels.removeLast();
        if (index < tunnels.size()) {
            tunnels.set(index, last);
        }
    }
}
