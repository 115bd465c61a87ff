package io.pptpoperator.operator.cluster;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows for the types of Kubernetes that a PptpServer takes over: what the API server would refuse in a pod, and what the
 * CRD has to say to it. Each is tried at every place that takes such a value.
 */
final class EmbeddedRows {

    /** A refusal: the spec, and what is said. */
    record Refused(String spec, String reason) {}

    private static final String SERVER = "localIP: 10.8.0.1, pools: [10.8.1.1], ";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private static final List<String> NODE_REQUIREMENTS = List.of("matchExpressions", "matchFields")
            .stream()
            .flatMap(list -> Stream.of(
                    affinity("nodeAffinity: {" + PREFERRED + ": [{weight: 1, preference: {" + list + ": [%s]}}]}"),
                    affinity("nodeAffinity: {" + REQUIRED + ": {nodeSelectorTerms: [{" + list + ": [%s]}]}}")))
            .toList();
    private static final List<String> POD_TERMS = List.of("podAffinity", "podAntiAffinity")
            .stream()
            .flatMap(kind -> Stream.of(
                    affinity(kind + ": {" + PREFERRED + ": [{weight: 1, podAffinityTerm: {topologyKey: host, %s}}]}"),
                    affinity(kind + ": {" + REQUIRED + ": [{topologyKey: host, %s}]}")))
            .toList();
    private static final List<String> LABEL_REQUIREMENTS = Stream
            .concat(Stream.of("users: {selector: {matchExpressions: [%s]}}"),
                    POD_TERMS.stream()
                            .flatMap(term -> Stream.of("labelSelector", "namespaceSelector")
                                    .map(selector -> term.formatted(selector + ": {matchExpressions: [%s]}"))))
            .toList();

    private EmbeddedRows() {}

    private static String affinity(String kind) {
        return "pod: {affinity: {" + kind + "}}";
    }

    private static Stream<Refused> refused(List<String> places, String value, String reason) {
        return places.stream().map(place -> new Refused(SERVER + place.formatted(value), reason));
    }

    /** Specs that are refused. */
    static Stream<Refused> refused() {
        List<String> requirements = Stream.concat(NODE_REQUIREMENTS.stream(), LABEL_REQUIREMENTS.stream()).toList();
        return Stream.of(refused(requirements, "{key: a, operator: In}", "values must name one or more"),
                refused(requirements, "{key: a, operator: NotIn, values: []}", "values must name one or more"),
                refused(requirements, "{key: a, operator: Exists, values: [b]}", "values must not be there"),
                refused(requirements, "{key: a, operator: Like}", "supported values: "),
                refused(requirements, "{operator: Exists}", "key: Required value"),
                refused(requirements, "{key: a}", "operator: Required value"),
                refused(requirements, "{key: '', operator: Exists}", "should be at least 1 chars long"),
                refused(requirements, "{key: a, operator: In, values: [" + "x".repeat(64) + "]}", "Too long"),
                refused(NODE_REQUIREMENTS, "{key: a, operator: Gt, values: [x]}", "values must be one whole number"),
                refused(LABEL_REQUIREMENTS, "{key: a, operator: Gt, values: ['1']}", "supported values: "),
                pod("tolerations: [{operator: Exist}]", "supported values: \"Equal\", \"Exists\""),
                pod("tolerations: [{key: a}, {value: b}]",
                        "tolerations[1]: Invalid value: \"object\": operator must be Exists"),
                pod("tolerations: [{key: a, operator: Exists, value: b}]", "value must not be there"),
                pod("tolerations: [{key: a, tolerationSeconds: 5}]", "tolerationSeconds needs the effect NoExecute"),
                pod("tolerations: [{key: a, effect: Never}]", "supported values: \"NoSchedule\""),
                pod("tolerations: [{key: '', operator: Exists}]", "should be at least 1 chars long"),
                pod("tolerations: [{key: a, value: " + "x".repeat(64) + "}]", "Too long"),
                pod("resources: {limits: {memory: '128MB!'}}", "128MB! is not a quantity such as"),
                pod("resources: {limits: {cpu: -1}}", "-1 is not a quantity such as"),
                pod("resources: {requests: {cpu: many}}", "many is not a quantity such as"),
                pod("resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}",
                        "must not be more than resources.limits"),
                pod("imagePullSecrets: [ok, Not_ok]",
                        "imagePullSecrets[1]: Invalid value: \"string\": Not_ok cannot be"),
                pod("priorityClassName: High Up", "High Up cannot be a name"),
                pod("affinity: {nodeAffinity: {" + REQUIRED + ": {}}}", "nodeSelectorTerms: Required value"),
                pod("affinity: {nodeAffinity: {" + PREFERRED + ": [{preference: {}}]}}", "weight: Required value"),
                pod("affinity: {nodeAffinity: {" + PREFERRED + ": [{weight: 101, preference: {}}]}}",
                        "less than or equal to 100"),
                pod("affinity: {podAffinity: {" + PREFERRED + ": [{weight: 0, podAffinityTerm: {topologyKey: a}}]}}",
                        "greater than or equal to 1"),
                pod("affinity: {podAffinity: {" + REQUIRED + ": [{}]}}", "topologyKey: Required value"),
                pod("affinity: {podAntiAffinity: {" + REQUIRED + ": [{topologyKey: ''}]}}", "at least 1 chars long"))
                .flatMap(it -> it);
    }

    private static Stream<Refused> pod(String settings, String reason) {
        return refused(List.of("pod: {%s}"), settings, reason);
    }

    /** Specs that are accepted. */
    static Stream<String> accepted() {
        return Stream
                .of(places(NODE_REQUIREMENTS, "{key: a, operator: Gt, values: ['1']}"),
                        places(LABEL_REQUIREMENTS, "{key: a, operator: NotIn, values: [b, c]}"),
                        places(LABEL_REQUIREMENTS, "{key: example.com/a, operator: DoesNotExist}"),
                        places(List.of("pod: {%s}"),
                                "tolerations: [{operator: Exists}, {key: a, value: b, effect: NoExecute, "
                                        + "tolerationSeconds: 5}]"),
                        places(List.of("pod: {%s}"),
                                "resources: {requests: {cpu: 500m, memory: 256Mi, example.com/tun: 1}, "
                                        + "limits: {cpu: 2, memory: 256Mi, example.com/tun: 1}}"),
                        places(List.of("pod: {%s}"),
                                "imagePullSecrets: [registry], priorityClassName: system-node-critical"))
                .flatMap(it -> it);
    }

    private static Stream<String> places(List<String> places, String value) {
        return places.stream().map(place -> SERVER + place.formatted(value));
    }
}
