package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetUpdateStrategyBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec.Workload;
import io.pptpoperator.crds.Radius;
import io.pptpoperator.crds.UpdatePolicy;
import io.pptpoperator.dataplane.config.ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every object that a PptpServer is made of, as it shall be. Pure: builds, and asks nobody. */
public final class ServerObjects {

    private static final String ROLLING = "RollingUpdate";
    private static final String ON_DELETE = "OnDelete";
    /** More than any pod's number. */
    private static final int NOBODY = Integer.MAX_VALUE;

    private final PptpServer server;
    private final String operatorNamespace;
    private final SortedSet<String> scrapers;

    /**
     * The objects of one server.
     *
     * @param operatorNamespace where the operator calls the administration port from
     * @param scrapers other namespaces whose pods may call it
     */
    public ServerObjects(PptpServer server, String operatorNamespace, Set<String> scrapers) {
        this.scrapers = new TreeSet<>(scrapers);
        this.server = server;
        this.operatorNamespace = operatorNamespace;
    }

    /** Where the administration port of the server's pods is. */
    public static ServerConfig.Admin admin(PptpServer server) {
        return DataPlaneContainer.admin(server);
    }

    /** The administration port of one pod, which may have been made when the spec named another. */
    public static int adminPort(PptpServer server, Pod pod) {
        return pod.getSpec()
                .getContainers()
                .stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> DataPlaneContainer.ADMIN.equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(server.getSpec().adminPort());
    }

    private ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder().withName(name)
                .withNamespace(server.getMetadata().getNamespace())
                .withLabels(Labels.of(server))
                .withOwnerReferences(Owners.controller(server))
                .build();
    }

    /** The files that the pods read, by name. Made of data, not stringData, so that what is stored compares equal. */
    public Secret configuration(Map<String, String> files) {
        return secret(Names.configuration(server), "Opaque", files);
    }

    /** The administration port's certificate, key and the CA of its clients, all PEM. */
    public Secret adminTls(String certificate, String key, String clientCa) {
        return secret(Names.adminTls(server), "kubernetes.io/tls",
                Map.of("tls.crt", certificate, "tls.key", key, "ca.crt", clientCa));
    }

    private Secret secret(String name, String type, Map<String, String> files) {
        var data = new TreeMap<String, String>();
        files.forEach((file, text) -> data.put(file,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder().withMetadata(metadata(name)).withType(type).withData(data).build();
    }

    /** The pods as this operator makes them. */
    public PodTemplateSpec pods(String defaultImage, String restartDigest) {
        return PodTemplates.of(server, defaultImage, restartDigest);
    }

    /**
     * All objects but the two Secrets, in the order in which they are made.
     *
     * @param replicas how many pods a StatefulSet shall have
     * @param pods what its pods are made of
     * @param updates when they are replaced because of that
     * @param annotations of the workload
     */
    public List<HasMetadata> around(int replicas, PodTemplateSpec pods, UpdatePolicy.Type updates,
            Map<String, String> annotations) {
        boolean perNode = server.getSpec().workload() == Workload.DaemonSet;
        var objects = new ArrayList<HasMetadata>(List.of(serviceAccount(), service()));
        if (!perNode) {
            objects.add(disruptionBudget());
        }
        if (server.getSpec().exposure().type() != Exposure.Type.PodNetwork) {
            objects.add(networkPolicy());
        }
        objects.add(
                perNode ? daemonSet(pods, updates, annotations) : statefulSet(pods, replicas, updates, annotations));
        return objects;
    }

    private ServiceAccount serviceAccount() {
        return new ServiceAccountBuilder().withMetadata(metadata(Names.base(server)))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** Without an address of its own: it names the pods, and forwards nothing. */
    private Service service() {
        return new ServiceBuilder().withMetadata(metadata(Names.base(server)))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selector(server))
                .addNewPort()
                .withName("pptp")
                .withPort(DataPlaneContainer.PPTP_PORT)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString("pptp"))
                .endPort()
                .addNewPort()
                .withName("admin")
                .withPort(server.getSpec().adminPort())
                .withProtocol("TCP")
                .withTargetPort(new IntOrString("admin"))
                .endPort()
                .endSpec()
                .build();
    }

    /**
     * Not for a DaemonSet: a budget needs a workload with the subresource scale to count from, and allows no eviction
     * at all without one. kubectl drain passes DaemonSets by, and their own rollout goes pod by pod.
     */
    private PodDisruptionBudget disruptionBudget() {
        return new PodDisruptionBudgetBuilder().withMetadata(metadata(Names.base(server)))
                .withNewSpec()
                // A pod that serves nobody keeps no node from being drained.
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Labels.selector(server))
                .endSelector()
                .endSpec()
                .build();
    }

    /**
     * Only the operator, and whoever scrapes, reaches the administration port. Not for pods that take GRE through the
     * pod network: a policy cannot name that protocol, so any policy would shut it out; there mutual TLS alone keeps
     * others off.
     */
    private NetworkPolicy networkPolicy() {
        return new NetworkPolicyBuilder().withMetadata(metadata(Names.base(server)))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(Labels.selector(server))
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .addNewPort()
                .withPort(new IntOrString(DataPlaneContainer.PPTP_PORT))
                .withProtocol("TCP")
                .endPort()
                .endIngress()
                .addNewIngress()
                .withFrom(callers())
                .addNewPort()
                .withPort(new IntOrString(server.getSpec().adminPort()))
                .withProtocol("TCP")
                .endPort()
                .endIngress()
                .addAllToIngress(orderers())
                .endSpec()
                .build();
    }

    /** RADIUS servers that may end and change sessions (RFC 5176). */
    private List<NetworkPolicyIngressRule> orderers() {
        return Optional.ofNullable(server.getSpec().radius())
                .map(Radius::dynamicAuthorization)
                .filter(it -> Boolean.TRUE.equals(it.enabled()) && !it.clients().isEmpty())
                .map(it -> new NetworkPolicyIngressRuleBuilder()
                        .withFrom(it.clients()
                                .stream()
                                .map(client -> new NetworkPolicyPeerBuilder().withNewIpBlock()
                                        .withCidr(client)
                                        .endIpBlock()
                                        .build())
                                .toList())
                        .addNewPort()
                        .withPort(new IntOrString(it.port()))
                        .withProtocol("UDP")
                        .endPort()
                        .build())
                .stream()
                .toList();
    }

    private List<NetworkPolicyPeer> callers() {
        var callers = new ArrayList<NetworkPolicyPeer>();
        callers.add(new NetworkPolicyPeerBuilder(podsOf(operatorNamespace)).withNewPodSelector()
                .addToMatchLabels("app.kubernetes.io/name", Labels.OPERATOR)
                .endPodSelector()
                .build());
        scrapers.forEach(namespace -> callers.add(podsOf(namespace)));
        return callers;
    }

    private static NetworkPolicyPeer podsOf(String namespace) {
        return new NetworkPolicyPeerBuilder().withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", namespace)
                .endNamespaceSelector()
                .build();
    }

    private ObjectMeta workload(Map<String, String> annotations) {
        return new ObjectMetaBuilder(metadata(Names.base(server)))
                .withAnnotations(annotations.isEmpty() ? null : annotations)
                .build();
    }

    private StatefulSet statefulSet(PodTemplateSpec pods, int replicas, UpdatePolicy.Type updates,
            Map<String, String> annotations) {
        var strategy = new StatefulSetUpdateStrategyBuilder();
        switch (updates) {
            case RollingUpdate -> strategy.withType(ROLLING);
            case OnDelete -> strategy.withType(ON_DELETE);
            // Whichever pod ends comes back as it was: its number is below this one.
            case Paused -> strategy.withType(ROLLING).withNewRollingUpdate().withPartition(NOBODY).endRollingUpdate();
        }
        return new StatefulSetBuilder().withMetadata(workload(annotations))
                .withNewSpec()
                .withReplicas(replicas)
                .withServiceName(Names.base(server))
                // One pod without a node must not keep the others from starting; updates still go one by one.
                .withPodManagementPolicy("Parallel")
                .withUpdateStrategy(strategy.build())
                .withNewSelector()
                .withMatchLabels(Labels.selector(server))
                .endSelector()
                .withTemplate(pods)
                .endSpec()
                .build();
    }

    private DaemonSet daemonSet(PodTemplateSpec pods, UpdatePolicy.Type updates, Map<String, String> annotations) {
        var strategy = new DaemonSetUpdateStrategyBuilder();
        switch (updates) {
            case RollingUpdate -> strategy.withType(ROLLING)
                    .withNewRollingUpdate()
                    // The new pod needs the old one's port.
                    .withMaxSurge(new IntOrString(0))
                    .withMaxUnavailable(new IntOrString(1))
                    .endRollingUpdate();
            case OnDelete, Paused -> strategy.withType(ON_DELETE);
        }
        return new DaemonSetBuilder().withMetadata(workload(annotations))
                .withNewSpec()
                .withUpdateStrategy(strategy.build())
                .withNewSelector()
                .withMatchLabels(Labels.selector(server))
                .endSelector()
                .withTemplate(pods)
                .endSpec()
                .build();
    }
}
