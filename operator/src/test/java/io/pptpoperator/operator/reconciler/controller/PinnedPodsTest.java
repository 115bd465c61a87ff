package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.operator.Manifests;
import io.pptpoperator.operator.resource.ServerObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PinnedPodsTest {

    private static final String SMALLEST = "localIP: 10.8.0.1, pools: [10.8.0.2-254]";
    private static final String PINNED = SMALLEST + ", image: 'pptp:1'";

    @Test
    void aNewOperatorsPodsReplaceNoneOfAServerWithAnImageOfItsOwn() {
        PptpServer server = Manifests.server("office", PINNED);
        PinnedPods old = PinnedPods.of(server, "digest", pods(server), Optional.empty());
        assertThat(old.template()).isEqualTo(pods(server));

        PinnedPods now = PinnedPods.of(server, "digest", byANewerOperator(server), Optional.of(live(old)));

        assertThat(now.template()).isEqualTo(old.template());
        assertThat(now.annotations()).isEqualTo(old.annotations());
    }

    @Test
    void whatTheSpecSaysOfPodsBringsTheNewOperatorsPodsAlong() {
        PptpServer server = Manifests.server("office", PINNED);
        HasMetadata live = live(PinnedPods.of(server, "digest", pods(server), Optional.empty()));

        for (String change : List.of(", pod: {nodeSelector: {vpn: yes}}", ", drainTimeout: 5m", ", adminPort: 9800")) {
            PptpServer changed = Manifests.server("office", PINNED + change);
            assertThat(PinnedPods.of(changed, "digest", byANewerOperator(changed), Optional.of(live)).template())
                    .as(change)
                    .isEqualTo(byANewerOperator(changed));
        }
        assertThat(PinnedPods.of(server, "other", byANewerOperator(server), Optional.of(live)).template())
                .as("a setting that no running data plane can change")
                .isEqualTo(byANewerOperator(server));
        PptpServer live2 = Manifests.server("office", PINNED + ", log: {level: Debug}");
        assertThat(PinnedPods.of(live2, "digest", byANewerOperator(live2), Optional.of(live)).template())
                .as("a setting that applies live")
                .isEqualTo(pods(server));
    }

    @Test
    void aServerWithTheOperatorsOwnImageFollowsTheOperator() {
        PptpServer server = Manifests.server("office", SMALLEST);
        PinnedPods old = PinnedPods.of(server, "digest", pods(server), Optional.empty());

        assertThat(old.annotations()).isEmpty();
        assertThat(PinnedPods.of(server, "digest", byANewerOperator(server), Optional.of(live(old))).template())
                .isEqualTo(byANewerOperator(server));
    }

    /** Operators before this one wrote nothing down of the pods they made. */
    @Test
    void thePodsOfAnEarlierReleaseStayWhenItHadReconciledTheSpec() {
        PptpServer server = Manifests.server("office", PINNED);
        HasMetadata live = live(new PinnedPods(pods(server), Map.of()));
        assertThat(PinnedPods.of(server, "digest", byANewerOperator(server), Optional.of(live)).template())
                .as("it may have made them of an earlier spec")
                .isEqualTo(byANewerOperator(server));

        server.setStatus(new PptpServerStatus(1L, List.of(), null, List.of(), 1, 1, null, 0, 0, null));
        PinnedPods adopted = PinnedPods.of(server, "digest", byANewerOperator(server), Optional.of(live));
        assertThat(adopted.template()).isEqualTo(pods(server));
        assertThat(adopted.annotations()).isNotEmpty();
    }

    private static PodTemplateSpec pods(PptpServer server) {
        return new ServerObjects(server, "pptp-system", Set.of()).pods("pptp:default", "digest");
    }

    /** With an environment variable and a label that the older operator did not know. */
    private static PodTemplateSpec byANewerOperator(PptpServer server) {
        return new PodTemplateSpecBuilder(pods(server)).editMetadata()
                .addToLabels("new", "label")
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .addNewEnv()
                .withName("PPTP_NEW")
                .withValue("true")
                .endEnv()
                .endContainer()
                .endSpec()
                .build();
    }

    private static StatefulSet live(PinnedPods pods) {
        return new StatefulSetBuilder().withNewMetadata()
                .withName("office-pptp")
                .withAnnotations(pods.annotations())
                .endMetadata()
                .withNewSpec()
                .withTemplate(pods.template())
                .endSpec()
                .build();
    }
}
