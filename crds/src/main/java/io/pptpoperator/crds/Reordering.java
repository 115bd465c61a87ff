package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How received GRE packets are put back in order. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Reordering(
        @JsonPropertyDescription("How many early packets a session holds back for a missing one; 0: none. When not "
                + "set, as the release judges best: 64 in this one.")
        @Min(0)
        @Max(1024)
        Integer packets,

        @JsonPropertyDescription("How long it holds them back. When not "
                + "set, as the release judges best: 50ms in this one.")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.UP_TO_A_SECOND, message = "reordering.delay is 0s to 1s")
        String delay) {
    // @formatter:on

    /** What a server says that says nothing. */
    static final Reordering UNSAID = new Reordering(null, null);
}
