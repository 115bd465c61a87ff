package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** MPPE, RFC 3078. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Encryption(
        @JsonPropertyDescription("Required: no packet passes unencrypted, and a client that refuses is told "
                + "so. Preferred: encrypted when the client can. Off: never.")
        @Default("Required")
        Policy policy,

        @JsonPropertyDescription("Accepted key lengths in bits: 128, 56, 40. All but 128 can be broken by "
                + "anybody.")
        @Default("[128]")
        @Size(min = 1, max = 3)
        @ValidationRule(value = "self.all(l, l in [128, 56, 40])",
                message = "encryption.keyLengths holds 128, 56 or 40")
        @ValidationRule(value = "self.all(l, self.exists_one(m, m == l))",
                message = "encryption.keyLengths names a length twice")
        List<Integer> keyLengths,

        @JsonPropertyDescription("Accepts the stateful mode from clients that insist on it. It suffers from "
                + "every lost packet.")
        @Default("false")
        Boolean allowStateful) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Encryption {
        keyLengths = Unset.asEmpty(keyLengths);
    }

    /** Whether links are encrypted. */
    public enum Policy {
        /** Always. */
        Required,
        /** When the client can. */
        Preferred,
        /** Never. */
        Off
    }
}
