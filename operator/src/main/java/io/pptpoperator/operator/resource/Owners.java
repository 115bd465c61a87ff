package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.pptpoperator.crds.PptpServer;

/** Owner references: what goes when its owner goes. */
public final class Owners {

    private Owners() {}

    /** Whether one of an object's owners is {@code owner}, and not only another of its name. */
    public static boolean isOwnedBy(HasMetadata object, HasMetadata owner) {
        return object.getMetadata()
                .getOwnerReferences()
                .stream()
                .anyMatch(it -> it.getUid().equals(owner.getMetadata().getUid()));
    }

    /**
     * Whether a pod is of a server's workload. Its labels do not say so: anybody who may make pods can give them to
     * one, and would be given a share of the pools, or have the operator call where it likes.
     */
    public static boolean isOfWorkload(Pod pod, PptpServer server) {
        return pod.getMetadata()
                .getOwnerReferences()
                .stream()
                .anyMatch(it -> Boolean.TRUE.equals(it.getController()) && it.getApiVersion().equals("apps/v1")
                        && (it.getKind().equals("StatefulSet") || it.getKind().equals("DaemonSet"))
                        && it.getName().equals(Names.base(server)));
    }

    /** Makes {@code owner} the one that manages an object of its namespace. */
    public static OwnerReference controller(HasMetadata owner) {
        return new OwnerReferenceBuilder().withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
