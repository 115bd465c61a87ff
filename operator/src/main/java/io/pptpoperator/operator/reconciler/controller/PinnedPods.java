package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.operator.render.Digests;
import io.pptpoperator.operator.resource.Labels;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the pods of a server with an image of its own are made of. Whoever names an image decides when pods are replaced:
 * while what the spec says of them stays, they stay as the operator made them that saw it first, whatever a new operator
 * would do otherwise. That is written down with the workload.
 *
 * @param template the pods
 * @param annotations what the workload is to be told with them
 */
record PinnedPods(PodTemplateSpec template, Map<String, String> annotations) {

    /**
     * The pods of a server.
     *
     * @param restartDigest of the settings that no running data plane can change
     * @param fresh how this operator makes them
     * @param live the workload that there is
     */
    static PinnedPods of(PptpServer server, String restartDigest, PodTemplateSpec fresh, Optional<HasMetadata> live) {
        if (server.getSpec().image() == null) {
            return new PinnedPods(fresh, Map.of());
        }
        String digest = digest(server.getSpec(), restartDigest);
        Map<String, String> known = live.map(it -> it.getMetadata().getAnnotations()).orElse(Map.of());
        String before = known == null ? null : known.get(Labels.PINNED_PODS);
        boolean same = before != null && digest.equals(known.get(Labels.PINNED_DIGEST));
        PodTemplateSpec template = same
                ? Serialization.unmarshal(before, PodTemplateSpec.class)
                : (before == null ? adopted(server, live) : Optional.<PodTemplateSpec>empty()).orElse(fresh);
        return new PinnedPods(template, Map.of(Labels.PINNED_DIGEST, digest, Labels.PINNED_PODS,
                same ? before : Serialization.asJson(template)));
    }

    /** The pods of an operator that wrote nothing down: they are what the spec says when it has reconciled that spec. */
    private static Optional<PodTemplateSpec> adopted(PptpServer server, Optional<HasMetadata> live) {
        boolean reconciled = server.getStatus() != null
                && Objects.equals(server.getStatus().observedGeneration(), server.getMetadata().getGeneration());
        return live.filter(it -> reconciled)
                .map(PinnedPods::template)
                .filter(it -> it.getSpec()
                        .getContainers()
                        .stream()
                        .anyMatch(container -> server.getSpec().image().equals(container.getImage())));
    }

    private static PodTemplateSpec template(HasMetadata workload) {
        return switch (workload) {
            case StatefulSet set -> set.getSpec().getTemplate();
            case DaemonSet set -> set.getSpec().getTemplate();
            default -> throw new IllegalArgumentException(workload.getKind() + " is no workload of a server");
        };
    }

    /** What the spec says of pods: all that would replace them if it changed. */
    private static String digest(PptpServerSpec spec, String restartDigest) {
        return Digests.of(Serialization.asJson(Arrays.asList(spec.image(), spec.imagePullPolicy(), spec.workload(),
                spec.exposure().type(), spec.exposure().network(), spec.pod(), spec.drainTimeout(), spec.adminPort(),
                Objects.requireNonNullElse(spec.probePort(), 0), restartDigest)));
    }
}
