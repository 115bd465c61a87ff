package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PodSettings;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.setting.DurationText;
import java.util.Map;
import java.util.TreeMap;

/** The pods of a server. */
final class PodTemplates {

    private static final String NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks";
    /** After the drain: ending the last calls in order, and taking the network set-up down. */
    private static final long SECONDS_AFTER_DRAIN = 15;

    private PodTemplates() {}

    static PodTemplateSpec of(PptpServer server, String defaultImage, String restartDigest) {
        PodSettings pod = server.getSpec().pod();
        boolean onHost = onHostNetwork(server);
        return new PodTemplateSpecBuilder().withNewMetadata()
                .withLabels(labels(server))
                .withAnnotations(annotations(server, restartDigest))
                .endMetadata()
                .withNewSpec()
                .withHostNetwork(onHost ? true : null)
                // Pods on the host network ask the node's name server unless told otherwise.
                .withDnsPolicy(onHost ? "ClusterFirstWithHostNet" : "ClusterFirst")
                .withServiceAccountName(Names.base(server))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(graceSeconds(server))
                .withContainers(DataPlaneContainer.container(server, defaultImage))
                .withVolumes(DataPlaneContainer.volumes(server))
                .withNodeSelector(pod.nodeSelector())
                .withTolerations(pod.tolerations())
                .withAffinity(affinity(server))
                .withPriorityClassName(pod.priorityClassName())
                .withImagePullSecrets(pod.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
                .endSpec()
                .build();
    }

    private static boolean onHostNetwork(PptpServer server) {
        return server.getSpec().exposure().type() == Exposure.Type.HostNetwork;
    }

    private static long graceSeconds(PptpServer server) {
        return DurationText.parse(server.getSpec().drainTimeout()).toSeconds() + SECONDS_AFTER_DRAIN;
    }

    private static Map<String, String> labels(PptpServer server) {
        var labels = new TreeMap<>(server.getSpec().pod().labels());
        labels.keySet().removeIf(PodTemplates::isOperators);
        labels.putAll(Labels.of(server));
        if (onHostNetwork(server)) {
            labels.put(Labels.HOST_NETWORK, "true");
        }
        return labels;
    }

    /**
     * What the operator says of pods nobody else says: that one is on the host network, say, keeps others off its node.
     */
    private static boolean isOperators(String key) {
        return key.startsWith(PptpServer.GROUP + "/");
    }

    private static Map<String, String> annotations(PptpServer server, String restartDigest) {
        var annotations = new TreeMap<>(server.getSpec().pod().annotations());
        annotations.keySet().removeIf(PodTemplates::isOperators);
        if (server.getSpec().exposure().type() == Exposure.Type.AttachedNetwork) {
            annotations.put(NETWORKS_ANNOTATION, server.getSpec().exposure().network());
        }
        annotations.put(Labels.RESTART_DIGEST, restartDigest);
        return annotations;
    }

    /** What the spec wants, and that pods of all servers on the host network keep away from each other. */
    private static Affinity affinity(PptpServer server) {
        Affinity wanted = server.getSpec().pod().affinity();
        var affinity = wanted == null ? new AffinityBuilder() : new AffinityBuilder(wanted);
        var apart = affinity.editOrNewPodAntiAffinity();
        if (onHostNetwork(server)) {
            return apart
                    .addToRequiredDuringSchedulingIgnoredDuringExecution(
                            term(Map.of(Labels.HOST_NETWORK, "true")).editOrNewNamespaceSelector()
                                    .endNamespaceSelector()
                                    .build())
                    .endPodAntiAffinity()
                    .build();
        }
        return apart.addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withPodAffinityTerm(term(Labels.selector(server)).build())
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    private static PodAffinityTermBuilder term(Map<String, String> labels) {
        return new PodAffinityTermBuilder(new PodAffinityTerm()).withTopologyKey("kubernetes.io/hostname")
                .withLabelSelector(new LabelSelectorBuilder().withMatchLabels(labels).build());
    }
}
