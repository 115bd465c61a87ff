package io.pptpoperator.dataplane.datapath;

import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateBucket;
import java.util.Optional;

/** What a worker keeps of a tunnel that has limits. For its thread. */
final class LimitedTraffic {
    /** What waits for its rate; null in a direction that has none. */
    final ShapedQueue fromClient;
    final ShapedQueue toClient;
    private final WorkerTunnel tunnel;
    private final OctetLimit octets;
    private boolean toldUsedUp;

    private LimitedTraffic(WorkerTunnel tunnel, ShapedQueue fromClient, ShapedQueue toClient, OctetLimit octets) {
        this.tunnel = tunnel;
        this.fromClient = fromClient;
        this.toClient = toClient;
        this.octets = octets;
    }

    /**
     * What goes with the limits.
     *
     * @param before what went with those before, whose queues go on by the new rates; null for none
     * @return null when there are no limits
     */
    static LimitedTraffic of(WorkerTunnel tunnel, TunnelLimits limits, LimitedTraffic before) {
        if (limits.equals(TunnelLimits.NONE)) {
            return null;
        }
        return new LimitedTraffic(tunnel, queue(tunnel, limits.upload(), before == null ? null : before.fromClient),
                queue(tunnel, limits.download(), before == null ? null : before.toClient),
                limits.octets().orElse(OctetLimit.NONE));
    }

    private static ShapedQueue queue(WorkerTunnel tunnel, Optional<RateBucket> bucket, ShapedQueue before) {
        if (bucket.isEmpty() || before == null) {
            return bucket.map(it -> new ShapedQueue(tunnel, it)).orElse(null);
        }
        before.moveTo(bucket.get());
        return before;
    }

    /** Whether so many more bytes from the client, and to it, are more than may pass. */
    private boolean isTooMuch(int up, int down) {
        TrafficCounters traffic = tunnel.traffic();
        // What is full to the last byte is not too much, but the next byte is.
        return octets.isReached(traffic.bytesIn() + up - Math.min(up, 1),
                traffic.bytesOut() + down - Math.min(down, 1));
    }

    /** Whether so many bytes of the client may pass; the first ones that may not end the session. */
    boolean admitsFromClient(int bytes, ControlLoop controlLoop) {
        return !isTooMuch(bytes, 0) || refuse(controlLoop);
    }

    /** Whether so many bytes to the client may pass; the first ones that may not end the session. */
    boolean admitsToClient(int bytes, ControlLoop controlLoop) {
        return !isTooMuch(0, bytes) || refuse(controlLoop);
    }

    private boolean refuse(ControlLoop controlLoop) {
        if (!toldUsedUp) {
            toldUsedUp = controlLoop.call(tunnel, TunnelListener::onOctetsUsedUp);
        }
        return false;
    }
}
