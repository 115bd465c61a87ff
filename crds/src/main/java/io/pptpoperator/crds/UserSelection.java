package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;

/** Which VpnUsers may log in to a server. A VpnUser can narrow this down by naming servers. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserSelection(
        @JsonPropertyDescription("Labels that VpnUsers must have. Not set: all VpnUsers.")
        LabelSelector selector,

        @JsonPropertyDescription("Namespaces whose VpnUsers are considered, or * for all that the operator "
                + "watches. Empty: the server's own namespace only.")
        @Size(max = 64)
        @ValidationRule(value = "!('*' in self) || self.size() == 1",
                message = "users.namespaces is either * alone or a list of names")
        List<@Size(min = 1, max = 63) String> namespaces) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public UserSelection {
        namespaces = Unset.asEmpty(namespaces);
    }
}
