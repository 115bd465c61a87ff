package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the pods log. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Logging(
        @JsonPropertyDescription("The least important messages that are logged: Error, Warn, Info or Debug.")
        @Default("Info")
        Level level,

        @JsonPropertyDescription("Json for machines, Text for people.")
        @Default("Json")
        Format format,

        @JsonPropertyDescription("Client addresses whose packets are logged decoded, never with secrets in "
                + "them.")
        @Size(max = 32)
        @UniqueItems
        @EachItem(value = Cel.IS_ADDRESS, messageExpression = Cel.NO_ADDRESS)
        List<@Size(max = Cel.MAX_ADDRESS_LENGTH) String> debugPeers) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Logging {
        debugPeers = Unset.asEmpty(debugPeers);
    }

    /** How important a message is. */
    public enum Level {
        /** Something does not work. */
        Error,
        /** Something needs attention. */
        Warn,
        /** Logins, ends, changes. */
        Info,
        /** Everything. */
        Debug
    }

    /** How lines look. */
    public enum Format {
        /** One object a line. */
        Json,
        /** For people. */
        Text
    }
}
