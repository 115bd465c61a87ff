package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;

/** Who may dial in, and how. Descriptions, defaults and bounds are the annotations. */
// @formatter:off
@ValidationRule(value = "!has(self.password) || !has(self.ntHash)",
        message = "password and ntHash are two ways to say the same: give one of them, or neither to have a "
                + "password generated")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VpnUserSpec(
        @JsonPropertyDescription("The name that the client logs in with. The resource's own name by default.")
        @Size(min = 1, max = 255)
        @Pattern("^[^\\x00-\\x20\\x7f]([^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?$")
        String username,

        @JsonPropertyDescription("Where the password is. With neither this nor ntHash a strong password is "
                + "generated once, into the Secret that status.passwordSecret names.")
        SecretSource password,

        @JsonPropertyDescription("Where the password's NT hash is (32 hexadecimal digits), for directories "
                + "that know no more. Works with MSCHAPv2 and MSCHAPv1 only.")
        SecretSource ntHash,

        @JsonPropertyDescription("PptpServers the user may use. Empty: every one of its namespace that selects the "
                + "user, and those of other namespaces for which its Namespace has the label "
                + "served-by.pptp-operator.io/NAMESPACE: \"true\". Whoever is named here, or by the label, is told "
                + "the password's hash.")
        @Size(max = 64)
        List<ServerReference> servers,

        @JsonPropertyDescription("The IPv4 address that the user always gets: one of the server's pools or "
                + "of their networks, or of its users.allowedNetworks. One session at a time can have it.")
        @Size(max = Cel.MAX_ADDRESS_LENGTH)
        @ValidationRule(value = Cel.IS_ADDRESS,
                message = "address must be an IPv4 address such as 192.168.10.50")
        @ValidationRule(value = Cel.IS_HOSTS,
                message = "address cannot be the address of a host; one such as 192.168.10.50 would be right")
        String address,

        @JsonPropertyDescription("Whether the user may log in. false ends running sessions at once.")
        @Default("true")
        Boolean enabled,

        @JsonPropertyDescription("When the user's time is over, such as 2030-01-01T00:00:00Z. Running "
                + "sessions end then.")
        @Pattern(Times.PATTERN)
        Instant validUntil,

        @JsonPropertyDescription("Networks that the client may connect from. Empty: anywhere.")
        @Size(max = 64)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> allowedSources,

        @JsonPropertyDescription("Networks behind this client, such as a branch's 192.168.50.0/24: the "
                + "server sends their packets into the user's session and accepts packets from them. The "
                + "PptpServer must have them in users.allowedNetworks.")
        @Size(max = 64)
        @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
        @EachItem(value = Cel.IS_NO_WIDER_THAN_8, messageExpression = Cel.TOO_WIDE)
        List<@Size(max = Cel.MAX_CIDR_LENGTH) String> routes,

        @JsonPropertyDescription("Sessions at once, instead of the server's sessionPolicy.perUser; 0: any number.")
        @Min(0)
        @Max(1000)
        Integer maxSessions,

        @JsonPropertyDescription("How fast the user may be, over all sessions at one pod of a server. It applies to "
                + "sessions that are there within seconds. What is above it waits, and is dropped where it would wait "
                + "long. Of this and the profile's the lower counts, each way.")
        RateLimit rateLimit,

        @JsonPropertyDescription("Name of the VpnProfile that says what the user may have, in the namespace of the "
                + "PptpServer that serves the user: of one in another namespace the profiles there count. A server without "
                + "it does not serve the user. Not set: the server's users.defaultProfile.")
        @Size(min = 1, max = 253)
        @Pattern("^[0-9A-Za-z]([-_.0-9A-Za-z]*[0-9A-Za-z])?$")
        String profile) {
    // @formatter:on

    /** A spec that says nothing. */
    static final VpnUserSpec EMPTY = new VpnUserSpec(null, null, null, null, null, true, null, null, null, null, null,
            null);

    /** Reads collections that are not there as empty ones. */
    public VpnUserSpec {
        servers = Unset.asEmpty(servers);
        allowedSources = Unset.asEmpty(allowedSources);
        routes = Unset.asEmpty(routes);
    }

    /** Where a secret value is. */
    // @formatter:off
    public record SecretSource(
            @JsonPropertyDescription("A key of a Secret in the VpnUser's namespace that has the label "
                    + "pptp-operator.io/password: \"true\"; no other is read. Changes of the Secret apply within "
                    + "seconds.")
            @Required
            SecretKey secretKeyRef) {}
// @formatter:on

    /** A key of a Secret. */
    // @formatter:off
    public record SecretKey(
            @JsonPropertyDescription("Name of the Secret.")
            @Required
            @Size(min = 1, max = 253)
            @ValidationRule(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
            String name,

            @JsonPropertyDescription("Key in the Secret's data.")
            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[-._a-zA-Z0-9]+$")
            String key) {}
// @formatter:on

    /** A PptpServer. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    // @formatter:off
    public record ServerReference(
            @JsonPropertyDescription("Name of the PptpServer.")
            @Required
            @Size(min = 1, max = 253)
            String name,

            @JsonPropertyDescription("Its namespace; the VpnUser's own by default. The server must select "
                    + "VpnUsers of this namespace.")
            @Size(min = 1, max = 63)
            String namespace) {}
// @formatter:on
}
