package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What many users may have. What it does not say is as the server says. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VpnProfileSpec(
        @JsonPropertyDescription("Networks that its users may reach, as far as the server's allowedDestinations has them "
                + "too. Empty: the server's.")
        @Size(max = 256)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> allowedDestinations,

        @JsonPropertyDescription("Keeps its users from reaching other clients, and others from reaching them, also where "
                + "the server's isolateClients is false. Where that is true, so it stays.")
        @Default("false")
        Boolean isolateClients,

        @JsonPropertyDescription("Name servers that its users are told, two at most, instead of the server's.")
        @Size(max = 2)
        @EachItem(value = Cel.IS_ADDRESS, messageExpression = Cel.NO_ADDRESS)
        @EachItem(value = Cel.IS_HOSTS, messageExpression = Cel.NO_HOSTS)
        List<@Size(max = Cel.MAX_ADDRESS_LENGTH) String> dns,

        @JsonPropertyDescription("WINS servers (NetBIOS names) that its users are told, two at most, instead of the "
                + "server's.")
        @Size(max = 2)
        @EachItem(value = Cel.IS_ADDRESS, messageExpression = Cel.NO_ADDRESS)
        @EachItem(value = Cel.IS_HOSTS, messageExpression = Cel.NO_HOSTS)
        List<@Size(max = Cel.MAX_ADDRESS_LENGTH) String> wins,

        @JsonPropertyDescription("What one of its users may have, and for how long, instead of the server's sessionPolicy.")
        SessionPolicy sessionPolicy,

        @JsonPropertyDescription("How fast each of its users may be, over all sessions at one pod of a server. Of a VpnUser "
                + "with a rateLimit of its own the lower counts, each way.")
        RateLimit rateLimit,

        @JsonPropertyDescription("When its users may be logged in. Outside these hours logins are refused, and sessions end.")
        OpeningHours hours,

        @JsonPropertyDescription("What its users' clients are told that ask by DHCPINFORM, instead of the server's routes.")
        PushedRoutes routes) {
    // @formatter:on

    /** A spec that says nothing. */
    static final VpnProfileSpec EMPTY = new VpnProfileSpec(null, null, null, null, null, null, null, null);

    /** Reads lists that are not there as empty ones. */
    public VpnProfileSpec {
        allowedDestinations = Unset.asEmpty(allowedDestinations);
        dns = Unset.asEmpty(dns);
        wins = Unset.asEmpty(wins);
    }

    /** What one user may have, and for how long. */
    // @formatter:off
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SessionPolicy(
            @JsonPropertyDescription("Sessions at once per user, counted over all pods of the server; 0: any number. A "
                    + "VpnUser can say otherwise.")
            @Min(0)
            @Max(1000)
            Integer perUser,

            @JsonPropertyDescription("Ends a session that carried no data for so long; 0s: never.")
            @Size(min = 2, max = Durations.MAX_LENGTH)
            @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
            @ValidationRule(value = Durations.OFF_OR_UP_TO_A_YEAR,
                    message = "sessionPolicy.idleTimeout is 0s (never), or 1s to 8760h")
            String idleTimeout,

            @JsonPropertyDescription("Ends a session after so long; 0s: never.")
            @Size(min = 2, max = Durations.MAX_LENGTH)
            @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
            @ValidationRule(value = Durations.OFF_OR_UP_TO_A_YEAR,
                    message = "sessionPolicy.maxDuration is 0s (never), or 1s to 8760h")
            String maxDuration) {}
    // @formatter:on
}
