package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Objects;
import java.util.Optional;

/** Tells that pods are being replaced, or wait to be, in words that are the same until all of them are. */
final class Replacement {

    private static final String ON_DELETE = "OnDelete";

    private Replacement() {}

    /**
     * Of a StatefulSet.
     *
     * @param wanted whether updatePolicy has pods replaced now
     */
    static Optional<String> of(Optional<StatefulSet> workload, boolean wanted) {
        return workload.filter(Replacement::isPending)
                .map(set -> sentence(set.getStatus().getUpdateRevision(), isHeld(set), wanted));
    }

    /** Whether pods may be replaced next, as far as is known: what nobody has counted yet may be. */
    static boolean mayFollow(StatefulSet set) {
        return set.getStatus() == null
                || !Objects.equals(set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration())
                || isPending(set);
    }

    /** Whether pods have been made before, and not all of them are what they shall be. */
    private static boolean isPending(StatefulSet set) {
        return set.getStatus() != null && set.getStatus().getUpdateRevision() != null && isOutOfDate(set);
    }

    /** With OnDelete the current revision never follows: only pods are counted. */
    private static boolean isOutOfDate(StatefulSet set) {
        StatefulSetStatus status = set.getStatus();
        boolean isNew = !status.getUpdateRevision().equals(status.getCurrentRevision());
        return isNew && (!isHeld(set) || number(status.getUpdatedReplicas()) < number(status.getReplicas()));
    }

    /** Whether no pod is replaced, whatever changed. */
    static boolean isHeld(StatefulSet set) {
        var strategy = set.getSpec() == null ? null : set.getSpec().getUpdateStrategy();
        return strategy != null && (ON_DELETE.equals(strategy.getType())
                || strategy.getRollingUpdate() != null && number(strategy.getRollingUpdate().getPartition()) > 0);
    }

    /**
     * Of a DaemonSet.
     *
     * @param wanted whether updatePolicy has pods replaced now
     */
    static Optional<String> ofPerNode(Optional<DaemonSet> workload, boolean wanted) {
        return workload.filter(Replacement::isUnderWay)
                .map(set -> sentence(set.getMetadata().getName() + " generation " + set.getMetadata().getGeneration(),
                        set.getSpec() != null && set.getSpec().getUpdateStrategy() != null
                                && ON_DELETE.equals(set.getSpec().getUpdateStrategy().getType()),
                        wanted));
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

    private static String sentence(String revision, boolean held, boolean wanted) {
        if (held && wanted) {
            return "a setting or image changed that pods are made of: they are replaced one at a time once their nodes have"
                    + " the image and a node takes them (" + revision + ")";
        }
        return held
                ? "a setting or image changed that pods are made of, and updatePolicy keeps them as they were ("
                        + revision + ")"
                : "pods are replaced one at a time, because a setting or image changed that they are made of ("
                        + revision + ")";
    }
}
