package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.admin.metrics.MetricSources;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.Datapath;
import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.PacketSocketObstacle;
import io.pptpoperator.dataplane.datapath.SendingPath;
import io.pptpoperator.dataplane.datapath.TrafficCounters;
import io.pptpoperator.dataplane.datapath.XdpSocketObstacle;
import io.pptpoperator.dataplane.log.Logging;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.dataplane.session.Sessions;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Where a server's metrics come from. */
final class ServerMetricSources {

    private ServerMetricSources() {}

    /** The sources of one server. */
    static MetricSources of(Sessions sessions, Datapath datapath, ServerEvents events,
            LongAdder controlMessagesDropped) {
        Map<DropCause, LongSupplier> drops = new EnumMap<>(DropCause.class);
        for (DropCause cause : DropCause.values()) {
            drops.put(cause, () -> datapath.drops(cause));
        }
        return new MetricSources(() -> sessions.count(), () -> sessions.pending(), () -> sessions.leases().size(),
                () -> sessions.leases().used(),
                new MetricSources.Traffic(() -> datapath.total(TrafficCounters::bytesIn),
                        () -> datapath.total(TrafficCounters::bytesOut),
                        () -> datapath.total(TrafficCounters::packetsIn),
                        () -> datapath.total(TrafficCounters::packetsOut)),
                sending(datapath), drops, () -> datapath.total(TrafficCounters::reordered), events::mppeResets,
                controlMessagesDropped::sum, logLinesDropped(), List.of(TerminationReason.values()),
                List.of(Refusal.values()));
    }

    private static Map<ServerConfig.Log.Level, LongSupplier> logLinesDropped() {
        Map<ServerConfig.Log.Level, LongSupplier> dropped = new EnumMap<>(ServerConfig.Log.Level.class);
        for (ServerConfig.Log.Level level : ServerConfig.Log.Level.values()) {
            dropped.put(level, () -> Logging.dropped(level));
        }
        return dropped;
    }

    private static MetricSources.Sending sending(Datapath datapath) {
        Map<SendingPath, LongSupplier> packets = new EnumMap<>(SendingPath.class);
        for (SendingPath path : SendingPath.values()) {
            packets.put(path, () -> datapath.sent(path));
        }
        Map<PacketSocketObstacle.Reason, BooleanSupplier> obstacles = new EnumMap<>(PacketSocketObstacle.Reason.class);
        for (PacketSocketObstacle.Reason reason : PacketSocketObstacle.Reason.values()) {
            obstacles.put(reason,
                    () -> datapath.packetSocketObstacles().stream().anyMatch(obstacle -> obstacle.reason() == reason));
        }
        Map<XdpSocketObstacle.Reason, BooleanSupplier> xdpObstacles = new EnumMap<>(XdpSocketObstacle.Reason.class);
        for (XdpSocketObstacle.Reason reason : XdpSocketObstacle.Reason.values()) {
            xdpObstacles.put(reason,
                    () -> datapath.xdpSocketObstacles().stream().anyMatch(obstacle -> obstacle.reason() == reason));
        }
        return new MetricSources.Sending(packets, obstacles, xdpObstacles);
    }
}
