package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One aspect of a resource's state, with the fields and bounds of metav1.Condition. */
// @formatter:off
public record Condition(
        @JsonPropertyDescription("Name of the aspect, such as Ready.")
        @Required
        @Size(max = 316)
        @Pattern("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")
        String type,

        @JsonPropertyDescription("True, False or Unknown.")
        @Required
        Status status,

        @JsonPropertyDescription("The metadata.generation that this was found out for.")
        @Min(0)
        Long observedGeneration,

        @JsonPropertyDescription("When status last changed.")
        @Required
        Instant lastTransitionTime,

        @JsonPropertyDescription("Why, in one word that programs can rely on.")
        @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        String reason,

        @JsonPropertyDescription("Why, in a sentence for people.")
        @Required
        @Size(max = 32768)
        String message) {
    // @formatter:on

    /** Whether the aspect is given. */
    public enum Status {
        /** It is. */
        True,
        /** It is not. */
        False,
        /** Nobody knows yet. */
        Unknown
    }
}
