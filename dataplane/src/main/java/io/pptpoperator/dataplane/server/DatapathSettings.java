package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.HostRule;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.datapath.DatapathOptions;
import io.pptpoperator.dataplane.datapath.DatapathPolicy;
import io.pptpoperator.dataplane.datapath.HostAccess;
import io.pptpoperator.dataplane.datapath.HostOpening;
import io.pptpoperator.dataplane.datapath.PacketSocketUse;
import io.pptpoperator.dataplane.datapath.XdpSocketUse;
import io.pptpoperator.dataplane.linux.CpuQuota;
import io.pptpoperator.dataplane.linux.TunDevice;
import java.util.ArrayList;
import java.util.List;

/** Turns the server's configuration into the datapath's. */
final class DatapathSettings {

    private DatapathSettings() {}

    /** How many workers there are, each with a queue of the TUN device. */
    static int workers(ServerConfig.Datapath datapath) {
        return datapath.workers() > 0 ? datapath.workers() : Runtime.getRuntime().availableProcessors();
    }

    /** What the TUN device leaves to this process. */
    static TunDevice.Offload offload(ServerConfig.Datapath datapath) {
        return switch (datapath.offload()) {
            case AUTO -> TunDevice.Offload.TCP_AND_UDP;
            case NEVER -> TunDevice.Offload.NONE;
        };
    }

    /** What a running datapath cannot change. */
    static DatapathOptions options(ServerConfig.Datapath datapath) {
        PacketSocketUse packetSockets = switch (datapath.packetSockets()) {
            case AUTO -> PacketSocketUse.AUTO;
            case ALWAYS -> PacketSocketUse.ALWAYS;
            case NEVER -> PacketSocketUse.OFF;
        };
        XdpSocketUse xdpSockets = switch (datapath.xdpSockets()) {
            case AUTO -> XdpSocketUse.AUTO;
            case ALWAYS -> XdpSocketUse.ALWAYS;
            case NEVER -> XdpSocketUse.OFF;
        };
        boolean precedence = switch (datapath.realtimePriority()) {
            // Who goes first is not held to a limit of CPU time.
            case AUTO -> !CpuQuota.isSet();
            case NEVER -> false;
        };
        return new DatapathOptions(packetSockets, xdpSockets, precedence, datapath.cpuAffinity());
    }

    /** What clients may reach, and how oversized packets fare; changes while the datapath runs. */
    static DatapathPolicy policy(ServerConfig config) {
        ServerConfig.Network network = config.network();
        return new DatapathPolicy(network.localIP(), !network.isolateClients(), network.allowedDestinations(),
                network.dns(), hostAccess(network.hostAccess()), network.fragmentOversized());
    }

    private static HostAccess hostAccess(List<HostRule> rules) {
        List<HostOpening> openings = new ArrayList<>();
        for (HostRule rule : rules) {
            int protocol = rule.protocol().number();
            if (rule.ports().isEmpty()) {
                openings.add(new HostOpening(rule.address(), protocol, 0, 0));
            }
            rule.ports()
                    .forEach(ports -> openings
                            .add(new HostOpening(rule.address(), protocol, ports.first(), ports.last())));
        }
        return HostAccess.of(openings);
    }
}
