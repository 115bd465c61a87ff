package io.pptpoperator.operator.reconciler.reporting;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pptpoperator.operator.ApiErrors;
import io.pptpoperator.operator.status.Timestamps;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why a pod's container is not made although the pod has a node. A volume that cannot be mounted, of a
 * {@code /dev/net/tun} that the node lacks for one, is told in Events and nowhere else.
 */
public final class PodWarnings {

    private static final Logger LOG = LoggerFactory.getLogger(PodWarnings.class);
    /** What is warned of in the first moments, such as a Secret that is not there yet, is mostly over by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Clock clock;

    /** Asks with a client. */
    public PodWarnings(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** The last warning about each of the pods that wait for their container, by the pod's name. */
    Map<String, String> of(List<Pod> pods) {
        var warnings = new HashMap<String, String>();
        pods.stream()
                .filter(this::waits)
                .forEach(pod -> latest(pod).ifPresent(it -> warnings.put(pod.getMetadata().getName(), it)));
        return warnings;
    }

    private boolean waits(Pod pod) {
        return pod.getStatus() != null && pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getContainerStatuses().stream().allMatch(PodWarnings::isBeingMade)
                && pod.getStatus().getConditions().stream().anyMatch(this::hasANodeForAWhile);
    }

    private static boolean isBeingMade(ContainerStatus container) {
        return container.getState() != null && container.getState().getWaiting() != null
                && container.getState().getWaiting().getMessage() == null
                && (container.getLastState() == null || container.getLastState().getTerminated() == null);
    }

    private boolean hasANodeForAWhile(PodCondition condition) {
        return condition.getType().equals("PodScheduled") && condition.getStatus().equals("True")
                && Timestamps.read(condition.getLastTransitionTime())
                        .filter(it -> it.plus(PATIENCE).isBefore(clock.instant()))
                        .isPresent();
    }

    private Optional<String> latest(Pod pod) {
        try {
            return client.events()
                    .v1()
                    .events()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withFields(Map.of("regarding.uid", pod.getMetadata().getUid(), "type", "Warning"))
                    .list()
                    .getItems()
                    .stream()
                    // Why it had no node for a while is no news once it has one.
                    .filter(event -> event.getNote() != null && !"FailedScheduling".equals(event.getReason()))
                    .max(Comparator.comparingLong(PodRefusals::version))
                    .map(Event::getNote)
                    .map(ApiErrors::onOneLine);
        } catch (KubernetesClientException e) {
            LOG.debug("Events of pod {} cannot be read: {}", pod.getMetadata().getName(), ApiErrors.sentence(e));
            return Optional.empty();
        }
    }
}
