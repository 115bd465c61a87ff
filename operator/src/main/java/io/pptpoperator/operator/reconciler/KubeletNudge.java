package io.pptpoperator.operator.reconciler;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.operator.resource.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes kubelets look at a changed Secret at once. By itself a kubelet looks once a minute; a changed annotation of the
 * pod makes it look now. It may do so before it has heard of the Secret's change, so it is nudged again as long as the pod
 * does not run with the new files.
 */
final class KubeletNudge {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int DIGITS = 16;

    private final ObjectWriter writer;
    private final Clock clock;
    private final Map<String, Nudge> nudges = new ConcurrentHashMap<>();

    private record Nudge(String digest, int attempt, Instant time) {}

    KubeletNudge(ObjectWriter writer, Clock clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Nudges a pod's kubelet, unless it has just been.
     *
     * @param digest of everything that is mounted
     * @param applied whether the pod says that it runs with that
     */
    void nudge(Pod pod, String digest, boolean applied) {
        Nudge last = nudges.get(pod.getMetadata().getUid());
        boolean again = last != null && last.digest.equals(digest);
        if (!again && annotation(pod).startsWith(digest.substring(0, DIGITS)) || again && applied
                || again && last.time.plus(PATIENCE).isAfter(clock.instant())) {
            return;
        }
        int attempt = again ? last.attempt + 1 : 0;
        writer.annotate(pod, Labels.CONFIGURATION_DIGEST,
                digest.substring(0, DIGITS) + (attempt == 0 ? "" : "." + attempt));
        nudges.put(pod.getMetadata().getUid(), new Nudge(digest, attempt, clock.instant()));
    }

    private static String annotation(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Labels.CONFIGURATION_DIGEST)).orElse("");
    }

    /** Forgets a pod that is gone. */
    void forget(Pod pod) {
        nudges.remove(pod.getMetadata().getUid());
    }
}
