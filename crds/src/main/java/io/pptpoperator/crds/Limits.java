package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** What one pod takes on. */
// @formatter:off
public record Limits(
        @JsonPropertyDescription("Sessions at once.")
        @Default("10000")
        @Min(1)
        @Max(65535)
        Integer maxSessions,

        @JsonPropertyDescription("Control connections at once that have not logged in yet.")
        @Default("512")
        @Min(1)
        @Max(65535)
        Integer pendingConnections,

        @JsonPropertyDescription("Control connections at once from one address. Clients behind one NAT share "
                + "it.")
        @Default("64")
        @Min(1)
        @Max(65535)
        Integer connectionsPerSource,

        @JsonPropertyDescription("New control connections per second from one address.")
        @Default("100")
        @Min(1)
        @Max(65535)
        Integer connectionsPerSecond) {}
// @formatter:on
