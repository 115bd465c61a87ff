package io.pptpoperator.operator.status;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod's container died of, as the kubelet tells it: its exit status, and the last line that it said. */
public final class LastEnd {

    private static final int MAX_LENGTH = 400;
    private static final String OUT_OF_MEMORY = "OOMKilled";

    private LastEnd() {}

    /** As a sentence's end, such as {@code it ended with exit status 1: port 1723 is taken}; empty while none ended. */
    public static Optional<String> of(Pod pod) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus()
                        .getContainerStatuses()
                        .stream()
                        .flatMap(LastEnd::terminated)
                        .map(LastEnd::sentence)
                        .findFirst();
    }

    /** The current end counts before the one that a restart followed. */
    private static Stream<ContainerStateTerminated> terminated(ContainerStatus status) {
        return Stream.of(Optional.ofNullable(status.getState()), Optional.ofNullable(status.getLastState()))
                .flatMap(Optional::stream)
                .map(ContainerState::getTerminated)
                .flatMap(Stream::ofNullable)
                .limit(1);
    }

    private static String sentence(ContainerStateTerminated end) {
        if (OUT_OF_MEMORY.equals(end.getReason())) {
            return "it had too little memory (OOMKilled): raise pod.resources.limits.memory";
        }
        String message = end.getMessage() == null ? "" : end.getMessage().strip();
        String last = message.substring(message.lastIndexOf('\n') + 1);
        String said = last.length() > MAX_LENGTH ? last.substring(0, MAX_LENGTH) + "…" : last;
        return "it ended with exit status " + end.getExitCode() + (said.isEmpty() ? "" : ": " + said);
    }
}
