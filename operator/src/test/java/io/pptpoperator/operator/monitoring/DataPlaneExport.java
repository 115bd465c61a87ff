package io.pptpoperator.operator.monitoring;

import io.pptpoperator.dataplane.admin.metrics.MetricSources;
import io.pptpoperator.dataplane.admin.metrics.ServerMetrics;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.DropCause;
import io.pptpoperator.dataplane.datapath.PacketSocketObstacle;
import io.pptpoperator.dataplane.datapath.SendingPath;
import io.pptpoperator.dataplane.datapath.XdpSocketObstacle;
import io.pptpoperator.dataplane.session.Refusal;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a data plane answers Prometheus, with every label and value that there can be. */
final class DataPlaneExport {

    private DataPlaneExport() {}

    static String text() {
        var sources = new MetricSources(() -> 1, () -> 1, () -> 1, () -> 1,
                new MetricSources.Traffic(() -> 1, () -> 1, () -> 1, () -> 1),
                new MetricSources.Sending(each(SendingPath.values(), () -> 1),
                        each(PacketSocketObstacle.Reason.values(), () -> true),
                        each(XdpSocketObstacle.Reason.values(), () -> true)),
                each(DropCause.values(), () -> 1), () -> 1, () -> 1, () -> 1,
                each(ServerConfig.Log.Level.values(), () -> 1), List.of(TerminationReason.values()),
                List.of(Refusal.values()));
        try (var metrics = new ServerMetrics("vpn", sources)) {
            metrics.radius().servers(List.of("radius.example.com:1812"));
            return metrics.scrape();
        }
    }

    private static <E extends Enum<E>, S> Map<E, S> each(E[] values, S supplier) {
        return Arrays.stream(values).collect(Collectors.toMap(Function.identity(), it -> supplier));
    }
}
