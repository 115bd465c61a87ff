package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** Where a profile is in force. Written by the operator alone. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VpnProfileStatus(
        @JsonPropertyDescription("The metadata.generation that this status describes.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready means that whoever has the profile gets what it says; kubectl wait "
                + "--for=condition=Ready waits for it.")
        List<Condition> conditions,

        @JsonPropertyDescription("VpnUsers that have it, at all servers together; a user of two servers counts twice. As "
                + "of half a minute ago at most.")
        Integer users,

        @JsonPropertyDescription("PptpServers where somebody has it.")
        List<String> servers) {
    // @formatter:on

    /** Reads lists that are not there as empty ones. */
    public VpnProfileStatus {
        conditions = Unset.asEmpty(conditions);
        servers = Unset.asEmpty(servers);
    }
}
