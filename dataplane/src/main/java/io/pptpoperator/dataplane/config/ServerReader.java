package io.pptpoperator.dataplane.config;

import static java.util.function.Function.identity;

import io.pptpoperator.dataplane.config.ServerConfig.Admin;
import io.pptpoperator.dataplane.config.ServerConfig.Authentication;
import io.pptpoperator.dataplane.config.ServerConfig.Control;
import io.pptpoperator.dataplane.config.ServerConfig.Datapath;
import io.pptpoperator.dataplane.config.ServerConfig.Drain;
import io.pptpoperator.dataplane.config.ServerConfig.Encryption;
import io.pptpoperator.dataplane.config.ServerConfig.Gre;
import io.pptpoperator.dataplane.config.ServerConfig.Limits;
import io.pptpoperator.dataplane.config.ServerConfig.Listen;
import io.pptpoperator.dataplane.config.ServerConfig.Log;
import io.pptpoperator.dataplane.config.ServerConfig.Nat;
import io.pptpoperator.dataplane.config.ServerConfig.Network;
import io.pptpoperator.dataplane.config.ServerConfig.Ppp;
import io.pptpoperator.dataplane.config.ServerConfig.Sessions;
import io.pptpoperator.dataplane.config.ServerConfig.Tls;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sections of {@code server.yaml}. */
final class ServerReader {

    private static final String AUTO = "auto";

    private ServerReader() {}

    static ServerConfig read(MappingReader in) {
        var server = new ServerConfig(in.text("name", ServerConfig.DEFAULT_NAME), listen(in.section("listen")),
                network(in.section("network")), authentication(in.section("authentication")),
                encryption(in.section("encryption")), ppp(in.section("ppp")), gre(in.section("gre")),
                control(in.section("control")), limits(in.section("limits")), sessions(in.section("sessions")),
                admin(in.section("admin")), drain(in.section("drain")), log(in.section("log")),
                datapath(in.section("datapath")));
        in.end();
        return server;
    }

    private static Listen listen(MappingReader in) {
        Listen defaults = Listen.DEFAULTS;
        var listen = new Listen(in.value("address", defaults.address(), Ipv4Address::parse),
                in.integer("port", defaults.port()));
        in.end();
        return listen;
    }

    private static Network network(MappingReader in) {
        in.require("localAddress", "192.168.10.1");
        in.require("pools", "[\"192.168.10.100-200\"]");
        Network defaults = Network.withDefaults(Ipv4Address.ANY, List.of());
        var network = new Network(in.text("tun", defaults.tun()),
                in.value("localAddress", defaults.localAddress(), Ipv4Address::parse),
                in.list("pools", defaults.pools(), identity()), in.list("exclude", defaults.exclude(), identity()),
                in.list("dns", defaults.dns(), Ipv4Address::parse),
                in.list("wins", defaults.wins(), Ipv4Address::parse),
                in.value("mtu", defaults.mtu(), ServerReader::mtu), in.value("mss", defaults.mss(), ServerReader::mss),
                in.bool("fragmentOversized", defaults.fragmentOversized()),
                in.bool("clientToClient", defaults.clientToClient()),
                in.list("allowedDestinations", defaults.allowedDestinations(), Ipv4Prefix::parse),
                in.sections("hostAccess").stream().map(ServerReader::hostRule).toList(),
                in.bool("proxyArp", defaults.proxyArp()), nat(in.section("nat")));
        in.end();
        return network;
    }

    private static HostRule hostRule(MappingReader in) {
        in.require("protocol", "tcp");
        var rule = new HostRule(in.value("address", Optional.empty(), text -> Optional.of(Ipv4Address.parse(text))),
                in.choice("protocol", HostRule.Protocol.TCP, words(HostRule.Protocol.values())),
                in.list("ports", List.of(), HostRule.Ports::parse));
        in.end();
        return rule;
    }

    private static OptionalInt mtu(String text) {
        return text.equals(AUTO) ? OptionalInt.empty() : OptionalInt.of(number(text, "auto or 576 to 1500"));
    }

    private static MssClamp mss(String text) {
        return switch (text) {
            case AUTO -> MssClamp.AUTO;
            case "off" -> MssClamp.OFF;
            default -> new MssClamp.Fixed(number(text, "auto, off or 216 to 1460"));
        };
    }

    private static int number(String text, String right) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not possible here; " + right + " would be right", e);
        }
    }

    private static Nat nat(MappingReader in) {
        Nat defaults = Nat.DEFAULTS;
        var nat = new Nat(in.bool("enabled", defaults.enabled()),
                in.value("uplink", defaults.uplink(), text -> Optional.of(text).filter(name -> !name.equals(AUTO))),
                in.list("excludeDestinations", defaults.excludeDestinations(), Ipv4Prefix::parse));
        in.end();
        return nat;
    }

    private static Authentication authentication(MappingReader in) {
        Authentication defaults = Authentication.DEFAULTS;
        Map<String, AuthMethod> methods = Stream.of(AuthMethod.values())
                .collect(Collectors.toMap(AuthMethod::label, identity()));
        var authentication = new Authentication(in.choices("methods", defaults.methods(), methods),
                in.integer("retries", defaults.retries()), in.duration("timeout", defaults.timeout()));
        in.end();
        return authentication;
    }

    private static Encryption encryption(MappingReader in) {
        Encryption defaults = Encryption.DEFAULTS;
        var encryption = new Encryption(in.choice("policy", defaults.policy(), words(Encryption.Policy.values())),
                in.choices("keyLengths", defaults.keyLengths(), Map.of("128", 128, "56", 56, "40", 40)),
                in.bool("stateful", defaults.stateful()));
        in.end();
        return encryption;
    }

    private static Ppp ppp(MappingReader in) {
        Ppp defaults = Ppp.DEFAULTS;
        var ppp = new Ppp(in.duration("echoInterval", defaults.echoInterval()),
                in.integer("echoFailures", defaults.echoFailures()));
        in.end();
        return ppp;
    }

    private static Gre gre(MappingReader in) {
        Gre defaults = Gre.DEFAULTS;
        var gre = new Gre(in.integer("reorderPackets", defaults.reorderPackets()),
                in.duration("reorderDelay", defaults.reorderDelay()));
        in.end();
        return gre;
    }

    private static Control control(MappingReader in) {
        var control = new Control(in.duration("echoInterval", Control.DEFAULTS.echoInterval()));
        in.end();
        return control;
    }

    private static Limits limits(MappingReader in) {
        Limits defaults = Limits.DEFAULTS;
        var limits = new Limits(in.integer("sessions", defaults.sessions()),
                in.integer("pendingConnections", defaults.pendingConnections()),
                in.integer("connectionsPerSource", defaults.connectionsPerSource()),
                in.integer("connectionsPerSecond", defaults.connectionsPerSecond()));
        in.end();
        return limits;
    }

    private static Sessions sessions(MappingReader in) {
        Sessions defaults = Sessions.DEFAULTS;
        var sessions = new Sessions(in.integer("perUser", defaults.perUser()),
                in.choice("whenExceeded", defaults.whenExceeded(), words(Sessions.WhenExceeded.values())),
                in.duration("idleTimeout", defaults.idleTimeout()), in.duration("maxDuration", defaults.maxDuration()));
        in.end();
        return sessions;
    }

    private static Admin admin(MappingReader in) {
        Admin defaults = Admin.DEFAULTS;
        MappingReader tls = in.section("tls");
        var admin = new Admin(in.value("address", defaults.address(), Ipv4Address::parse),
                in.integer("port", defaults.port()), in.has("tls") ? Optional.of(tls(tls)) : defaults.tls());
        in.end();
        return admin;
    }

    private static Tls tls(MappingReader in) {
        in.require("certificate", "/etc/pptp/tls/tls.crt");
        in.require("key", "/etc/pptp/tls/tls.key");
        in.require("clientCa", "/etc/pptp/tls/ca.crt");
        var tls = new Tls(in.value("certificate", Path.of(""), Path::of), in.value("key", Path.of(""), Path::of),
                in.value("clientCa", Path.of(""), Path::of));
        in.end();
        return tls;
    }

    private static Drain drain(MappingReader in) {
        var drain = new Drain(in.duration("timeout", Drain.DEFAULTS.timeout()));
        in.end();
        return drain;
    }

    private static Log log(MappingReader in) {
        Log defaults = Log.DEFAULTS;
        var log = new Log(in.choice("level", defaults.level(), words(Log.Level.values())),
                in.choice("format", defaults.format(), words(Log.Format.values())),
                in.list("debugPeers", defaults.debugPeers(), Ipv4Address::parse));
        in.end();
        return log;
    }

    private static Datapath datapath(MappingReader in) {
        var datapath = new Datapath(in.integer("workers", Datapath.DEFAULTS.workers()),
                in.choice("offload", Datapath.DEFAULTS.offload(), words(Datapath.Offload.values())),
                in.choice("packetSocket", Datapath.DEFAULTS.packetSocket(), words(Datapath.PacketSocket.values())),
                in.choice("precedence", Datapath.DEFAULTS.precedence(), words(Datapath.Precedence.values())),
                in.bool("pinned", Datapath.DEFAULTS.pinned()));
        in.end();
        return datapath;
    }

    private static <E extends Enum<E>> Map<String, E> words(E[] values) {
        return Stream.of(values)
                .collect(Collectors.toMap(value -> value.name().toLowerCase(Locale.ROOT), Function.identity()));
    }
}
