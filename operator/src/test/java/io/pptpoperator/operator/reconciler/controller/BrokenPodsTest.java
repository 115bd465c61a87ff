package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokenPodsTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final String LONG_AGO = "2026-12-01T11:59:00Z";
    private static final StatefulSet ROLLS = new StatefulSetBuilder().withNewMetadata()
            .withGeneration(2L)
            .endMetadata()
            .withNewSpec()
            .withNewUpdateStrategy()
            .withType("RollingUpdate")
            .endUpdateStrategy()
            .endSpec()
            .withNewStatus()
            .withObservedGeneration(2L)
            .withUpdateRevision("new")
            .endStatus()
            .build();

    @Test
    void whatIsBrokenAndOfAnEarlierSpecIsMadeAnew() {
        Pod broken = pod("old", "False", LONG_AGO);

        assertThat(BrokenPods.next(ROLLS, List.of(pod("old", "True", LONG_AGO), broken), NOW)).hasValue(broken);
    }

    @Test
    void everyOtherPodIsLeftToTheController() {
        for (Pod pod : List.of(pod("old", "True", LONG_AGO), pod("new", "False", LONG_AGO),
                pod("old", "False", "2026-12-01T11:59:45Z"), pod("old", "False", "never"),
                new PodBuilder(pod("old", "False", LONG_AGO)).editMetadata()
                        .withDeletionTimestamp(LONG_AGO)
                        .endMetadata()
                        .build())) {
            assertThat(BrokenPods.next(ROLLS, List.of(pod), NOW)).as("%s", pod).isEmpty();
        }
    }

    /** Its sessions go on, and the node may be back. */
    @Test
    void aPodOfANodeThatIsCutOffIsLeftAlone() {
        Pod unheard = new PodBuilder(pod("old", "False", LONG_AGO)).editStatus()
                .withContainerStatuses(new ContainerStatusBuilder().withName("pptp").withReady(true).build())
                .endStatus()
                .build();

        assertThat(BrokenPods.next(ROLLS, List.of(unheard), NOW)).isEmpty();
    }

    @Test
    void aWorkloadThatKeepsItsPodsKeepsBrokenOnesToo() {
        List<Pod> broken = List.of(pod("old", "False", LONG_AGO));
        StatefulSet paused = new StatefulSetBuilder(ROLLS).editSpec()
                .editUpdateStrategy()
                .withNewRollingUpdate()
                .withPartition(Integer.MAX_VALUE)
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
        StatefulSet unseen = new StatefulSetBuilder(ROLLS).editMetadata().withGeneration(3L).endMetadata().build();

        for (StatefulSet set : List.of(paused, unseen, new StatefulSet())) {
            assertThat(BrokenPods.next(set, broken, NOW)).isEmpty();
        }
    }

    private static Pod pod(String revision, String ready, String since) {
        return new PodBuilder().withNewMetadata()
                .withLabels(Map.of("controller-revision-hash", revision))
                .endMetadata()
                .withNewStatus()
                .withConditions(new PodConditionBuilder().withType("Ready")
                        .withStatus(ready)
                        .withLastTransitionTime(since)
                        .build())
                .withContainerStatuses(
                        new ContainerStatusBuilder().withName("pptp").withReady(ready.equals("True")).build())
                .endStatus()
                .build();
    }
}
