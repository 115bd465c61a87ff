package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What one user may have, and for how long. */
// @formatter:off
public record SessionPolicy(
        @JsonPropertyDescription("Sessions at once per user, counted over all pods of the server; 0: any "
                + "number. A VpnUser can say otherwise.")
        @Default("1")
        @Min(0)
        @Max(1000)
        Integer perUser,

        @JsonPropertyDescription("What a login beyond that does: Replace ends the user's oldest session, "
                + "Deny refuses the login.")
        @Default("Replace")
        WhenExceeded whenExceeded,

        @JsonPropertyDescription("Ends a session that carried no data for so long; 0s: never.")
        @Default("0s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_A_YEAR,
                message = "sessionPolicy.idleTimeout is 0s (never), or 1s to 8760h")
        String idleTimeout,

        @JsonPropertyDescription("Ends a session after so long; 0s: never.")
        @Default("0s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_A_YEAR,
                message = "sessionPolicy.maxDuration is 0s (never), or 1s to 8760h")
        String maxDuration) {
    // @formatter:on

    /** What a login beyond the allowed number does. */
    public enum WhenExceeded {
        /** It ends the oldest session. */
        Replace,
        /** It is refused. */
        Deny
    }
}
