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
import java.util.List;
import java.util.stream.Stream;

/** RADIUS servers, and how they are asked. */
// @formatter:off
@ValidationRule(value = "(has(self.accounting) && !self.accounting.enabled) || "
                + "self.servers.exists(s, !has(s.accountingPort) || s.accountingPort != 0)",
        message = "radius.accounting is on, but every server has accountingPort 0: set one, or accounting.enabled "
                + "false")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Radius(
        @JsonPropertyDescription("The servers. The one with the smallest priority is asked first, others while it does "
                + "not answer.")
        @Required
        @Size(min = 1, max = 8)
        List<Server> servers,

        @JsonPropertyDescription("How long an answer is waited for until the request is sent again, to the same server or "
                + "the next. attempts times this must be less than authentication.timeout.")
        @Default("3s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.A_SECOND_TO_A_MINUTE, message = "radius.timeout is 1s to 1m")
        String timeout,

        @JsonPropertyDescription("How often a request is sent in all.")
        @Default("3")
        @Min(1)
        @Max(10)
        Integer attempts,

        @JsonPropertyDescription("How long a server that did not answer is passed by while another one is left; 0s: not "
                + "at all.")
        @Default("30s")
        @Size(min = 2, max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
        @ValidationRule(value = Durations.OFF_OR_UP_TO_AN_HOUR,
                message = "radius.deadTime is 0s (never passed by), or 1s to 1h")
        String deadTime,

        @JsonPropertyDescription("Whether replies to logins must have a Message-Authenticator. Without it somebody between "
                + "server and RADIUS server can make an accept of a reject (CVE-2024-3596). Switch it off only for "
                + "a server that cannot send it; docs/radius.md has the line that makes FreeRADIUS send it. "
                + "Not asked for with transport Tls.")
        @Default("true")
        Boolean requireMessageAuthenticator,

        @JsonPropertyDescription("NAS-Identifier, by which the RADIUS server tells pods apart. {member} stands for the "
                + "pod's name, with workload DaemonSet for its node's. NAMESPACE/SERVER/{member} when not set.")
        @Size(min = 1, max = 253)
        @Pattern("^[!-~]([ -~]*[!-~])?$")
        String nasIdentifier,

        @JsonPropertyDescription("What the servers are told of sessions.")
        @Default("{}")
        Accounting accounting,

        @JsonPropertyDescription("What the servers may order while a session goes on.")
        @Default("{}")
        DynamicAuthorization dynamicAuthorization) {
    // @formatter:on

    /** Reads a list that is not there as an empty one. */
    public Radius {
        servers = Unset.asEmpty(servers);
    }

    /** The names of all Secrets that it refers to. */
    public List<String> secrets() {
        return Stream.concat(servers.stream().flatMap(Server::secrets),
                dynamicAuthorization == null ? Stream.empty() : SecretSource.names(dynamicAuthorization.secret()))
                .distinct()
                .toList();
    }

    /** Where a secret is. */
    // @formatter:off
    public record SecretSource(
            @JsonPropertyDescription("A key of a Secret in the PptpServer's namespace that has the label "
                    + "pptp-operator.io/radius: \"true\"; no other is read. Changes of the Secret apply within "
                    + "seconds, without a restart.")
            @Required
            VpnUserSpec.SecretKey secretKeyRef) {
        // @formatter:on

        private static Stream<String> names(SecretSource secret) {
            return secret == null || secret.secretKeyRef() == null
                    ? Stream.empty()
                    : Stream.of(secret.secretKeyRef().name());
        }
    }

    /** One RADIUS server. */
    // @formatter:off
    @ValidationRule(value = "self.transport != 'Udp' || has(self.secret)", fieldPath = ".secret",
            reason = "FieldValueRequired",
            messageExpression = "'radius server ' + self.host + ' needs secret.secretKeyRef: with transport Udp the shared "
                    + "secret is all that protects it'")
    @ValidationRule(value = "(self.transport == 'Tls') == has(self.tls)",
            messageExpression = "'radius server ' + self.host + ': transport Tls needs tls with at least ca; transport Udp "
                    + "takes none'")
    @ValidationRule(value = "!has(self.authenticationPort) || !has(self.accountingPort) || self.authenticationPort != 0 || "
                    + "self.accountingPort != 0",
            messageExpression = "'radius server ' + self.host + ' has authenticationPort 0 and accountingPort 0: it is good "
                    + "for nothing; set one of them'")
    @ValidationRule(value = "self.transport != 'Tls' || "
                    + "[has(self.authenticationPort) ? self.authenticationPort : 2083].all(l, "
                    + "[has(self.accountingPort) ? self.accountingPort : 2083].all(a, l == a || l == 0 || a == 0))",
            messageExpression = "'radius server ' + self.host + ': with transport Tls one connection carries logins and "
                    + "accounting; give authenticationPort and accountingPort the same port, or 0 for what it "
                    + "does not do'")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Server(
            @JsonPropertyDescription("Host name or IPv4 address. A name is resolved again every 30 s.")
            @Required
            @Size(min = 1, max = 253)
            @Pattern("^[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?$")
            String host,

            @JsonPropertyDescription("Udp (RFC 2865), or Tls: RadSec (RFC 6614), which hides everything, user names too.")
            @Default("Udp")
            Transport transport,

            @JsonPropertyDescription("Port for logins. 1812 when not set, with transport Tls 2083. 0: it is not asked "
                    + "about logins.")
            @Min(0)
            @Max(65535)
            Integer authenticationPort,

            @JsonPropertyDescription("Port for accounting. 1813 when not set, with transport Tls 2083. 0: it is told "
                    + "nothing.")
            @Min(0)
            @Max(65535)
            Integer accountingPort,

            @JsonPropertyDescription("The shared secret. Needed with transport Udp; radsec when not set with Tls.")
            SecretSource secret,

            @JsonPropertyDescription("Whom transport Tls trusts, and what it shows.")
            Tls tls,

            @JsonPropertyDescription("The smallest is asked first; servers with equal ones share the users among them.")
            @Default("0")
            @Min(0)
            @Max(100)
            Integer priority) {
        // @formatter:on

        private Stream<String> secrets() {
            return Stream.concat(SecretSource.names(secret), tls == null ? Stream.empty() : tls.secrets());
        }
    }

    /** How a server is spoken to. */
    public enum Transport {
        /** RFC 2865. */
        Udp,
        /** RFC 6614. */
        Tls
    }

    /** TLS to a server. */
    // @formatter:off
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Tls(
            @JsonPropertyDescription("The certificates (PEM) that issue the server's.")
            @Required
            SecretSource ca,

            @JsonPropertyDescription("What the pods show the server; nothing when not set, which few servers take.")
            Certificate certificate,

            @JsonPropertyDescription("The name that the server's certificate must have; host when not set.")
            @Size(min = 1, max = 253)
            @Pattern("^[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?$")
            String serverName) {
        // @formatter:on

        private Stream<String> secrets() {
            return Stream.concat(SecretSource.names(ca),
                    certificate == null ? Stream.empty() : Stream.of(certificate.secretName()));
        }
    }

    /** A certificate with its key. */
    // @formatter:off
    public record Certificate(
            @JsonPropertyDescription("A Secret of type kubernetes.io/tls in the PptpServer's namespace, such as "
                    + "cert-manager makes, with the label pptp-operator.io/radius: \"true\" (cert-manager: "
                    + "secretTemplate.labels). The key is PKCS #8.")
            @Required
            @Size(min = 1, max = 253)
            @ValidationRule(value = Cel.IS_NAME, messageExpression = Cel.NO_NAME)
            String secretName) {}
    // @formatter:on

    /** What servers are told of sessions. */
    // @formatter:off
    public record Accounting(
            @JsonPropertyDescription("Whether servers are told who is connected, since when, and of how many bytes; also of "
                    + "users that VpnUsers let in.")
            @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("Time between records of a session that goes on, where the login's answer does not say; "
                    + "0s: none, only when it starts and stops.")
            @Default("10m")
            @Size(min = 2, max = Durations.MAX_LENGTH)
            @ValidationRule(value = Durations.IS_ONE, messageExpression = Durations.NONE)
            @ValidationRule(value = Durations.OFF_OR_A_MINUTE_TO_A_DAY,
                    message = "radius.accounting.interval is 0s (none), or 1m to 24h")
            String interval,

            @JsonPropertyDescription("What happens while no server takes records. Spool: they are kept, and users come in. "
                    + "Refuse: nobody comes in.")
            @Default("Spool")
            WhenUnreachable whenUnreachable) {
        // @formatter:on

        /** What is done while no server takes records. */
        public enum WhenUnreachable {
            /** They wait. */
            Spool,
            /** Nobody is let in. */
            Refuse
        }
    }

    /** What servers may order while a session goes on. */
    // @formatter:off
    @ValidationRule(value = "!has(self.enabled) || !self.enabled || has(self.clients) && self.clients.size() > 0",
            message = "radius.dynamicAuthorization.enabled needs clients: the networks of the RADIUS servers, such as "
                    + "10.0.0.5/32")
    @ValidationRule(value = "!has(self.enabled) || !self.enabled || has(self.secret)",
            message = "radius.dynamicAuthorization.enabled needs secret.secretKeyRef: whoever knows it may end sessions")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record DynamicAuthorization(
            @JsonPropertyDescription("Whether pods answer Disconnect-Requests and CoA-Requests (RFC 5176).")
            @Default("false")
            Boolean enabled,

            @JsonPropertyDescription("UDP port of the pods for them.")
            @Default("3799")
            @Min(1)
            @Max(65535)
            Integer port,

            @JsonPropertyDescription("Networks that they may come from, such as 10.0.0.5/32. Others get no answer.")
            @Size(max = 64)
            @EachItem(value = Cel.IS_NETWORK, messageExpression = Cel.NO_NETWORK)
            List<@Size(max = Cel.MAX_CIDR_LENGTH) String> clients,

            @JsonPropertyDescription("The shared secret.")
            SecretSource secret) {
        // @formatter:on

        /** Reads a list that is not there as an empty one. */
        public DynamicAuthorization {
            clients = Unset.asEmpty(clients);
        }
    }
}
