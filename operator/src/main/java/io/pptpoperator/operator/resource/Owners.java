package io.pptpoperator.operator.resource;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** Owner references: what goes when its owner goes. */
public final class Owners {

    private Owners() {}

    /** Makes {@code owner} the one that manages an object of its namespace. */
    public static OwnerReference controller(HasMetadata owner) {
        return new OwnerReferenceBuilder().withApiVersion(owner.getApiVersion()).withKind(owner.getKind())
                .withName(owner.getMetadata().getName()).withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true).build();
    }
}
