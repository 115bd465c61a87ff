package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How fast a user may be. */
// @formatter:off
@ValidationRule(value = "has(self.upload) || has(self.download)",
        message = "rateLimit needs upload, download or both, such as {upload: 2M, download: 10M}")
public record RateLimit(
        @JsonPropertyDescription("Bits per second from the client, such as 512k, 2M or 1G. Any when not set.")
        @Size(min = 1, max = MAX_LENGTH)
        @Pattern(PATTERN)
        @ValidationRule(value = IS_POSSIBLE, message = "rateLimit.upload is 8k to 100G bits per second")
        String upload,

        @JsonPropertyDescription("Bits per second to the client, such as 512k, 10M or 1G. Any when not set.")
        @Size(min = 1, max = MAX_LENGTH)
        @Pattern(PATTERN)
        @ValidationRule(value = IS_POSSIBLE, message = "rateLimit.download is 8k to 100G bits per second")
        String download,

        @JsonPropertyDescription("How long a user who was quiet may be faster: what the rate makes in this time passes "
                + "at once.")
        @Default("200ms")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.TEN_MILLIS_TO_TEN_SECONDS, message = "rateLimit.burst is 10ms to 10s")
        String burst) {
    // @formatter:on

    private static final int MAX_LENGTH = 16;
    private static final String PATTERN = "^[0-9]{1,12}([.][0-9]{1,3})?[kMG]?$";
    /** A text that is no rate passes: the pattern has refused it already. */
    private static final String IS_POSSIBLE = "!self.matches('" + PATTERN
            + "') || quantity(self).compareTo(quantity('8k')) >= 0 && quantity(self).compareTo(quantity('100G')) <= 0";
}
