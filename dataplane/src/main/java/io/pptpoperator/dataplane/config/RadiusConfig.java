package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.SecretText;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything {@code users.radius.yaml} says, as {@link ServerConfig} is of {@code server.yaml}. It is a file of its own so
 * that an image that does not know RADIUS goes on with its two, and no name of a member's {@code server.yaml} is its name.
 * All of it changes while the server runs. Its text form never shows a secret.
 */
// @formatter:off
public record RadiusConfig(
        @Setting(value = "who decides about logins. `Resources`: `users.yaml`; `Radius`: the servers, and `users.yaml` is "
                + "passed over; `ResourcesThenRadius`: `users.yaml` for the names in it, the servers for all others",
                or = "Resources")
        Source source,

        @Setting(value = "who is asked", max = "8")
        List<Server> servers,

        @Setting(value = "until a request is sent again, to the same server or the next", or = "3s", min = "1s", max = "1m")
        Duration timeout,

        @Setting(value = "how often a request is sent in all", or = "3", min = "1", max = "10")
        int attempts,

        @Setting(value = "how long a server that did not answer is passed by; `0s`: not at all", or = "30s",
                min = "1s", max = "1h", zero = "0s")
        Duration deadTime,

        @Setting(value = "whether replies to logins must have a Message-Authenticator: without it somebody on the way can "
                + "make an accept of a reject (CVE-2024-3596). Not asked for with TLS", or = "true")
        boolean requireMessageAuthenticator,

        @Setting(value = "NAS-Identifier. `{member}` stands for the environment variable `PPTP_MEMBER` (a pod's name, or "
                + "a DaemonSet's node), without it for the host's name", or = "{member}",
                pattern = NAS_IDENTIFIER, min = "1", max = "253", form = "a text of 1 to 253 printable ASCII characters")
        String nasIdentifier,

        Accounting accounting,

        DynamicAuthorization dynamicAuthorization) {

    /** Who decides about logins. */
    public enum Source {
        /** {@code users.yaml}. */
        RESOURCES,
        /** The servers alone. */
        RADIUS,
        /** {@code users.yaml} for the names in it, the servers for all others. */
        RESOURCES_THEN_RADIUS
    }

    /** One RADIUS server. */
    public record Server(
            @Setting(value = "host name or IPv4 address; a name is resolved again every 30 s",
                    example = "radius.example.com", pattern = HOST, min = "1", max = "253",
                    form = "a host name such as radius.example.com, or an IPv4 address")
            String host,

            @Setting(value = "`Udp`, or `Tls`: RadSec (RFC 6614)", or = "Udp")
            Transport transport,

            @Setting(value = "port for logins; 1812 when not set, with `Tls` 2083; `0`: it takes none", min = "0",
                    max = "65535")
            OptionalInt authenticationPort,

            @Setting(value = "port for accounting; 1813 when not set, with `Tls` 2083; `0`: it takes none", min = "0",
                    max = "65535")
            OptionalInt accountingPort,

            @Setting(value = "what both ends know; needed with `Udp`; `radsec` when not set with `Tls`", min = "1",
                    max = "256", form = "1 to 256 characters")
            Optional<SecretText> secret,

            Optional<Tls> tls,

            @Setting(value = "the smallest is asked first; equal ones share the users among them", or = "0", min = "0",
                    max = "100")
            int priority) {

        /** The secret of RFC 6614 section 2.3, where TLS does what a secret is for. */
        private static final SecretText RADSEC = new SecretText("radsec");

        /** How it is spoken to. */
        public enum Transport {
            /** RFC 2865. */
            UDP,
            /** RFC 6614. */
            TLS
        }

        /** Where it takes logins; empty when it takes none. */
        public OptionalInt loginPort() {
            return port(authenticationPort, 1812);
        }

        /** Where it takes accounting; empty when it takes none. */
        public OptionalInt recordPort() {
            return port(accountingPort, 1813);
        }

        private OptionalInt port(OptionalInt said, int usual) {
            int port = said.orElse(transport == Transport.TLS ? 2083 : usual);
            return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
        }

        /** What both ends know. */
        public SecretText sharedSecret() {
            return secret.orElse(RADSEC);
        }

        /** What people know it by. */
        public String name() {
            return host + ":" + loginPort().orElse(recordPort().orElse(0));
        }
    }

    /** TLS to a server, as PEM texts: they change with the rest of the file. */
    public record Tls(
            @Setting(value = "the certificates that issue the server's, PEM", example = "-----BEGIN CERTIFICATE-----…",
                    pattern = CERTIFICATES, min = "1", max = "65536", form = CERTIFICATES_FORM)
            String ca,

            @Setting(value = "this end's certificate, followed by what leads to its root, PEM; none: this end shows none",
                    pattern = CERTIFICATES, min = "1", max = "65536", form = CERTIFICATES_FORM)
            Optional<String> certificate,

            @Setting(value = "its private key, PKCS #8, PEM", pattern = "\\s*-----BEGIN PRIVATE KEY-----[\\s\\S]*",
                    min = "1", max = "65536", form = "a private key in PKCS #8, PEM")
            Optional<SecretText> key,

            @Setting(value = "the name that the server's certificate must have; `host` when not set", pattern = HOST,
                    min = "1", max = "253", form = "a host name such as radius.example.com")
            Optional<String> serverName) {}

    /** What is told of sessions (RFC 2866). */
    public record Accounting(
            @Setting(value = "whether the servers are told of sessions: who, when, how much", or = "true")
            boolean enabled,

            @Setting(value = "between records of a session that goes on, where the login's answer says nothing of it; "
                    + "`0s`: none", or = "10m", min = "1m", max = "24h", zero = "0s")
            Duration interval,

            @Setting(value = "while no server takes records: `Spool` keeps them and lets users in; `Refuse` lets nobody "
                    + "in", or = "Spool")
            WhenUnreachable whenUnreachable) {

        /** What is done while no server takes records. */
        public enum WhenUnreachable {
            /** They wait. */
            SPOOL,
            /** Nobody is let in. */
            REFUSE
        }
    }

    /** What servers may order while a session goes on (RFC 5176). */
    public record DynamicAuthorization(
            @Setting(value = "whether Disconnect-Requests and CoA-Requests are answered", or = "false")
            boolean enabled,

            @Setting(value = "UDP port for them", or = "3799", min = "1", max = "65535")
            int port,

            @Setting(value = "networks that they may come from; others are answered with silence", max = "64")
            List<Ipv4Prefix> clients,

            @Setting(value = "what both ends know", min = "1", max = "256", form = "1 to 256 characters")
            Optional<SecretText> secret) {

        /** Copies the list. */
        public DynamicAuthorization {
            clients = List.copyOf(clients);
        }
    }
    // @formatter:on

    /** Longest value of an attribute (RFC 2865 section 5). */
    private static final int LONGEST_ATTRIBUTE = 253;

    static final String NAS_IDENTIFIER = "[!-~]([ -~]*[!-~])?";
    static final String HOST = "[0-9A-Za-z]([-.0-9A-Za-z]*[0-9A-Za-z])?";
    static final String CERTIFICATES = "[\\s\\S]*-----BEGIN CERTIFICATE-----[\\s\\S]*";
    static final String CERTIFICATES_FORM = "certificates, PEM";

    /** Nobody is asked, and nobody told. */
    public static final RadiusConfig NONE = Section.of(RadiusConfig.class).defaults();

    /** Copies the list. */
    public RadiusConfig {
        servers = List.copyOf(servers);
    }

    /** The file, beside the one with the users. */
    public static Path file(Path users) {
        return users.resolveSibling(file(String.valueOf(users.getFileName())));
    }

    /** The name of the file beside one with users. */
    public static String file(String users) {
        return UsersSchema.beside(users, "radius");
    }

    /** Whether the servers decide about a login, or about some. */
    public boolean decides() {
        return source != Source.RESOURCES;
    }

    /**
     * The NAS-Identifier, cut to what an attribute holds.
     *
     * @param member what this server is called among its like
     */
    public String nasIdentifier(String member) {
        byte[] whole = nasIdentifier.replace("{member}", member).getBytes(StandardCharsets.UTF_8);
        return new String(whole, 0, Math.min(whole.length, LONGEST_ATTRIBUTE), StandardCharsets.UTF_8);
    }
}
