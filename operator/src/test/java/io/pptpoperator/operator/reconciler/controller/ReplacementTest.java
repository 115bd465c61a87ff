package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplacementTest {

    @Test
    void aStatefulSetReplacesPodsWhileItsRevisionsDiffer() {
        assertThat(Replacement.of(Optional.empty(), true)).isEmpty();
        assertThat(Replacement.of(Optional.of(new StatefulSet()), true)).isEmpty();
        assertThat(Replacement.of(statefulSet(null, null), true)).isEmpty();
        assertThat(Replacement.of(statefulSet("office-pptp-1", "office-pptp-1"), true)).isEmpty();
        assertThat(Replacement.of(statefulSet("office-pptp-1", "office-pptp-2"), true)).hasValueSatisfying(
                it -> assertThat(it).startsWith("pods are replaced one at a time").contains("office-pptp-2"));
    }

    @Test
    void aDaemonSetReplacesPodsWhileSomeAreOfAnEarlierKind() {
        assertThat(Replacement.ofPerNode(Optional.empty(), true)).isEmpty();
        assertThat(Replacement.ofPerNode(Optional.of(new DaemonSet()), true)).isEmpty();
        assertThat(Replacement.ofPerNode(daemonSet(2L, 4, 4), true)).isEmpty();
        assertThat(Replacement.ofPerNode(daemonSet(1L, 4, 3), true)).as("not counted for this generation yet")
                .isEmpty();
        assertThat(Replacement.ofPerNode(daemonSet(2L, 4, null), true)).isPresent();
        assertThat(Replacement.ofPerNode(daemonSet(2L, 4, 3), true))
                .hasValueSatisfying(it -> assertThat(it).contains("office-pptp generation 2"));
    }

    @Test
    void anUpdatePolicyThatKeepsPodsAsTheyWereIsSaid() {
        StatefulSet waiting = new StatefulSetBuilder(statefulSet("a", "b").orElseThrow()).editStatus()
                .withReplicas(2)
                .withUpdatedReplicas(1)
                .endStatus()
                .withNewSpec()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .endSpec()
                .build();
        assertThat(Replacement.of(Optional.of(waiting), false))
                .hasValueSatisfying(it -> assertThat(it).contains("updatePolicy keeps them as they were"));
        assertThat(Replacement.of(Optional.of(waiting), true)).as("what waits for its image, or a node")
                .hasValueSatisfying(it -> assertThat(it).contains("once their nodes have the image"));

        StatefulSet done = new StatefulSetBuilder(waiting).editStatus().withUpdatedReplicas(2).endStatus().build();
        assertThat(Replacement.of(Optional.of(done), false)).as("the current revision never follows").isEmpty();
    }

    /** The controller of StatefulSets counts a moment after the change. */
    @Test
    void whatIsNotCountedYetMayReplacePods() {
        StatefulSet settled = new StatefulSetBuilder(statefulSet("a", "a").orElseThrow()).withNewMetadata()
                .withGeneration(2L)
                .endMetadata()
                .editStatus()
                .withObservedGeneration(2L)
                .endStatus()
                .build();

        assertThat(Replacement.mayFollow(settled)).isFalse();
        assertThat(Replacement
                .mayFollow(new StatefulSetBuilder(settled).editMetadata().withGeneration(3L).endMetadata().build()))
                .isTrue();
        assertThat(Replacement
                .mayFollow(new StatefulSetBuilder(settled).editStatus().withUpdateRevision("b").endStatus().build()))
                .isTrue();
        assertThat(Replacement.mayFollow(new StatefulSet())).isTrue();
    }

    private static Optional<StatefulSet> statefulSet(String current, String update) {
        return Optional.of(new StatefulSetBuilder().withNewStatus()
                .withCurrentRevision(current)
                .withUpdateRevision(update)
                .endStatus()
                .build());
    }

    private static Optional<DaemonSet> daemonSet(long observed, Integer current, Integer updated) {
        return Optional.of(new DaemonSetBuilder().withNewMetadata()
                .withName("office-pptp")
                .withGeneration(2L)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(observed)
                .withCurrentNumberScheduled(current)
                .withUpdatedNumberScheduled(updated)
                .endStatus()
                .build());
    }
}
