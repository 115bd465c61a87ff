package io.pptpoperator.crds;

import java.util.Map;

/** Descriptions of fields that come from Kubernetes' own types, whose Java model carries none. */
final class KubernetesDescriptions {

    private static final Map<String, String> BY_FIELD = Map.ofEntries(
            // Toleration
            Map.entry("key", "The taint's or label's key."),
            Map.entry("operator",
                    "How key and values relate: for tolerations Equal or Exists, for labels In, NotIn, "
                            + "Exists, DoesNotExist, and for nodes also Gt and Lt."),
            Map.entry("value", "The taint's value."),
            Map.entry("effect", "The taint's effect: NoSchedule, PreferNoSchedule or NoExecute; all when not set."),
            Map.entry("tolerationSeconds", "How long a NoExecute taint is tolerated; forever when not set."),
            // selectors
            Map.entry("matchLabels", "Labels that must be there with exactly these values."),
            Map.entry("matchExpressions", "Conditions on labels; all must hold."),
            Map.entry("matchFields", "Conditions on fields of the node, such as metadata.name; all must hold."),
            Map.entry("values", "The values that operator compares with."),
            // affinity
            Map.entry("nodeAffinity", "Which nodes the pods want."),
            Map.entry("podAffinity", "Which other pods the pods want near."),
            Map.entry("podAntiAffinity", "Which other pods the pods want far away."),
            Map.entry("requiredDuringSchedulingIgnoredDuringExecution", "Must hold when a pod is scheduled."),
            Map.entry("preferredDuringSchedulingIgnoredDuringExecution", "Should hold when a pod is scheduled."),
            Map.entry("nodeSelectorTerms", "Alternatives; one must hold."),
            Map.entry("weight", "How much this preference counts, 1 to 100."),
            Map.entry("preference", "The nodes that are preferred."),
            Map.entry("podAffinityTerm", "The pods that are meant."),
            Map.entry("labelSelector", "The pods that are meant, by label."),
            Map.entry("namespaceSelector", "Namespaces of the pods that are meant, by label."),
            Map.entry("namespaces", "Namespaces of the pods that are meant, by name."),
            Map.entry("topologyKey", "The node label whose equal values count as the same place."),
            Map.entry("matchLabelKeys",
                    "Label keys whose values are taken from the pod being scheduled; they must " + "match."),
            Map.entry("mismatchLabelKeys",
                    "Label keys whose values are taken from the pod being scheduled; they must " + "not match."));

    private KubernetesDescriptions() {}

    /** The description, or null, which {@link CommittedCrdsTest} finds. */
    static String of(String field) {
        return BY_FIELD.get(field);
    }
}
