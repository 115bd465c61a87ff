package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Something of the node (or pod) itself that clients may reach. */
// @formatter:off
@ValidationRule(value = "(self.protocol == 'ICMP') == (!has(self.ports) || self.ports.size() == 0)",
        message = "hostAccess: TCP and UDP need ports, ICMP takes none")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HostAccess(
        @JsonPropertyDescription("One of its addresses, or a broadcast or multicast address. Each of its own "
                + "addresses when not set, which suits servers of several pods.")
        @Size(max = Cel.MAX_ADDRESS_LENGTH)
        @ValidationRule(value = Cel.IS_ADDRESS,
                message = "hostAccess.address must be an IPv4 address such as 10.0.0.5")
        @ValidationRule(value = "!self.matches('^(0|127)[.]')",
                message = "hostAccess.address cannot be in 0.0.0.0/8 or 127.0.0.0/8, which no client reaches")
        String address,

        @JsonPropertyDescription("TCP, UDP, or ICMP: echo requests.")
        @Required
        Protocol protocol,

        @JsonPropertyDescription("Ports such as 443, or 30000-32767 for all node ports. For TCP and UDP.")
        @Size(max = 64)
        @EachItem(value = "self.matches('^[0-9]{1,5}(-[0-9]{1,5})?$') && int(self.split('-')[0]) >= 1"
                + " && int(self.split('-')[0]) <= int(self.split('-')[self.split('-').size() - 1])"
                + " && int(self.split('-')[self.split('-').size() - 1]) <= 65535",
                messageExpression = "self + ' is neither a port such as 443 nor a range such as 30000-32767, of 1 to 65535'")
        List<@Size(max = 11) String> ports) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public HostAccess {
        ports = Unset.asEmpty(ports);
    }

    /** What may be spoken. */
    public enum Protocol {
        /** Connections. */
        TCP,
        /** Datagrams. */
        UDP,
        /** Echo requests. */
        ICMP
    }
}
