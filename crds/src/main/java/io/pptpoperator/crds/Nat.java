package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Masquerading of the clients' packets. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Nat(
        @JsonPropertyDescription("Gives clients' packets the server's own address on their way out. Without "
                + "it the network behind the server needs routes to pools.")
        @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("Interface that leads out, such as eth0; the default route's when not set.")
        @Size(min = 1, max = 15)
        @Pattern("^[.]*[A-Za-z0-9_-][A-Za-z0-9_.-]*$")
        String uplink,

        @JsonPropertyDescription("Networks that clients reach with their own addresses although NAT is on, and from which "
                + "connections to clients may begin. From elsewhere on the uplink, only answers reach clients.")
        @Size(max = 64)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> excludedDestinations) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Nat {
        excludedDestinations = Unset.asEmpty(excludedDestinations);
    }
}
