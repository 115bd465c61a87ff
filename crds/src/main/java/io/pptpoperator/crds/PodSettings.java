package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** Where the pods of a server run, and with what. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodSettings(
        @JsonPropertyDescription("Labels of the nodes that may run the pods.")
        @Size(max = 64)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints of nodes that the pods tolerate.")
        @Size(max = 64)
        List<Toleration> tolerations,

        @JsonPropertyDescription("Rules for choosing nodes, beside the operator's own rule that no node runs "
                + "two PPTP servers on the host network.")
        Affinity affinity,

        @JsonPropertyDescription("Priority class of the pods.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
        String priorityClassName,

        @JsonPropertyDescription("CPU and memory of the data plane's container. Where nothing is said of memory, and "
                + "image names none of an own, it follows from limits.maxSessions; the heap is half of the "
                + "limit.")
        Resources resources,

        @JsonPropertyDescription("Labels that the pods get beside the operator's own. Those that begin with "
                + "pptp-operator.io/ are left out.")
        @Size(max = 64)
        Map<String, String> labels,

        @JsonPropertyDescription("Annotations that the pods get. Those that begin with pptp-operator.io/ are left "
                + "out.")
        @Size(max = 64)
        Map<String, String> annotations,

        @JsonPropertyDescription("Names of Secrets in the server's namespace with logins for the image's "
                + "registry.")
        @Size(max = 16)
        @UniqueItems
        @EachItem(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
        List<@Size(min = 1, max = 253) String> imagePullSecrets,

        @JsonPropertyDescription("Capabilities: the container gets NET_ADMIN, NET_RAW and /dev/net/tun, and "
                + "nothing else. Privileged: for nodes whose container runtime does not hand out "
                + "/dev/net/tun.")
        @Default("Capabilities")
        SecurityProfile securityProfile) {
    // @formatter:on

    /** Reads collections that are not there as empty ones. */
    public PodSettings {
        nodeSelector = Unset.asEmpty(nodeSelector);
        tolerations = Unset.asEmpty(tolerations);
        labels = Unset.asEmpty(labels);
        annotations = Unset.asEmpty(annotations);
        imagePullSecrets = Unset.asEmpty(imagePullSecrets);
    }

    /** CPU and memory of a container. */
    @ValidationRule(
            // Of all others Kubernetes itself wants that they are equal; and a rule must not cost too much.
            value = "!has(self.requests) || !has(self.limits) || ['cpu', 'memory', 'ephemeral-storage'].all(r, "
                    + "!(r in self.requests) || !(r in self.limits) || "
                    + "!isQuantity(string(self.requests[r])) || !isQuantity(string(self.limits[r])) || "
                    + "!quantity(string(self.requests[r])).isGreaterThan(quantity(string(self.limits[r]))))",
            message = "resources.requests must not be more than resources.limits")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    // @formatter:off
    public record Resources(
            @JsonPropertyDescription("What the container is sure to get, such as cpu: 500m, memory: 256Mi.")
            @Size(max = 8)
            Map<String, Quantity> requests,

            @JsonPropertyDescription("What the container gets at most.")
            @Size(max = 8)
            Map<String, Quantity> limits) {
        // @formatter:on

        /** Reads maps that are not there as empty ones. */
        public Resources {
            requests = Unset.asEmpty(requests);
            limits = Unset.asEmpty(limits);
        }
    }

    /** What the container may do on its node. */
    public enum SecurityProfile {
        /** No more than it needs. */
        Capabilities,
        /** Everything. */
        Privileged
    }
}
