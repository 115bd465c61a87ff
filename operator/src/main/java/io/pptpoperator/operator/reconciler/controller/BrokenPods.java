package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Pods that serve nobody, and that Kubernetes leaves as they are although the spec was put right: with its feature
 * MaxUnavailableStatefulSet (on from 1.35) the controller ends no pod, not even a broken one, while as many as may be
 * missing are. Pure.
 */
final class BrokenPods {

    private static final String REVISION = "controller-revision-hash";
    /** Older controllers have replaced it long before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BrokenPods() {}

    /** One that has to be ended so that it comes back as it shall be; none while the workload keeps its pods. */
    static Optional<Pod> next(StatefulSet set, List<Pod> pods, Instant now) {
        boolean rolls = set.getStatus() != null && set.getStatus().getUpdateRevision() != null
                && Objects.equals(set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration())
                && !Replacement.isHeld(set);
        return pods.stream()
                .filter(pod -> rolls && pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> !PptpServerStatuses.isReady(pod) && hasUnreadyContainer(pod) && isSettled(pod, now))
                .filter(pod -> !set.getStatus().getUpdateRevision().equals(revision(pod)))
                .findFirst();
    }

    private static String revision(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of()).get(REVISION);
    }

    /** Of a node that is cut off Kubernetes calls all pods unready; their containers may serve people as before. */
    private static boolean hasUnreadyContainer(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getContainerStatuses().stream().anyMatch(it -> !Boolean.TRUE.equals(it.getReady()));
    }

    private static boolean isSettled(Pod pod, Instant now) {
        return pod.getStatus() != null && pod.getStatus()
                .getConditions()
                .stream()
                .filter(it -> it.getType().equals("Ready") && it.getStatus().equals("False"))
                .anyMatch(it -> Timestamps.read(it.getLastTransitionTime())
                        .filter(time -> time.plus(PATIENCE).isBefore(now))
                        .isPresent());
    }
}
