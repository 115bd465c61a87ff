package io.pptpoperator.operator.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus.AddressType;
import io.pptpoperator.crds.PptpServerStatus.ServerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What clients can dial to reach a server. */
final class ServerAddresses {

    private static final String NETWORK_STATUS = "k8s.v1.cni.cncf.io/network-status";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ServerAddresses() {}

    /**
     * The addresses that the spec names, or else one per ready pod.
     *
     * @param ready the server's ready pods
     * @param nodes finds nodes by name; where the operator may not see nodes it finds none
     */
    static List<ServerAddress> of(PptpServer server, List<Pod> ready, Function<String, Optional<Node>> nodes) {
        Exposure exposure = server.getSpec().exposure();
        if (!exposure.addresses().isEmpty()) {
            return exposure.addresses()
                    .stream()
                    .map(address -> new ServerAddress(address, AddressType.Configured, null, null))
                    .toList();
        }
        return ready.stream().flatMap(pod -> switch (exposure.type()) {
            case HostNetwork -> node(pod, nodes.apply(pod.getSpec().getNodeName())).stream();
            case PodNetwork -> first(pod, AddressType.PodIP, podIps(pod)).stream();
            case AttachedNetwork -> attached(pod).stream();
        }).distinct().sorted((one, other) -> one.pod().compareTo(other.pod())).toList();
    }

    private static Optional<ServerAddress> address(Pod pod, AddressType type, String address) {
        return Optional.ofNullable(address)
                .map(it -> new ServerAddress(it, type, pod.getMetadata().getName(), pod.getSpec().getNodeName()));
    }

    /** Without a look at the node there is the pod's hostIP left, which is one of the node's InternalIPs. */
    private static Optional<ServerAddress> node(Pod pod, Optional<Node> node) {
        return node.map(it -> it.getStatus().getAddresses())
                .flatMap(addresses -> Stream.of(AddressType.ExternalIP, AddressType.InternalIP)
                        .flatMap(type -> nodeAddresses(addresses, type).map(it -> address(pod, type, it)))
                        .flatMap(Optional::stream)
                        .findFirst())
                .or(() -> first(pod, AddressType.InternalIP, hostIps(pod)));
    }

    private static Optional<ServerAddress> first(Pod pod, AddressType type, Stream<String> addresses) {
        return addresses.filter(ServerAddresses::isIpv4).findFirst().flatMap(it -> address(pod, type, it));
    }

    /** The first one stands in both fields; of two families the node's first one is Kubernetes' first, too. */
    private static Stream<String> hostIps(Pod pod) {
        return Stream.concat(Stream.ofNullable(pod.getStatus().getHostIP()),
                pod.getStatus().getHostIPs().stream().map(HostIP::getIp));
    }

    private static Stream<String> podIps(Pod pod) {
        return Stream.concat(Stream.ofNullable(pod.getStatus().getPodIP()),
                pod.getStatus().getPodIPs().stream().map(PodIP::getIp));
    }

    /**
     * The IPv6 addresses that ready pods, or their nodes, have: when nothing else was found, they are why.
     *
     * @param ready the server's ready pods
     */
    static List<String> ipv6(PptpServer server, List<Pod> ready) {
        return ready.stream().flatMap(pod -> switch (server.getSpec().exposure().type()) {
            case HostNetwork -> hostIps(pod);
            case PodNetwork -> podIps(pod);
            case AttachedNetwork -> Stream.<String>empty();
        }).filter(it -> !isIpv4(it)).distinct().sorted().toList();
    }

    private static Stream<String> nodeAddresses(List<NodeAddress> addresses, AddressType type) {
        return addresses.stream()
                .filter(it -> it.getType().equals(type.name()))
                .map(NodeAddress::getAddress)
                .filter(ServerAddresses::isIpv4);
    }

    /** PPTP is IPv4, and so is its GRE. */
    private static boolean isIpv4(String address) {
        return address.indexOf(':') < 0;
    }

    /** The first address of the first interface that is not the cluster's own network. */
    private static Optional<ServerAddress> attached(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String status = annotations == null ? null : annotations.get(NETWORK_STATUS);
        if (status == null) {
            return Optional.empty();
        }
        try {
            for (JsonNode network : JSON.readTree(status)) {
                if (!network.path("default").asBoolean()) {
                    for (JsonNode ip : network.path("ips")) {
                        if (isIpv4(ip.asText())) {
                            return address(pod, AddressType.AttachedNetwork, ip.asText());
                        }
                    }
                }
            }
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
