package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import java.time.Instant;

/** When pods are replaced because what they are made of has changed. */
// @formatter:off
public record UpdatePolicy(
        @JsonPropertyDescription("RollingUpdate: at once, one at a time, the next one when the last one is ready. "
                + "OnDelete: whenever somebody deletes one; it comes back as it shall be. Paused: not at all; one "
                + "that ends comes back as it was (with a DaemonSet: as OnDelete).")
        @Default("RollingUpdate")
        Type type,

        @JsonPropertyDescription("No pod is replaced before this time, such as 2027-01-31T02:00:00Z.")
        @Pattern(Times.PATTERN)
        Instant notBefore) {
    // @formatter:on

    /** When pods are replaced. */
    public enum Type {
        /** One after the other. */
        RollingUpdate,
        /** Each when somebody deletes it. */
        OnDelete,
        /** None. */
        Paused
    }

    /** What counts at a time. */
    public Type at(Instant now) {
        return notBefore != null && now.isBefore(notBefore) ? Type.Paused : type;
    }
}
