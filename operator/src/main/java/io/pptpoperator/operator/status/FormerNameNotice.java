package io.pptpoperator.operator.status;

import io.pptpoperator.crds.TolerantResource;
import java.util.Optional;

/**
 * What the condition says of a resource that was stored when its fields had other names. There is none otherwise.
 *
 * @param reason for programs
 * @param message for people
 */
record FormerNameNotice(String reason, String message) {

    /** Whether a spec is written with the names that fields have now. */
    static final String TYPE = "NamesCurrent";

    static Optional<FormerNameNotice> of(TolerantResource<?, ?> resource) {
        return resource.formerNames().isEmpty()
                ? Optional.empty()
                : Optional.of(new FormerNameNotice("FormerNames", String.join("; ", resource.formerNames())
                        + ". It goes on as it is; kubectl replace with the present names would be right"));
    }
}
