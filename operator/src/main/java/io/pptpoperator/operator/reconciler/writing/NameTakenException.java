package io.pptpoperator.operator.reconciler.writing;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object that a server needs exists already, and is somebody else's. */
public final class NameTakenException extends RuntimeException {

    NameTakenException(HasMetadata object) {
        super(object.getKind() + " " + object.getMetadata().getName() + " exists already and does not belong to this"
                + " PptpServer; delete it, or give the PptpServer another name");
    }
}
