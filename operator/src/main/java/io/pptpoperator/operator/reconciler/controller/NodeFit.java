package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether a pod can be put on any node at all, as far as its nodeSelector and tolerations say. What passes, as that a
 * node is cordoned or not ready, does not count. Pure.
 */
final class NodeFit {

    /** Kubernetes' own taints tell how a node is at the moment. */
    private static final String PASSING = "node.kubernetes.io/";
    private static final String EXISTS = "Exists";
    private static final String ADVISORY = "PreferNoSchedule";

    private NodeFit() {}

    /**
     * What keeps a pod from every node.
     *
     * @param nodes all that there are; of none, nothing is said
     * @return the field and its value; empty when some node takes the pod
     */
    static Optional<String> obstacle(PodSpec pod, Collection<Node> nodes) {
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> selector = Objects.requireNonNullElse(pod.getNodeSelector(), Map.of());
        List<Node> selected = nodes.stream()
                .filter(node -> labels(node).entrySet().containsAll(selector.entrySet()))
                .toList();
        if (selected.isEmpty()) {
            return Optional.of(
                    "pod.nodeSelector: " + new TreeMap<>(selector) + " matches none of the " + nodes.size() + " nodes");
        }
        if (selected.stream().anyMatch(node -> repelling(pod, node).isEmpty())) {
            return Optional.empty();
        }
        String taints = selected.stream()
                .flatMap(node -> repelling(pod, node).stream())
                .map(NodeFit::text)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Optional.of("pod.tolerations: none is for " + taints + ", which keeps pods from "
                + (selector.isEmpty() ? "all nodes" : "every node that pod.nodeSelector allows"));
    }

    private static Map<String, String> labels(Node node) {
        return Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    }

    private static List<Taint> repelling(PodSpec pod, Node node) {
        List<Taint> taints = node.getSpec() == null ? List.of() : node.getSpec().getTaints();
        List<Toleration> tolerations = Objects.requireNonNullElse(pod.getTolerations(), List.of());
        return taints.stream()
                .filter(taint -> !ADVISORY.equals(taint.getEffect()) && !taint.getKey().startsWith(PASSING))
                .filter(taint -> tolerations.stream().noneMatch(toleration -> tolerates(toleration, taint)))
                .toList();
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        boolean sameKey = isNone(toleration.getKey()) || toleration.getKey().equals(taint.getKey());
        boolean sameValue = EXISTS.equals(toleration.getOperator())
                || Objects.equals(Objects.requireNonNullElse(toleration.getValue(), ""),
                        Objects.requireNonNullElse(taint.getValue(), ""));
        boolean sameEffect = isNone(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect());
        return sameKey && sameValue && sameEffect;
    }

    private static boolean isNone(String text) {
        return text == null || text.isEmpty();
    }

    private static String text(Taint taint) {
        return taint.getKey() + (isNone(taint.getValue()) ? "" : "=" + taint.getValue()) + ":" + taint.getEffect();
    }
}
