package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How clients reach a server. */
// @formatter:off
@ValidationRule(value = "(has(self.type) && self.type == 'AttachedNetwork') == has(self.network)",
        message = "exposure.network names the attached network: it is needed with type AttachedNetwork, and "
                + "means nothing with another")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Exposure(
        @JsonPropertyDescription("HostNetwork: pods use their node's address; works everywhere. PodNetwork: "
                + "pods use their pod address, where the network plugin routes GRE to it. AttachedNetwork: "
                + "pods get a further interface, for instance by Multus with macvlan.")
        @Default("HostNetwork")
        Type type,

        @JsonPropertyDescription("With AttachedNetwork: the network's name as the annotation "
                + "k8s.v1.cni.cncf.io/networks takes it, such as lan or kube-system/lan, or its JSON form "
                + "with fixed addresses.")
        @Size(min = 1, max = 2048)
        String network,

        @JsonPropertyDescription("Addresses or host names that clients shall dial, published in status as "
                + "they are. By default status shows what the operator finds: the attached network's "
                + "address, or ExternalIP, then InternalIP, of the nodes of ready pods.")
        @Size(max = 16)
        @EachItem(value = Cel.IS_HOST_NAME, messageExpression = Cel.NO_HOST_NAME)
        List<@Size(min = 1, max = 253) String> addresses) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Exposure {
        addresses = Unset.asEmpty(addresses);
    }

    /** The network that pods serve clients on. */
    public enum Type {
        /** The node's. */
        HostNetwork,
        /** The cluster's. */
        PodNetwork,
        /** One attached by an annotation. */
        AttachedNetwork
    }
}
