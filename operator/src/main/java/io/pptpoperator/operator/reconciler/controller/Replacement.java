package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Objects;
import java.util.Optional;

/** Tells that pods are being replaced, in words that are the same until all of them are. */
final class Replacement {

    private Replacement() {}

    static Optional<String> of(Optional<StatefulSet> workload) {
        return workload.map(StatefulSet::getStatus)
                .filter(status -> status.getUpdateRevision() != null
                        && !status.getUpdateRevision().equals(status.getCurrentRevision()))
                .map(status -> sentence(status.getUpdateRevision()));
    }

    static Optional<String> ofPerNode(Optional<DaemonSet> workload) {
        return workload.filter(Replacement::isUnderWay)
                .map(set -> sentence(set.getMetadata().getName() + " generation " + set.getMetadata().getGeneration()));
    }

    private static boolean isUnderWay(DaemonSet set) {
        return set.getStatus() != null
                && Objects.equals(set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration())
                && number(set.getStatus().getUpdatedNumberScheduled()) < number(
                        set.getStatus().getCurrentNumberScheduled());
    }

    private static int number(Integer value) {
        return Objects.requireNonNullElse(value, 0);
    }

    private static String sentence(String revision) {
        return "pods are replaced one at a time, because a setting or image changed that they are made of (" + revision
                + ")";
    }
}
