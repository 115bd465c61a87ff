package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** What one pod takes on. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Limits(
        @JsonPropertyDescription("Sessions at once.")
        @Default("10000")
        @Min(1)
        @Max(65535)
        Integer maxSessions,

        @JsonPropertyDescription("Control connections at once that have not logged in yet. When not "
                + "set, as the release judges best: 512 in this one.")
        @Min(1)
        @Max(65535)
        Integer pendingConnections,

        @JsonPropertyDescription("Control connections at once from one address. Clients behind one NAT share "
                + "it. When not "
                + "set, as the release judges best: 64 in this one.")
        @Min(1)
        @Max(65535)
        Integer connectionsPerSource,

        @JsonPropertyDescription("New control connections per second from one address. When not "
                + "set, as the release judges best: 100 in this one.")
        @Min(1)
        @Max(65535)
        Integer connectionsPerSecond) {}
// @formatter:on
