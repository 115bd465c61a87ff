package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;

/** Which VpnUsers may log in to a server. A VpnUser can narrow this down by naming servers. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserSelection(
        @JsonPropertyDescription("Who decides about logins. Resources: VpnUsers. Radius: the servers of radius, and no "
                + "VpnUser. ResourcesThenRadius: VpnUsers for their names, the servers for all others.")
        @Default("Resources")
        Source source,

        @JsonPropertyDescription("Labels that VpnUsers must have. Not set: all VpnUsers.")
        LabelSelector selector,

        @JsonPropertyDescription("Namespaces whose VpnUsers are considered, or * for all that the operator "
                + "watches. Empty: the server's own namespace only. Those of other namespaces are served if they "
                + "name the server in servers, or their Namespace has the label "
                + "served-by.pptp-operator.io/NAMESPACE: \"true\" with the server's namespace.")
        @Size(max = 64)
        @ValidationRule(value = "!('*' in self) || self.size() == 1",
                message = "users.namespaces is either * alone or a list of names")
        @EachItem(value = "self == '*' || " + Cel.IS_NAMESPACE, messageExpression = Cel.NO_NAMESPACE)
        List<@Size(min = 1, max = 63) String> namespaces,

        @JsonPropertyDescription("Networks besides those of pools that VpnUsers may have: every one of their "
                + "routes must lie in one of these, and an address in one of these or in a network of pools (a "
                + "range such as 192.168.10.100-200 counts as its 192.168.10.0/24). Name none that hosts outside "
                + "the VPN are in: the server leads their traffic to clients. Empty: no routes.")
        @Size(max = 256)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        @EachItem(value = Cel.IS_NO_WIDER_THAN_8, messageExpression = Cel.TOO_WIDE)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> allowedNetworks,

        @JsonPropertyDescription("Name of the VpnProfile, in the server's namespace, of VpnUsers that name none. While there "
                + "is no such profile they are not served. Not set: they have what the server gives.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
        String defaultProfile,

        @JsonPropertyDescription("VpnProfiles that VpnUsers may name in spec.profile. Whoever names another is not served. "
                + "Empty: any of the server's namespace.")
        @Size(max = 64)
        @EachItem(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
        List<@Size(min = 1, max = 253) String> allowedProfiles) {
    // @formatter:on

    /** Reads lists that are not there as empty ones; a CRD of an earlier release fills in no source. */
    public UserSelection {
        source = source == null ? Source.Resources : source;
        namespaces = Unset.asEmpty(namespaces);
        allowedNetworks = Unset.asEmpty(allowedNetworks);
        allowedProfiles = Unset.asEmpty(allowedProfiles);
    }

    /** Who decides about logins. */
    public enum Source {
        /** VpnUsers. */
        Resources,
        /** RADIUS servers. */
        Radius,
        /** VpnUsers for their names, RADIUS servers for all others. */
        ResourcesThenRadius;

        /** Whether RADIUS servers decide about a login, or about some. */
        public boolean asksRadius() {
            return this != Resources;
        }
    }
}
