package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.pptpoperator.crds.PptpServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A pod that brings the image of a server's next pods to a node, shows that it runs there, and ends. */
public final class ImageTrialPod {

    private static final String KIND = "app.kubernetes.io/name";
    /** The value of {@link #KIND}: nothing that selects a server's pods selects these. */
    private static final String NAME = "pptp-image-trial";
    private static final long NOBODY = 65_534;
    /** On a node that is nearly full it shall find room. */
    private static final Map<String, Quantity> REQUESTS = Map.of("cpu", new Quantity("10m"), "memory",
            new Quantity("32Mi"));

    private ImageTrialPod() {}

    /** What the names of a server's trials begin with. */
    public static String prefix(PptpServer server) {
        return Names.base(server) + "-image-";
    }

    /** Whether a pod was made for this. */
    public static boolean isOne(Pod pod) {
        return NAME.equals(pod.getMetadata().getLabels().get(KIND));
    }

    /** The different images of a pod, in the order of its containers. */
    public static List<String> images(PodSpec pod) {
        return pod.getContainers().stream().map(Container::getImage).distinct().toList();
    }

    /**
     * Tries the images of pods on a node, with the rights of nobody.
     *
     * @param pods what the server's pods shall be
     */
    public static Pod of(PptpServer server, PodSpec pods, String node) {
        var containers = new ArrayList<Container>();
        for (String image : images(pods)) {
            Container like = pods.getContainers().stream().filter(it -> image.equals(it.getImage())).findFirst().get();
            containers.add(container("image-" + containers.size(), like));
        }
        var labels = new TreeMap<>(Labels.of(server));
        labels.put(KIND, NAME);
        PodSpec spec = new PodSpecBuilder()
                // Where the pod is that waits for the image: not even a cordoned node is another.
                .withNodeName(node)
                .withRestartPolicy("Never")
                .withServiceAccountName(Names.base(server))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(1L)
                .withTolerations(pods.getTolerations())
                .withImagePullSecrets(pods.getImagePullSecrets() == null
                        ? List.<LocalObjectReference>of()
                        : pods.getImagePullSecrets())
                .withContainers(containers)
                .build();
        return new PodBuilder().withNewMetadata()
                // A pod's spec cannot be changed: with another secret to pull with, it is another pod.
                .withName(prefix(server) + UUID.nameUUIDFromBytes(spec.toString().getBytes(StandardCharsets.UTF_8)))
                .withNamespace(server.getMetadata().getNamespace())
                .withLabels(labels)
                .withOwnerReferences(Owners.controller(server))
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    private static Container container(String name, Container like) {
        return new ContainerBuilder().withName(name)
                .withImage(like.getImage())
                .withImagePullPolicy(like.getImagePullPolicy())
                .withArgs("--version")
                .withResources(resources(like.getResources()))
                .withNewSecurityContext()
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withAllowPrivilegeEscalation(false)
                .withRunAsUser(NOBODY)
                .withReadOnlyRootFilesystem(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .build();
    }

    private static ResourceRequirements resources(ResourceRequirements like) {
        return new ResourceRequirementsBuilder().withRequests(REQUESTS)
                .withLimits(like == null ? null : like.getLimits())
                .build();
    }
}
