package io.pptpoperator.dataplane.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pptpoperator.dataplane.config.ServerConfig.Network;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes configurations as YAML that {@link ConfigReader} reads back: every setting that is not at its default, in the
 * order of the records, so that equal configurations have equal texts. Without the others a data plane of an older
 * version reads the text too, unless it uses a setting that came later; so a default, once released, has to stay.
 */
public final class ConfigWriter {

    /** Texts are always quoted, so that a password such as {@code yes} or {@code 007} stays what it is. */
    private static final ObjectWriter YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build()).writer();
    /** What need not be said; local address and pools, which have no default, are nobody's. */
    private static final Section SERVER_DEFAULTS = tree(ServerConfig.withDefaults(Ipv4Address.ANY, List.of()));

    private ConfigWriter() {}

    /** The text of {@code server.yaml}. */
    public static String writeServer(ServerConfig server) {
        return write(tree(server).without(SERVER_DEFAULTS));
    }

    private static Section tree(ServerConfig server) {
        var root = new Section().with("name", server.name());
        root.section("listen").with("address", server.listen().address()).with("port", server.listen().port());
        network(root.section("network"), server.network());
        root.section("authentication")
                .with("methods", server.authentication().methods().stream().map(AuthMethod::label).toList())
                .with("retries", server.authentication().retries())
                .with("timeout", server.authentication().timeout());
        root.section("encryption")
                .with("policy", server.encryption().policy())
                .with("keyLengths", server.encryption().keyLengths())
                .with("stateful", server.encryption().stateful());
        root.section("ppp")
                .with("echoInterval", server.ppp().echoInterval())
                .with("echoFailures", server.ppp().echoFailures());
        root.section("gre")
                .with("reorderPackets", server.gre().reorderPackets())
                .with("reorderDelay", server.gre().reorderDelay());
        root.section("control").with("echoInterval", server.control().echoInterval());
        root.section("limits")
                .with("sessions", server.limits().sessions())
                .with("pendingConnections", server.limits().pendingConnections())
                .with("connectionsPerSource", server.limits().connectionsPerSource())
                .with("connectionsPerSecond", server.limits().connectionsPerSecond());
        root.section("sessions")
                .with("perUser", server.sessions().perUser())
                .with("whenExceeded", server.sessions().whenExceeded())
                .with("idleTimeout", server.sessions().idleTimeout())
                .with("maxDuration", server.sessions().maxDuration());
        Section admin = root.section("admin")
                .with("address", server.admin().address())
                .with("port", server.admin().port());
        server.admin()
                .tls()
                .ifPresent(tls -> admin.section("tls")
                        .with("certificate", tls.certificate())
                        .with("key", tls.key())
                        .with("clientCa", tls.clientCa()));
        root.section("drain").with("timeout", server.drain().timeout());
        root.section("log")
                .with("level", server.log().level())
                .with("format", server.log().format())
                .with("debugPeers", server.log().debugPeers());
        root.section("datapath")
                .with("workers", server.datapath().workers())
                .with("offload", server.datapath().offload())
                .with("packetSocket", server.datapath().packetSocket())
                .with("precedence", server.datapath().precedence())
                .with("pinned", server.datapath().pinned());
        return root;
    }

    private static void network(Section section, Network network) {
        section.with("tun", network.tun())
                .with("localAddress", network.localAddress())
                .with("pools", network.pools())
                .with("exclude", network.exclude())
                .with("dns", network.dns())
                .with("wins", network.wins())
                .with("mtu", network.mtu().isPresent() ? network.mtu().getAsInt() : "auto")
                .with("mss", network.mss() instanceof MssClamp.Fixed fixed ? fixed.bytes() : network.mss())
                .with("fragmentOversized", network.fragmentOversized())
                .with("clientToClient", network.clientToClient())
                .with("allowedDestinations", network.allowedDestinations())
                .with("hostAccess", network.hostAccess().stream().map(ConfigWriter::hostRule).toList())
                .with("proxyArp", network.proxyArp());
        section.section("nat")
                .with("enabled", network.nat().enabled())
                .with("uplink", network.nat().uplink().orElse("auto"))
                .with("excludeDestinations", network.nat().excludeDestinations());
    }

    private static Section hostRule(HostRule rule) {
        var section = new Section();
        rule.address().ifPresent(address -> section.with("address", address));
        section.with("protocol", rule.protocol());
        if (!rule.ports().isEmpty()) {
            section.with("ports", rule.ports());
        }
        return section;
    }

    /** The text of {@code users.yaml}; it holds the users' secrets. */
    public static String writeUsers(List<UserConfig> users) {
        return write(Map.of("users", users.stream().map(ConfigWriter::user).toList()));
    }

    private static Section user(UserConfig user) {
        var section = new Section().with("username", user.username());
        switch (user.credentials()) {
            case Credentials.Password password -> section.with("password", password.value());
            case Credentials.NtHash hash -> section.with("ntHash", HexFormat.of().formatHex(hash.value()));
        }
        if (!user.enabled()) {
            section.with("enabled", false);
        }
        user.validUntil().ifPresent(time -> section.with("validUntil", time));
        user.address().ifPresent(address -> section.with("address", address));
        if (!user.allowedSources().isEmpty()) {
            section.with("allowedSources", user.allowedSources());
        }
        if (!user.routes().isEmpty()) {
            section.with("routes", user.routes());
        }
        user.sessions().ifPresent(count -> section.with("sessions", count));
        return section;
    }

    private static String write(Object tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps of texts, numbers and booleans can always be written", e);
        }
    }

    /** A mapping in the order of its making, with values as the format spells them. */
    private static final class Section extends LinkedHashMap<String, Object> {

        Section with(String key, Object value) {
            put(key, spelled(value));
            return this;
        }

        Section section(String key) {
            var section = new Section();
            put(key, section);
            return section;
        }

        /** What differs from another mapping, section by section. */
        Section without(Section others) {
            var rest = new Section();
            forEach((key, value) -> {
                Object other = others.get(key);
                Object left = value instanceof Section section && other instanceof Section known
                        ? section.without(known)
                        : value;
                if (!left.equals(other) && !(left instanceof Section section && section.isEmpty())) {
                    rest.put(key, left);
                }
            });
            return rest;
        }

        private static Object spelled(Object value) {
            return switch (value) {
                case Section section -> section;
                case Boolean bool -> bool;
                case Integer number -> number;
                case Duration duration -> DurationText.format(duration);
                case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
                case Collection<?> items -> items.stream().map(Section::spelled).toList();
                default -> value.toString();
            };
        }
    }
}
