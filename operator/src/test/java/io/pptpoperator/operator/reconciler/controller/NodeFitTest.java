package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeFitTest {

    private static final PodSpec ANYWHERE = new PodSpec();
    private static final Taint EDGE = new Taint("NoSchedule", "edge", null, "yes");

    private static Node node(Map<String, String> labels, Taint... taints) {
        return new NodeBuilder().withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withTaints(taints)
                .endSpec()
                .build();
    }

    private static PodSpec inZone(String zone) {
        return new PodSpecBuilder().withNodeSelector(Map.of("zone", zone)).build();
    }

    private static PodSpec tolerating(Toleration... tolerations) {
        return new PodSpecBuilder().withTolerations(tolerations).build();
    }

    @Test
    void aNodeThatHasEveryLabelTakesThePod() {
        List<Node> nodes = List.of(node(null), node(Map.of("zone", "a", "disk", "fast")));

        assertThat(NodeFit.obstacle(inZone("a"), nodes)).isEmpty();
        assertThat(NodeFit.obstacle(ANYWHERE, nodes)).isEmpty();
        assertThat(NodeFit.obstacle(inZone("b"), nodes))
                .hasValue("pod.nodeSelector: {zone=b} matches none of the 2 nodes");
    }

    @Test
    void whereNoNodeCanBeSeenNothingIsSaid() {
        assertThat(NodeFit.obstacle(inZone("a"), List.of())).isEmpty();
    }

    @Test
    void aTaintKeepsThePodsFromANodeThatDoNotTolerateIt() {
        List<Node> nodes = List.of(node(null, EDGE), node(Map.of("zone", "a"), EDGE));

        assertThat(NodeFit.obstacle(ANYWHERE, nodes))
                .hasValue("pod.tolerations: none is for edge=yes:NoSchedule, which keeps pods from all nodes");
        assertThat(NodeFit.obstacle(inZone("a"), nodes))
                .hasValueSatisfying(it -> assertThat(it).endsWith("every node that pod.nodeSelector allows"));
        for (Toleration enough : List.of(new Toleration("NoSchedule", "edge", "Equal", null, "yes"),
                new Toleration(null, "edge", "Exists", null, null), new Toleration(null, null, "Exists", null, null))) {
            assertThat(NodeFit.obstacle(tolerating(enough), nodes)).as("%s", enough).isEmpty();
        }
        for (Toleration other : List.of(new Toleration("NoExecute", "edge", "Equal", null, "yes"),
                new Toleration("NoSchedule", "edge", "Equal", null, "no"),
                new Toleration("NoSchedule", "core", "Exists", null, null))) {
            assertThat(NodeFit.obstacle(tolerating(other), nodes)).as("%s", other).isPresent();
        }
    }

    @Test
    void whatPassesOrOnlyAdvisesKeepsNobodyAway() {
        assertThat(NodeFit.obstacle(ANYWHERE,
                List.of(node(null, new Taint("NoExecute", "node.kubernetes.io/not-ready", null, null)))))
                .as("a node that is not ready")
                .isEmpty();
        assertThat(NodeFit.obstacle(ANYWHERE, List.of(node(null, new Taint("PreferNoSchedule", "edge", null, "yes")))))
                .isEmpty();
    }
}
