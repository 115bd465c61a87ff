package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.resource.ImageTrialPod;
import io.pptpoperator.operator.status.PptpServerStatuses;
import io.pptpoperator.operator.status.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the image that pods are to be replaced for can be had where they run. It is brought there first, by a pod that
 * does nothing else: a pod that serves ends for an image that is there, and for no typing error. Pure.
 *
 * @param pods that try the image, one on each node where a pod serves with another; without those whose time is over
 * @param isOver whether nothing has to be waited for
 * @param obstacle why the image cannot be had, when a node says so
 */
record ImageTrial(List<Pod> pods, boolean isOver, Optional<String> obstacle) {

    /** Nothing to try. */
    static final ImageTrial NONE = new ImageTrial(List.of(), true, Optional.empty());

    /** What kubelets say while an image is not there; all else they say later. */
    private static final Set<String> NOT_PULLED = Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName",
            "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed");
    private static final Set<String> NOT_STARTED = Set.of("StartError", "CreateContainerError",
            "CreateContainerConfigError", "RunContainerError");
    /** After so long what came to nothing is tried anew: the image may be another, or the node better. */
    private static final Duration AGAIN = Duration.ofMinutes(5);
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    /** Copies the list. */
    ImageTrial {
        pods = List.copyOf(pods);
    }

    /**
     * What has to be tried, and how far that is.
     *
     * @param next what pods shall be
     * @param running the server's pods
     * @param made the pods that try images already
     */
    static ImageTrial of(PptpServer server, PodSpec next, List<Pod> running, List<Pod> made, Instant now) {
        List<String> images = ImageTrialPod.images(next);
        List<Pod> wanted = running.stream()
                .filter(PptpServerStatuses::isReady)
                .filter(pod -> !ImageTrialPod.images(pod.getSpec()).equals(images))
                .map(pod -> pod.getSpec().getNodeName())
                .distinct()
                .sorted()
                .map(node -> ImageTrialPod.of(server, next, node))
                .toList();
        Map<String, Pod> there = made.stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity(), (a, b) -> a,
                        TreeMap::new));
        List<Optional<Pod>> tried = wanted.stream()
                .map(pod -> Optional.ofNullable(there.get(pod.getMetadata().getName())))
                .toList();
        List<Pod> kept = wanted.stream()
                .filter(pod -> Optional.ofNullable(there.get(pod.getMetadata().getName()))
                        .filter(it -> trouble(it).isPresent() && isOld(it, now))
                        .isEmpty())
                .toList();
        return new ImageTrial(kept, tried.stream().allMatch(it -> it.filter(ImageTrial::isPulled).isPresent()),
                tried.stream().flatMap(Optional::stream).flatMap(it -> trouble(it).stream()).findFirst());
    }

    /** Whether all images are there and can be started; or the node refuses the pod itself, and nothing can be known. */
    private static boolean isPulled(Pod trial) {
        return trouble(trial).isEmpty() && trial.getStatus() != null
                && (OVER.contains(trial.getStatus().getPhase())
                        || trial.getStatus().getContainerStatuses().size() == trial.getSpec().getContainers().size()
                                && trial.getStatus().getContainerStatuses().stream().allMatch(ImageTrial::isMade));
    }

    private static boolean isOld(Pod trial, Instant now) {
        return Timestamps.read(trial.getMetadata().getCreationTimestamp())
                .filter(made -> made.plus(AGAIN).isBefore(now))
                .isPresent();
    }

    private static boolean isMade(ContainerStatus container) {
        ContainerState state = container.getState();
        return state != null && (state.getRunning() != null || state.getTerminated() != null);
    }

    private static Optional<String> trouble(Pod trial) {
        return trial.getStatus() == null
                ? Optional.empty()
                : trial.getStatus()
                        .getContainerStatuses()
                        .stream()
                        .flatMap(it -> trouble(trial, it).stream())
                        .findFirst();
    }

    private static Optional<String> trouble(Pod trial, ContainerStatus container) {
        ContainerState state = container.getState();
        String node = trial.getSpec().getNodeName();
        String image = trial.getSpec()
                .getContainers()
                .stream()
                .filter(it -> it.getName().equals(container.getName()))
                .findFirst()
                .map(it -> it.getImage())
                .orElse(container.getImage());
        if (state == null) {
            return Optional.empty();
        }
        if (state.getWaiting() != null && NOT_PULLED.contains(state.getWaiting().getReason())) {
            return Optional.of("image: " + image + " cannot be pulled to node " + node + ": "
                    + said(state.getWaiting().getReason(), state.getWaiting().getMessage()));
        }
        if (state.getWaiting() != null) {
            return notStarted(image, node, state.getWaiting().getReason(), state.getWaiting().getMessage());
        }
        return state.getTerminated() == null
                ? Optional.empty()
                : notStarted(image, node, state.getTerminated().getReason(), state.getTerminated().getMessage());
    }

    private static Optional<String> notStarted(String image, String node, String reason, String message) {
        return reason != null && NOT_STARTED.contains(reason)
                ? Optional.of("image: " + image + " cannot be started on node " + node + ": " + said(reason, message))
                : Optional.empty();
    }

    private static String said(String reason, String message) {
        return message == null || message.isBlank() ? reason : reason + ": " + ApiErrors.onOneLine(message);
    }
}
