package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How clients prove who they are. */
// @formatter:off
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Authentication(
        @JsonPropertyDescription("Accepted methods; the strongest is offered first. Of those with passwords only MSCHAPv2 "
                + "is worth having; the others are for devices that know nothing better. EAP is between the client and "
                + "the RADIUS servers, which may ask for a certificate.")
        @Default("[\"MSCHAPv2\"]")
        @Size(min = 1, max = 5)
        @ValidationRule(value = "self.all(m, self.exists_one(n, n == m))",
                message = "authentication.methods names a method twice")
        List<Method> methods,

        @JsonPropertyDescription("Further tries after a wrong password before the link ends.")
        @Default("2")
        @Min(0)
        @Max(10)
        Integer retries,

        @JsonPropertyDescription("Time for the whole login, from the TCP connection to the address.")
        @Default("30s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.A_SECOND_TO_TEN_MINUTES,
                message = "authentication.timeout is 1s to 10m")
        String timeout) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Authentication {
        methods = Unset.asEmpty(methods);
    }

    /** The proofs of who one is that PPP knows, strongest first. */
    public enum Method {
        /** RFC 3748, with a RADIUS server. */
        @JsonProperty("EAP")
        EAP,
        /** RFC 2759. */
        @JsonProperty("MSCHAPv2")
        MSCHAPV2,
        /** RFC 2433. */
        @JsonProperty("MSCHAPv1")
        MSCHAPV1,
        /** RFC 1994. */
        @JsonProperty("CHAP-MD5")
        CHAP_MD5,
        /** RFC 1334. */
        @JsonProperty("PAP")
        PAP;

        /** Whether a server that knows no more than the NT hash of the password can verify it. */
        public boolean worksWithNtHash() {
            return this == MSCHAPV2 || this == MSCHAPV1;
        }
    }
}
