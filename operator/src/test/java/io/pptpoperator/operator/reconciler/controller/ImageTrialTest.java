package io.pptpoperator.operator.reconciler.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.Manifests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTrialTest {

    private static final PptpServer SERVER = Manifests.server("office", "localIP: 10.8.0.1, pools: [10.8.0.2-254]");
    private static final PodSpec NEXT = pods("pptp:2");
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    @Test
    void anImageIsTriedOnEachNodeWhereAPodServesWithAnother() {
        ImageTrial trial = ImageTrial.of(SERVER, NEXT, List.of(serving("b", "pptp:1"), serving("a", "pptp:1"),
                serving("b", "pptp:1"), serving("c", "pptp:2"), gone(serving("d", "pptp:1"))), List.of(), NOW);

        assertThat(trial.isOver()).isFalse();
        assertThat(trial.obstacle()).isEmpty();
        assertThat(trial.pods()).extracting(it -> it.getSpec().getNodeName()).containsExactly("a", "b");
        assertThat(trial.pods()).extracting(it -> it.getMetadata().getName()).doesNotHaveDuplicates();
        assertThat(trial.pods()).allSatisfy(it -> {
            assertThat(it.getMetadata().getLabels()).as("no Service, budget or policy of the server takes it")
                    .doesNotContainEntry("app.kubernetes.io/name", "pptp-server");
            assertThat(it.getSpec().getHostNetwork()).isNull();
            assertThat(it.getSpec().getVolumes()).isEmpty();
            assertThat(it.getSpec().getImagePullSecrets()).extracting(secret -> secret.getName())
                    .containsExactly("key");
            assertThat(it.getSpec().getContainers()).singleElement().satisfies(container -> {
                assertThat(container.getImage()).isEqualTo("pptp:2");
                assertThat(container.getImagePullPolicy()).isEqualTo("Always");
                assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
                assertThat(container.getSecurityContext().getRunAsUser()).isPositive();
            });
        });
    }

    @Test
    void whatNoPodWaitsForIsNotTried() {
        for (List<Pod> running : List.of(List.<Pod>of(), List.of(serving("a", "pptp:2")),
                List.of(gone(serving("a", "pptp:1"))), List.of(broken("a", "pptp:1")))) {
            ImageTrial trial = ImageTrial.of(SERVER, NEXT, running, List.of(), NOW);
            assertThat(trial.isOver()).isTrue();
            assertThat(trial.pods()).isEmpty();
        }
    }

    @Test
    void podsAreReplacedOnceTheImageIsOnAllTheirNodes() {
        List<Pod> running = List.of(serving("a", "pptp:1"), serving("b", "pptp:1"));
        List<Pod> made = new ArrayList<>(ImageTrial.of(SERVER, NEXT, running, List.of(), NOW).pods());

        assertThat(ImageTrial.of(SERVER, NEXT, running, made, NOW).isOver()).as("nothing is heard of it").isFalse();
        made.set(0, told(made.get(0), "Pending", waiting("ContainerCreating", null)));
        made.set(1, told(made.get(1), "Succeeded", ended("Completed", 0)));
        assertThat(ImageTrial.of(SERVER, NEXT, running, made, NOW).isOver()).isFalse();
        made.set(0, told(made.get(0), "Running", new ContainerStateBuilder().withNewRunning().endRunning().build()));

        ImageTrial trial = ImageTrial.of(SERVER, NEXT, running, made, NOW);

        assertThat(trial.isOver()).isTrue();
        assertThat(trial.pods()).as("stays until the pods are replaced").hasSize(2);
        assertThat(ImageTrial.of(SERVER, pods("pptp:3"), running, made, NOW).isOver()).as("another image").isFalse();
    }

    /** An image of somebody's own may know no --version: it is there, and starts. */
    @Test
    void whatEndsWithAnErrorWasPulledAllTheSame() {
        assertThat(after("Failed", ended("Error", 2)).isOver()).isTrue();
    }

    /** Room for it, for one: of the image nothing can be known then. */
    @Test
    void aPodThatItsNodeDoesNotTakeKeepsNothing() {
        List<Pod> running = List.of(serving("a", "pptp:1"));
        Pod made = ImageTrial.of(SERVER, NEXT, running, List.of(), NOW).pods().getFirst();
        Pod refused = new PodBuilder(made).withNewStatus()
                .withPhase("Failed")
                .withReason("OutOfpods")
                .endStatus()
                .build();
        assertThat(ImageTrial.of(SERVER, NEXT, running, List.of(refused), NOW).isOver()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"})
    void whatANodeSaysOfAnImageThatItCannotGetIsPassedOn(String reason) {
        ImageTrial trial = after("Pending", waiting(reason, "failed to pull\n  and unpack"));

        assertThat(trial.isOver()).isFalse();
        assertThat(trial.obstacle())
                .hasValue("image: pptp:2 cannot be pulled to node a: " + reason + ": failed to pull and unpack");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateContainerError", "CreateContainerConfigError", "RunContainerError"})
    void whatANodeSaysOfAnImageThatItCannotStartIsPassedOn(String reason) {
        assertThat(after("Pending", waiting(reason, "no command")).obstacle())
                .hasValue("image: pptp:2 cannot be started on node a: " + reason + ": no command");
    }

    /** Kubelets may find another image of the name, or the secret that the service account was given meanwhile. */
    @Test
    void whatCameToNothingIsTriedAnewAfterAWhile() {
        List<Pod> running = List.of(serving("a", "pptp:1"));
        Pod made = told(ImageTrial.of(SERVER, NEXT, running, List.of(), NOW).pods().getFirst(), "Failed",
                ended("StartError", 128));
        Pod young = made(made, "2026-12-01T11:56:00Z");
        Pod old = made(made, "2026-12-01T11:54:00Z");

        assertThat(ImageTrial.of(SERVER, NEXT, running, List.of(young), NOW).pods()).hasSize(1);
        ImageTrial trial = ImageTrial.of(SERVER, NEXT, running, List.of(old), NOW);
        assertThat(trial.pods()).as("taken away, and made anew when it is gone").isEmpty();
        assertThat(trial.isOver()).isFalse();
        assertThat(trial.obstacle()).isPresent();
        Pod well = made(told(made, "Succeeded", ended("Completed", 0)), "2026-12-01T11:54:00Z");
        assertThat(ImageTrial.of(SERVER, NEXT, running, List.of(well), NOW).pods()).as("of what works").hasSize(1);
    }

    @Test
    void anotherSecretToPullWithIsAnotherTrial() {
        List<Pod> running = List.of(serving("a", "pptp:1"));
        PodSpec mended = new PodSpecBuilder(NEXT).withImagePullSecrets(new LocalObjectReference("right")).build();

        assertThat(ImageTrial.of(SERVER, mended, running, List.of(), NOW).pods().getFirst().getMetadata().getName())
                .isNotEqualTo(
                        ImageTrial.of(SERVER, NEXT, running, List.of(), NOW).pods().getFirst().getMetadata().getName());
    }

    /** One for another kind of machine. */
    @Test
    void anImageThatCannotBeStartedIsNone() {
        ContainerState state = ended("StartError", 128);
        state.getTerminated().setMessage("exec /opt/pptp/bin/java: exec format error");

        ImageTrial trial = after("Failed", state);

        assertThat(trial.isOver()).isFalse();
        assertThat(trial.obstacle()).hasValueSatisfying(it -> assertThat(it)
                .isEqualTo("image: pptp:2 cannot be started on node a: StartError: exec /opt/pptp/bin/java: exec format"
                        + " error"));
    }

    private static ImageTrial after(String phase, ContainerState state) {
        List<Pod> running = List.of(serving("a", "pptp:1"));
        Pod made = ImageTrial.of(SERVER, NEXT, running, List.of(), NOW).pods().getFirst();
        return ImageTrial.of(SERVER, NEXT, running, List.of(told(made, phase, state)), NOW);
    }

    private static Pod told(Pod pod, String phase, ContainerState state) {
        return new PodBuilder(pod).withNewStatus()
                .withPhase(phase)
                .withContainerStatuses(
                        new ContainerStatusBuilder().withName(pod.getSpec().getContainers().getFirst().getName())
                                .withState(state)
                                .build())
                .endStatus()
                .build();
    }

    private static Pod made(Pod pod, String at) {
        return new PodBuilder(pod).editMetadata().withCreationTimestamp(at).endMetadata().build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder().withNewWaiting(message, reason).build();
    }

    private static ContainerState ended(String reason, int status) {
        return new ContainerStateBuilder().withNewTerminated()
                .withReason(reason)
                .withExitCode(status)
                .endTerminated()
                .build();
    }

    private static PodSpec pods(String image) {
        return new PodSpecBuilder().addNewImagePullSecret("key")
                .addNewContainer()
                .withName("pptp")
                .withImage(image)
                .withImagePullPolicy("Always")
                .endContainer()
                .build();
    }

    private static Pod serving(String node, String image) {
        return pod(node, image, "True");
    }

    private static Pod broken(String node, String image) {
        return pod(node, image, "False");
    }

    private static Pod gone(Pod pod) {
        return new PodBuilder(pod).editMetadata().withDeletionTimestamp("2026-12-01T00:00:00Z").endMetadata().build();
    }

    private static Pod pod(String node, String image, String ready) {
        return new PodBuilder().withNewMetadata()
                .endMetadata()
                .withSpec(new PodSpecBuilder(pods(image)).withNodeName(node).build())
                .withNewStatus()
                .withConditions(new PodConditionBuilder().withType("Ready").withStatus(ready).build())
                .endStatus()
                .build();
    }
}
