package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What clients are told that ask by DHCPINFORM from inside the tunnel. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PushedRoutes(
        @JsonPropertyDescription("Networks that clients are told to reach through the tunnel, when they ask by "
                + "DHCPINFORM as Windows does. Empty: no client is told any.")
        @Size(max = 64)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> push,

        @JsonPropertyDescription("Domain that names are completed with, such as corp.example.com, for the same clients.")
        @Size(min = 1, max = 253)
        @Pattern("^[0-9A-Za-z_]([-_0-9A-Za-z]*[0-9A-Za-z_])?([.][0-9A-Za-z_]([-_0-9A-Za-z]*[0-9A-Za-z_])?)*$")
        String domain) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public PushedRoutes {
        push = Unset.asEmpty(push);
    }
}
