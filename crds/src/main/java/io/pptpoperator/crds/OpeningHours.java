package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Hours of the week by the clocks of a place. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OpeningHours(
        @JsonPropertyDescription("Whose clocks count, as the IANA's time zones are called: Europe/Berlin, Asia/Shanghai.")
        @Default("UTC")
        @Size(min = 1, max = 64)
        @Pattern(TIME_ZONE)
        String timeZone,

        @JsonPropertyDescription("When: Mon-Fri 08:00-18:00, Sat,Sun 10:00-14:00, Fri-Sun 22:00-06:00 (which ends on the "
                + "following day each) or Mon-Sun 00:00-24:00.")
        @Required
        @Size(min = 1, max = 64)
        @EachItem(value = IS_WINDOW, messageExpression = NO_WINDOW)
        @EachItem(value = "!(" + IS_WINDOW + ") || self.split(' ')[1].split('-')[0] != self.split(' ')[1].split('-')[1]",
                messageExpression = "self + ' ends where it begins; 00:00-24:00 for a whole day would be right'")
        List<@Size(max = 64) String> windows) {
    // @formatter:on

    static final String TIME_ZONE = "^[A-Za-z][-+A-Za-z0-9_]*(/[-+A-Za-z0-9_]+)*$";

    private static final String DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String DAYS = DAY + "(-" + DAY + ")?";
    private static final String IS_WINDOW = "self.matches('^" + DAYS + "(," + DAYS
            + ")* ([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$')";
    private static final String NO_WINDOW = "self + ' is not hours of the week such as Mon-Fri 08:00-18:00'";

    /** Reads a list that is not there as an empty one. */
    public OpeningHours {
        windows = Unset.asEmpty(windows);
    }
}
