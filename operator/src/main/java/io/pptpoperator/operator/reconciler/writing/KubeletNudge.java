package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.resource.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Makes kubelets look at a changed Secret at once. By itself a kubelet looks once a minute; a changed annotation of the
 * pod makes it look now. It may do so before it has heard of the Secret's change, so it is nudged again while the pod
 * does not run with the new files: ever less often, since a pod that has not got them after a minute has another
 * trouble.
 */
public final class KubeletNudge {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);
    private static final int DIGITS = 16;

    private final BiConsumer<Pod, String> annotate;
    private final Clock clock;
    private final Map<ObjectKey, Map<String, Nudge>> byServer = new ConcurrentHashMap<>();

    private record Nudge(String digest, int attempt, Instant time) {

        Instant again() {
            Duration patience = PATIENCE.multipliedBy(1L << Math.min(attempt, 10));
            return time.plus(patience.compareTo(MOST_PATIENCE) < 0 ? patience : MOST_PATIENCE);
        }
    }

    /**
     * A pod as it should be.
     *
     * @param digest of everything that is mounted
     * @param applied whether the pod says that it runs with that
     */
    public record Mounted(Pod pod, String digest, boolean applied) {

        private String uid() {
            return pod.getMetadata().getUid();
        }
    }

    /**
     * Starts without memories.
     *
     * @param annotate gives a pod a new value of {@link Labels#CONFIGURATION_DIGEST}, sooner or later
     */
    public KubeletNudge(BiConsumer<Pod, String> annotate, Clock clock) {
        this.annotate = annotate;
        this.clock = clock;
    }

    /** Nudges the kubelets of a server's pods, but for those that need none, or have just been. */
    public void nudge(ObjectKey server, Collection<Mounted> pods) {
        Map<String, Nudge> nudges = byServer.computeIfAbsent(server, it -> new ConcurrentHashMap<>());
        nudges.keySet().retainAll(pods.stream().map(Mounted::uid).collect(Collectors.toSet()));
        pods.forEach(pod -> nudge(nudges, pod));
    }

    private void nudge(Map<String, Nudge> nudges, Mounted wanted) {
        Nudge last = nudges.get(wanted.uid());
        boolean again = last != null && last.digest.equals(wanted.digest);
        String digits = wanted.digest.substring(0, DIGITS);
        if (again
                ? wanted.applied || last.again().isAfter(clock.instant())
                : annotation(wanted.pod).startsWith(digits)) {
            return;
        }
        int attempt = again ? last.attempt + 1 : 0;
        nudges.put(wanted.uid(), new Nudge(wanted.digest, attempt, clock.instant()));
        annotate.accept(wanted.pod, digits + (attempt == 0 ? "" : "." + attempt));
    }

    private static String annotation(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Labels.CONFIGURATION_DIGEST))
                .orElse("");
    }

    /** Forgets a server that is gone. */
    public void forget(ObjectKey server) {
        byServer.remove(server);
    }

    /** How many pods are remembered. */
    int size() {
        return byServer.values().stream().mapToInt(Map::size).sum();
    }
}
