package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How dead links are noticed. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Keepalive(
        @JsonPropertyDescription("An LCP echo is sent to a client after this much silence; 0s: never. When not "
                + "set, as the release judges best: 20s in this one.")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_AN_HOUR,
                message = "keepalive.interval is 0s (never), or 1s to 1h")
        String interval,

        @JsonPropertyDescription("After so many echoes without an answer the session ends. When not "
                + "set, as the release judges best: 6 in this one.")
        @Min(1)
        @Max(100)
        Integer failures,

        @JsonPropertyDescription("A PPTP echo is sent on the control connection after this much silence; "
                + "after the same time again it is closed. When not "
                + "set, as the release judges best: 60s in this one.")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.A_SECOND_TO_AN_HOUR,
                message = "keepalive.controlInterval is 1s to 1h")
        String controlInterval) {
    // @formatter:on

    /** What a server says that says nothing. */
    static final Keepalive UNSAID = new Keepalive(null, null, null);
}
