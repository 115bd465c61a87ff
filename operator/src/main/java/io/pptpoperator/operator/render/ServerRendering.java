package io.pptpoperator.operator.render;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.LiveChange;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The data plane's {@code server.yaml} of a PptpServer. Everything that every pod of the server has in common is made
 * once; {@link #withPools} then gives each pod its share of the pools.
 */
public final class ServerRendering {

    /** Longest name that a Start-Control-Connection-Reply can carry (RFC 2637 section 2.2), without the zero. */
    private static final int MAX_NAME = 63;
    /** More ranges than that in one {@code server.yaml} are refused by the data plane. */
    private static final int MAX_RANGES = 1024;

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

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
        boolean useClusterDNS = Boolean.TRUE.equals(server.getSpec().useClusterDNS());
        var problems = new ArrayList<String>();
        if (useClusterDNS && clusterDns.isEmpty()) {
            problems.add("useClusterDNS: the operator does not know the cluster's name server; set"
                    + " PPTP_OPERATOR_CLUSTER_DNS in its environment");
        }
        problems.addAll(exposureProblems(server.getSpec()));
        List<FieldProblem> found = new ArrayList<>();
        Optional<ServerConfig> config = ConfigReader.serverAmongOthers(YamlNode.of(settings(server, admin)), found);
        if (useClusterDNS && config.isPresent()) {
            config = Optional.of(config.get().withDnsFirst(clusterDns));
            found.addAll(ConfigCheck.server(config.get()));
        }
        found.stream().map(FieldProblem::toString).forEach(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return new ServerRendering(config.orElseThrow());
    }

    /** What {@code server.yaml} and a PptpServer have in common has the same name and form in both. */
    private static Map<String, Object> settings(PptpServer server, ServerConfig.Admin admin) {
        Map<?, ?> spec = SERIALIZATION.convertValue(server.getSpec(), Map.class);
        Map<String, Object> settings = new TreeMap<>();
        spec.forEach((key, value) -> settings.put(key.toString(), value));
        settings.put("name", name(server));
        settings.remove("adminPort");
        settings.putAll(Section.of(ServerConfig.Admin.class).write(admin));
        return settings;
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

    private static String name(PptpServer server) {
        String name = server.getMetadata().getName();
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
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
        return ConfigWriter.writeServer(config.withPools(ranges, List.of()));
    }

    /**
     * A digest of all settings that a running data plane cannot change. Two specs with the same one need no new pods.
     */
    public String restartDigest() {
        Ipv4Address local = config.network().localIP();
        // The live settings of one and the same other configuration replace this one's.
        ServerConfig other = ServerConfig.withDefaults(local, List.of(local.plus(1).toString()));
        return Digests.of(ConfigWriter.writeServer(LiveChange.between(config, other).config()));
    }
}
