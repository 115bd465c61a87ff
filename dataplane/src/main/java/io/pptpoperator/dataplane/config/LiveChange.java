package io.pptpoperator.dataplane.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a changed {@code server.yaml} does to a running server.
 *
 * @param config what to run with now: the wanted settings, except for those that cannot change while running
 * @param refused what stays as it is, one entry a field; nothing when all changes apply
 */
public record LiveChange(ServerConfig config, List<FieldProblem> refused) {

    /** Copies the list. */
    public LiveChange {
        refused = List.copyOf(refused);
    }

    /**
     * Finds out what applies. Where the rest of the wanted settings cannot work without what is refused (a new pool
     * around the old local address, say), everything stays as it is.
     *
     * @param running what the server runs with
     * @param wanted what the file says now, valid
     */
    public static LiveChange between(ServerConfig running, ServerConfig wanted) {
        var refused = new ArrayList<FieldProblem>();
        keep(refused, "name", running.name(), wanted.name());
        keep(refused, "listen.address", running.listen().address(), wanted.listen().address());
        keep(refused, "listen.port", running.listen().port(), wanted.listen().port());
        keep(refused, "network.tun", running.network().tun(), wanted.network().tun());
        keep(refused, "network.localAddress", running.network().localAddress(), wanted.network().localAddress());
        keep(refused, "network.proxyArp", running.network().proxyArp(), wanted.network().proxyArp());
        keep(refused, "network.nat.enabled", running.network().nat().enabled(), wanted.network().nat().enabled());
        keep(refused, "network.nat.uplink", running.network().nat().uplink().orElse("auto"),
                wanted.network().nat().uplink().orElse("auto"));
        keep(refused, "network.nat.excludeDestinations", running.network().nat().excludeDestinations(),
                wanted.network().nat().excludeDestinations());
        keep(refused, "admin.address", running.admin().address(), wanted.admin().address());
        keep(refused, "admin.port", running.admin().port(), wanted.admin().port());
        keep(refused, "admin.tls", running.admin().tls().map(Object::toString).orElse("null"),
                wanted.admin().tls().map(Object::toString).orElse("null"));
        keep(refused, "log.format", running.log().format(), wanted.log().format());
        keep(refused, "datapath.workers", running.datapath().workers(), wanted.datapath().workers());
        keep(refused, "datapath.offload", running.datapath().offload(), wanted.datapath().offload());
        keep(refused, "datapath.packetSocket", running.datapath().packetSocket(), wanted.datapath().packetSocket());
        keep(refused, "datapath.precedence", running.datapath().precedence(), wanted.datapath().precedence());
        keep(refused, "datapath.pinned", running.datapath().pinned(), wanted.datapath().pinned());

        ServerConfig applicable = applicable(running, wanted);
        for (FieldProblem problem : ConfigCheck.server(applicable)) {
            refused.add(new FieldProblem(problem.field(),
                    "stays as it is, with all other settings, until the server is restarted: " + problem.message()));
            applicable = running;
        }
        return new LiveChange(applicable, refused);
    }

    private static void keep(List<FieldProblem> refused, String field, Object running, Object wanted) {
        if (!running.equals(wanted)) {
            refused.add(new FieldProblem(field,
                    "stays " + running + " until the server is restarted; " + wanted + " cannot be set while it runs"));
        }
    }

    private static ServerConfig applicable(ServerConfig running, ServerConfig wanted) {
        ServerConfig.Network network = wanted.network();
        return new ServerConfig(running.name(), running.listen(),
                new ServerConfig.Network(running.network().tun(), running.network().localAddress(), network.pools(),
                        network.exclude(), network.dns(), network.wins(), network.mtu(), network.mss(),
                        network.fragmentOversized(), network.clientToClient(), network.allowedDestinations(),
                        network.hostAccess(), running.network().proxyArp(), running.network().nat()),
                wanted.authentication(), wanted.encryption(), wanted.ppp(), wanted.gre(), wanted.control(),
                wanted.limits(), wanted.sessions(), running.admin(), wanted.drain(),
                new ServerConfig.Log(wanted.log().level(), running.log().format(), wanted.log().debugPeers()),
                running.datapath());
    }
}
