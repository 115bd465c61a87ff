package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How dead links are noticed. */
// @formatter:off
public record Keepalive(
        @JsonPropertyDescription("An LCP echo is sent to a client after this much silence; 0s: never.")
        @Default("20s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @Pattern(Durations.PATTERN)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_AN_HOUR,
                message = "keepalive.interval is 0s (never), or 1s to 1h")
        String interval,

        @JsonPropertyDescription("After so many echoes without an answer the session ends.")
        @Default("6")
        @Min(1)
        @Max(100)
        Integer failures,

        @JsonPropertyDescription("A PPTP echo is sent on the control connection after this much silence; "
                + "after the same time again it is closed.")
        @Default("60s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @Pattern(Durations.PATTERN)
        @ValidationRule(value = Durations.A_SECOND_TO_AN_HOUR,
                message = "keepalive.controlInterval is 1s to 1h")
        String controlInterval) {}
// @formatter:on
