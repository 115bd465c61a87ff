package io.pptpoperator.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.pptpoperator.crds.Authentication;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.HostAccess;
import io.pptpoperator.crds.Logging;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.crds.SessionPolicy;
import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.DurationText;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.HostRule;
import io.pptpoperator.dataplane.config.LiveChange;
import io.pptpoperator.dataplane.config.MssClamp;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The data plane's {@code server.yaml} of a PptpServer. Everything that every pod of the server has in common is made
 * once; {@link #withPools} then gives each pod its share of the pools.
 */
public final class ServerRendering {

    /** Longest name that a Start-Control-Connection-Reply can carry (RFC 2637 section 2.2), without the zero. */
    private static final int MAX_NAME = 63;
    /** More ranges than that in one {@code server.yaml} are refused by the data plane. */
    private static final int MAX_RANGES = 1024;

    private final ServerConfig config;
    private final AddressPool pools;

    private ServerRendering(ServerConfig config) {
        this.config = config;
        this.pools = config.network().addressPool();
    }

    /**
     * Translates a resource whose schema defaults are filled in.
     *
     * @param admin where the data plane's administration port is
     * @param clusterDns the cluster's name server, when it is known
     * @throws InvalidSpecException when no data plane could work like that; says everything that is wrong
     */
    public static ServerRendering of(PptpServer server, ServerConfig.Admin admin, Optional<Ipv4Address> clusterDns) {
        var problems = new ArrayList<String>();
        if (server.getSpec().useClusterDNS() && clusterDns.isEmpty()) {
            problems.add("useClusterDNS: the operator does not know the cluster's name server; set"
                    + " PPTP_OPERATOR_CLUSTER_DNS in its environment");
        }
        problems.addAll(exposureProblems(server.getSpec()));
        ServerConfig config;
        try {
            config = translate(server, admin, clusterDns);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
            throw new InvalidSpecException(problems);
        }
        ConfigCheck.server(config).stream().map(FieldProblem::toString).forEach(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return new ServerRendering(config);
    }

    private static List<String> exposureProblems(PptpServerSpec spec) {
        var problems = new ArrayList<String>();
        boolean attached = spec.exposure().type() == Exposure.Type.AttachedNetwork;
        if (attached != (spec.exposure().network() != null)) {
            problems.add("exposure.network: is needed with type AttachedNetwork, and means nothing with another");
        }
        if (spec.workload() == PptpServerSpec.Workload.DaemonSet
                && spec.exposure().type() != Exposure.Type.HostNetwork) {
            problems.add("workload: DaemonSet only makes sense with exposure.type HostNetwork");
        }
        return problems;
    }

    private static ServerConfig translate(PptpServer server, ServerConfig.Admin admin,
            Optional<Ipv4Address> clusterDns) {
        PptpServerSpec spec = server.getSpec();
        return new ServerConfig(name(server), ServerConfig.Listen.DEFAULTS, network(spec, clusterDns),
                new ServerConfig.Authentication(
                        spec.authentication().methods().stream().map(ServerRendering::method).toList(),
                        spec.authentication().retries(),
                        duration("authentication.timeout", spec.authentication().timeout())),
                new ServerConfig.Encryption(policy(spec.encryption().policy()), spec.encryption().keyLengths(),
                        spec.encryption().allowStateful()),
                new ServerConfig.Ppp(duration("keepalive.interval", spec.keepalive().interval()),
                        spec.keepalive().failures()),
                new ServerConfig.Gre(spec.reordering().packets(),
                        duration("reordering.delay", spec.reordering().delay())),
                new ServerConfig.Control(duration("keepalive.controlInterval", spec.keepalive().controlInterval())),
                new ServerConfig.Limits(spec.limits().maxSessions(), spec.limits().pendingConnections(),
                        spec.limits().connectionsPerSource(), spec.limits().connectionsPerSecond()),
                new ServerConfig.Sessions(spec.sessionPolicy().perUser(),
                        whenExceeded(spec.sessionPolicy().whenExceeded()),
                        duration("sessionPolicy.idleTimeout", spec.sessionPolicy().idleTimeout()),
                        duration("sessionPolicy.maxDuration", spec.sessionPolicy().maxDuration())),
                admin, new ServerConfig.Drain(duration("drainTimeout", spec.drainTimeout())),
                new ServerConfig.Log(level(spec.log().level()), format(spec.log().format()),
                        each("log.debugPeers", spec.log().debugPeers(), Ipv4Address::parse)),
                new ServerConfig.Datapath(spec.workers(), ServerConfig.Datapath.DEFAULTS.offload(),
                        packetSocket(spec.packetSockets()), realtimePriority(spec.realtimePriority()),
                        ServerConfig.Datapath.DEFAULTS.pinned()));
    }

    private static String name(PptpServer server) {
        String name = server.getMetadata().getName();
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    private static ServerConfig.Network network(PptpServerSpec spec, Optional<Ipv4Address> clusterDns) {
        var dns = new ArrayList<Ipv4Address>();
        if (spec.useClusterDNS()) {
            clusterDns.ifPresent(dns::add);
        }
        dns.addAll(each("dns", spec.dns(), Ipv4Address::parse));
        return new ServerConfig.Network(ServerConfig.Network.DEFAULT_TUN,
                each("localIP", List.of(spec.localIP()), Ipv4Address::parse).getFirst(), spec.pools(), spec.exclude(),
                dns, each("wins", spec.wins(), Ipv4Address::parse), number(spec.mtu()), mss(spec.mss()),
                spec.fragmentOversized(), !spec.isolateClients(),
                each("allowedDestinations", spec.allowedDestinations(), Ipv4Prefix::parse),
                spec.hostAccess().stream().map(ServerRendering::hostRule).toList(), spec.proxyARP(),
                new ServerConfig.Nat(spec.nat().enabled(), Optional.ofNullable(spec.nat().uplink()),
                        each("nat.excludedDestinations", spec.nat().excludedDestinations(), Ipv4Prefix::parse)));
    }

    private static HostRule hostRule(HostAccess rule) {
        return new HostRule(
                Optional.ofNullable(rule.address())
                        .map(address -> each("hostAccess.address", List.of(address), Ipv4Address::parse).getFirst()),
                switch (rule.protocol()) {
                    case TCP -> HostRule.Protocol.TCP;
                    case UDP -> HostRule.Protocol.UDP;
                    case ICMP -> HostRule.Protocol.ICMP;
                }, each("hostAccess.ports", rule.ports(), HostRule.Ports::parse));
    }

    private static <T> List<T> each(String field, List<String> texts, Function<String, T> parser) {
        try {
            return texts.stream().map(parser).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    private static Duration duration(String field, String text) {
        return each(field, List.of(text), DurationText::parse).getFirst();
    }

    private static OptionalInt number(IntOrString value) {
        return value.getIntVal() == null ? OptionalInt.empty() : OptionalInt.of(value.getIntVal());
    }

    private static MssClamp mss(IntOrString value) {
        if (value.getIntVal() != null) {
            return new MssClamp.Fixed(value.getIntVal());
        }
        return value.getStrVal().equals("Off") ? MssClamp.OFF : MssClamp.AUTO;
    }

    private static AuthMethod method(Authentication.Method method) {
        return switch (method) {
            case MSCHAPV2 -> AuthMethod.MSCHAPV2;
            case MSCHAPV1 -> AuthMethod.MSCHAPV1;
            case CHAP_MD5 -> AuthMethod.CHAP_MD5;
            case PAP -> AuthMethod.PAP;
        };
    }

    private static ServerConfig.Encryption.Policy policy(Encryption.Policy policy) {
        return switch (policy) {
            case Required -> ServerConfig.Encryption.Policy.REQUIRED;
            case Preferred -> ServerConfig.Encryption.Policy.PREFERRED;
            case Off -> ServerConfig.Encryption.Policy.OFF;
        };
    }

    private static ServerConfig.Sessions.WhenExceeded whenExceeded(SessionPolicy.WhenExceeded value) {
        return switch (value) {
            case Replace -> ServerConfig.Sessions.WhenExceeded.REPLACE;
            case Deny -> ServerConfig.Sessions.WhenExceeded.DENY;
        };
    }

    private static ServerConfig.Log.Level level(Logging.Level level) {
        return switch (level) {
            case Error -> ServerConfig.Log.Level.ERROR;
            case Warn -> ServerConfig.Log.Level.WARN;
            case Info -> ServerConfig.Log.Level.INFO;
            case Debug -> ServerConfig.Log.Level.DEBUG;
        };
    }

    private static ServerConfig.Log.Format format(Logging.Format format) {
        return switch (format) {
            case Json -> ServerConfig.Log.Format.JSON;
            case Text -> ServerConfig.Log.Format.TEXT;
        };
    }

    private static ServerConfig.Datapath.PacketSocket packetSocket(PptpServerSpec.PacketSockets value) {
        return switch (value) {
            case Auto -> ServerConfig.Datapath.PacketSocket.AUTO;
            case Always -> ServerConfig.Datapath.PacketSocket.ALWAYS;
            case Never -> ServerConfig.Datapath.PacketSocket.OFF;
        };
    }

    private static ServerConfig.Datapath.Precedence realtimePriority(PptpServerSpec.RealtimePriority value) {
        return switch (value) {
            case Auto -> ServerConfig.Datapath.Precedence.AUTO;
            case Never -> ServerConfig.Datapath.Precedence.OFF;
        };
    }

    /** All addresses that clients of the server can get, exclusions taken out. */
    public AddressPool pools() {
        return pools;
    }

    /** What the data plane is told when it serves all pools alone. */
    public ServerConfig config() {
        return config;
    }

    /**
     * The text of {@code server.yaml} for a pod with a share of the pools. A share in more pieces than a data plane
     * takes is cut short.
     *
     * @param share not empty
     */
    public String withPools(AddressPool share) {
        List<String> ranges = share.ranges().stream().limit(MAX_RANGES).map(AddressRange::toString).toList();
        return ConfigWriter.writeServer(with(config, ranges, List.of()));
    }

    /**
     * A digest of all settings that a running data plane cannot change. Two specs with the same one need no new pods.
     */
    public String restartDigest() {
        Ipv4Address local = config.network().localAddress();
        // The live settings of one and the same other configuration replace this one's.
        ServerConfig other = ServerConfig.withDefaults(local, List.of(local.plus(1).toString()));
        return Digests.of(ConfigWriter.writeServer(LiveChange.between(config, other).config()));
    }

    private static ServerConfig with(ServerConfig config, List<String> pools, List<String> exclude) {
        ServerConfig.Network network = config.network();
        return new ServerConfig(config.name(), config.listen(),
                new ServerConfig.Network(network.tun(), network.localAddress(), pools, exclude, network.dns(),
                        network.wins(), network.mtu(), network.mss(), network.fragmentOversized(),
                        network.clientToClient(), network.allowedDestinations(), network.hostAccess(),
                        network.proxyArp(), network.nat()),
                config.authentication(), config.encryption(), config.ppp(), config.gre(), config.control(),
                config.limits(), config.sessions(), config.admin(), config.drain(), config.log(), config.datapath());
    }
}
