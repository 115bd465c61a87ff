package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How received GRE packets are put back in order. */
// @formatter:off
public record Reordering(
        @JsonPropertyDescription("How many early packets a session holds back for a missing one; 0: none.")
        @Default("64")
        @Min(0)
        @Max(1024)
        Integer packets,

        @JsonPropertyDescription("How long it holds them back.")
        @Default("50ms")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @Pattern(Durations.PATTERN)
        @ValidationRule(value = Durations.UP_TO_A_SECOND, message = "reordering.delay is 0s to 1s")
        String delay) {}
// @formatter:on
