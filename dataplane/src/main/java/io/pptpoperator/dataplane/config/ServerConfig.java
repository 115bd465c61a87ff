package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.AtStart;
import io.pptpoperator.dataplane.config.setting.Inline;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Everything {@code server.yaml} says. The annotations of a component are all there is to say about a setting: what it
 * is, what it may be, its default, and whether it changes while the server runs. What has to go together is decided by
 * {@link ConfigCheck}. Names and structure are those of a PptpServer, with which the files share most settings.
 */
// @formatter:off
public record ServerConfig(
        @AtStart
        @Setting(value = "host name told to clients, name in CHAP challenges, label of metrics", or = "pptp",
                // The host name field of a control message has 64 bytes, zero included (RFC 2637 section 2.2).
                pattern = "[!-~]+", min = "1", max = "63", form = "a host name of 1 to 63 letters, digits and dashes")
        String name,

        @AtStart
        Listen listen,

        @Inline
        Network network,

        Authentication authentication,

        Encryption encryption,

        Keepalive keepalive,

        Reordering reordering,

        Limits limits,

        SessionPolicy sessionPolicy,

        @Inline @AtStart
        Admin admin,

        @Setting(value = "after SIGTERM: how long sessions may go on before they are ended in order", or = "30s",
                min = "1s", max = "1h", zero = "0s")
        Duration drainTimeout,

        Log log,

        @Inline @AtStart
        Datapath datapath) {

    private static final Section<ServerConfig> SETTINGS = Section.of(ServerConfig.class);

    /** A server with nothing but the two settings that have no default. */
    public static ServerConfig withDefaults(Ipv4Address localIP, List<String> pools) {
        return SETTINGS.readAmongOthers(YamlNode.of(Map.of("localIP", localIP, "pools", pools)), (place, message) -> {
            throw new IllegalArgumentException(place + ": " + message);
        });
    }

    /** The same server with other pools. */
    public ServerConfig withPools(List<String> pools, List<String> exclude) {
        Section<Network> section = Section.of(Network.class);
        return SETTINGS.with(this, "network",
                section.with(section.with(network, "pools", pools), "exclude", exclude));
    }

    /** The same server, telling clients of another name server first. */
    public ServerConfig withDnsFirst(Optional<Ipv4Address> server) {
        List<Ipv4Address> dns = Stream.concat(server.stream(), network.dns.stream()).toList();
        return SETTINGS.with(this, "network", Section.of(Network.class).with(network, "dns", dns));
    }

    /** Where clients connect to. */
    public record Listen(
            @Setting(value = "where to listen", or = "0.0.0.0")
            Ipv4Address address,

            @Setting(value = "clients know no other port", or = "1723", min = "1", max = "65535")
            int port) {}

    /** Addresses, and what happens to the clients' packets. */
    public record Network(
            @AtStart
            @Setting(value = "name of the TUN device, and part of the nf_tables table's name", or = "pptpd0",
                    pattern = INTERFACE, min = "1", max = MOST_INTERFACE, form = INTERFACE_FORM)
            String tun,

            @AtStart
            @Setting(value = "the server's end of every link; it may be an address that the host has already",
                    example = "192.168.10.1")
            Ipv4Address localIP,

            @Setting(value = "addresses for clients: `192.168.10.100-200`, `10.0.0.5-10.0.1.9`, `10.8.0.0/24` (without "
                    + "network and broadcast address), single addresses",
                    example = "[192.168.10.100-200]", min = "1", max = "1024")
            List<String> pools,

            @Setting(value = "taken out of the pools, in the same syntax; a network means all of its addresses", max = "64")
            List<String> exclude,

            @Setting(value = "name servers that clients are told", max = "2")
            List<Ipv4Address> dns,

            @Setting(value = "WINS servers that clients are told", max = "2")
            List<Ipv4Address> wins,

            PushedRoutes routes,

            @Setting(value = "largest IP packet in a tunnel; `Auto`: min(1400, uplink MTU − 44). A client's smaller MRU "
                    + "goes first", none = "Auto", min = "576", max = "1500")
            OptionalInt mtu,

            @Setting(value = "largest TCP segment announced through the server in either direction: `Auto` (MTU − 40), "
                    + "`Off` (left alone), or bytes", none = "Auto", zero = "Off", min = "536", max = "1460")
            OptionalInt mss,

            @Setting(value = "send packets that are too big for a client's link in pieces although their DF bit forbids "
                    + "it, instead of losing those whose senders ignore ICMP", or = "true")
            boolean fragmentOversized,

            @Setting(value = "keep clients from reaching one another", or = "true")
            boolean isolateClients,

            @Setting(value = "networks that clients may send to; empty: all, but for what "
                    + "[is closed](#what-clients-do-not-reach)", max = "256")
            List<Ipv4Prefix> allowedDestinations,

            @Setting(value = "what clients may reach of the server's own host (below)", max = "64")
            List<HostRule> hostAccess,

            @AtStart
            @Setting(value = "answer ARP for connected clients whose addresses lie in the network of one of the host's "
                    + "interfaces (below)", or = "false")
            boolean proxyARP,

            @AtStart
            Nat nat) {

        /** Copies the lists. */
        public Network {
            pools = List.copyOf(pools);
            exclude = List.copyOf(exclude);
            dns = List.copyOf(dns);
            wins = List.copyOf(wins);
            allowedDestinations = List.copyOf(allowedDestinations);
            hostAccess = List.copyOf(hostAccess);
        }

        /**
         * The pools without what is excluded.
         *
         * @throws IllegalArgumentException when an item is no address range, which {@link ConfigCheck} would have found
         */
        public AddressPool addressPool() {
            AddressPool all = AddressPool.EMPTY;
            for (String pool : pools) {
                all = all.plus(AddressPool.parse(pool));
            }
            for (String excluded : exclude) {
                all = all.minus(AddressPool.parseExclusion(excluded));
            }
            return all;
        }
    }

    /** Address translation (MASQUERADE) of what clients send. */
    public record Nat(
            @Setting(value = "MASQUERADE what clients send to the uplink", or = "true")
            boolean enabled,

            @Setting(value = "interface that leads out; that of the default route when not set",
                    pattern = INTERFACE, min = "1", max = MOST_INTERFACE, form = INTERFACE_FORM)
            Optional<String> uplink,

            @Setting(value = "networks reached without MASQUERADE, and from which connections to clients may begin",
                    max = "64")
            List<Ipv4Prefix> excludedDestinations) {

        /** Copies the list. */
        public Nat {
            excludedDestinations = List.copyOf(excludedDestinations);
        }
    }

    /** How clients prove who they are. */
    public record Authentication(
            @Setting(value = "the strongest is offered first. `EAP` needs RADIUS servers, which speak it with the client: certificates, for "
                    + "instance", or = "[MSCHAPv2]",
                    words = {"EAP", "MSCHAPv2", "MSCHAPv1", "CHAP-MD5", "PAP"}, min = "1", max = "5")
            List<AuthMethod> methods,

            @Setting(value = "further passwords that may be tried on one call (MS-CHAP)", or = "2",
                    min = "0", max = "10")
            int retries,

            @Setting(value = "for the whole login, from TCP connection to address, and 15 round trips of the path more "
                    + "(at most 75 s)", or = "30s", min = "1s", max = "10m")
            Duration timeout) {

        /** Puts the methods in the order they are offered in. */
        public Authentication {
            methods = sorted(methods, Comparator.naturalOrder());
        }
    }

    /** MPPE, RFC 3078. */
    public record Encryption(
            @Setting(value = "`Required`: a link that does not get encrypted ends; `Preferred`: when the client can; "
                    + "`Off`: never", or = "Required")
            Policy policy,

            @Setting(value = "bits, longest first", or = "[128]", pattern = "128|56|40", form = "one of 128, 56 and 40",
                    min = "1", max = "3")
            List<Integer> keyLengths,

            @Setting(value = "accept stateful MPPE from clients that insist on it", or = "false")
            boolean allowStateful) {

        /** Whether links are encrypted. */
        public enum Policy {
            /** A link that does not get encrypted ends. */
            REQUIRED,
            /** Encrypted when the client can. */
            PREFERRED,
            /** Never encrypted. */
            OFF
        }

        /** Puts the strengths in the order they are offered in. */
        public Encryption {
            keyLengths = sorted(keyLengths, Comparator.reverseOrder());
        }
    }

    /** How dead links and control connections are noticed. */
    public record Keepalive(
            @Setting(value = "LCP Echo-Request after this much silence; `0s`: never", or = "20s",
                    min = "1s", max = "1h", zero = "0s")
            Duration interval,

            @Setting(value = "unanswered echoes until the link is given up", or = "6", min = "1", max = "100")
            int failures,

            // RFC 2637 section 3.1.4: 60 s.
            @Setting(value = "PPTP Echo-Request after this much silence on the control connection, which is closed after "
                    + "the same again", or = "60s", min = "1s", max = "1h")
            Duration controlInterval) {}

    /** Order of the received packets. */
    public record Reordering(
            @Setting(value = "how many packets ahead of a missing one are held back; `0`: none", or = "64",
                    min = "0", max = "1024")
            int packets,

            @Setting(value = "how long they are held at most", or = "50ms", min = "0s", max = "1s")
            Duration delay) {}

    /** What one server takes on. */
    public record Limits(
            @Setting(value = "sessions at once", or = "10000", min = "1", max = "65535")
            int maxSessions,

            @Setting(value = "control connections not yet logged in; beyond that the address that holds most loses its "
                    + "oldest", or = "512", min = "1", max = "65535")
            int pendingConnections,

            @Setting(value = "open control connections of one address", or = "64", min = "1", max = "65535")
            int connectionsPerSource,

            @Setting(value = "new ones of one address", or = "100", min = "1", max = "65535")
            int connectionsPerSecond) {}

    /** What one user may have. */
    public record SessionPolicy(
            @Setting(value = "sessions of one user at once; `0`: any number", or = "1", min = "0", max = "1000")
            int perUser,

            @Setting(value = "`Replace` ends the oldest; `Deny` refuses the new login", or = "Replace")
            WhenExceeded whenExceeded,

            @Setting(value = "ends a session without data traffic; `0s`: never", or = "0s",
                    min = "1s", max = "8760h", zero = "0s")
            Duration idleTimeout,

            @Setting(value = "ends a session however busy it is; `0s`: never", or = "0s",
                    min = "1s", max = "8760h", zero = "0s")
            Duration maxDuration) {

        /** What a login beyond the allowed number does. */
        public enum WhenExceeded {
            /** It ends the user's oldest session. */
            REPLACE,
            /** It is refused. */
            DENY
        }
    }

    /** The administration port. */
    public record Admin(
            @Setting(key = "adminAddress", value = "where to answer requests (below); anything but loopback needs "
                    + "`adminTLS`", or = "127.0.0.1")
            Ipv4Address address,

            @Setting(key = "adminPort", value = "TCP port for that", or = "9723", min = "1024", max = "65535")
            int port,

            @Setting(key = "adminTLS", value = "files for mutual TLS, PEM; read again when they change")
            Optional<Tls> tls) {

        /** Loopback, without TLS. */
        public static final Admin DEFAULTS = Section.of(Admin.class).defaults();

        /** Whether only this machine reaches the port. */
        public boolean isLoopback() {
            return address.bits() >>> 24 == 127;
        }
    }

    /** Files for mutual TLS, PEM; read again when they change. */
    public record Tls(
            @Setting(value = "the server's certificate, followed by what leads to its root",
                    example = "/etc/pptp/tls/tls.crt", min = "1", max = "4096", form = PATH)
            Path certificate,

            @Setting(value = "its private key, PKCS #8", example = "/etc/pptp/tls/tls.key", min = "1", max = "4096", form = PATH)
            Path key,

            @Setting(value = "the certificates that issue client certificates", example = "/etc/pptp/tls/ca.crt",
                    min = "1", max = "4096", form = PATH)
            Path clientCA) {}

    /** What is logged, and how. */
    public record Log(
            @Setting(value = "the least important messages that are logged", or = "Info")
            Level level,

            @AtStart
            @Setting(value = "`Text` for people, `Json` for machines", or = "Text")
            Format format,

            @Setting(value = "client addresses whose decoded packets are logged, never secrets", max = "32")
            List<Ipv4Address> debugPeers) {

        /** Text from info up. */
        public static final Log DEFAULTS = Section.of(Log.class).defaults();

        /** How important a message is, most important first. */
        public enum Level {
            /** Something does not work. */
            ERROR,
            /** Something needs attention. */
            WARN,
            /** Logins, ends, changes. */
            INFO,
            /** Everything. */
            DEBUG
        }

        /** How lines look. */
        public enum Format {
            /** For people. */
            TEXT,
            /** One object a line. */
            JSON
        }

        /** Copies the list. */
        public Log {
            debugPeers = List.copyOf(debugPeers);
        }
    }

    /** The threads that move packets. */
    public record Datapath(
            @Setting(value = "threads that move packets; `0`: one per core", or = "0", min = "0", max = "256")
            int workers,

            @Setting(value = "`Auto`: the kernel and the server exchange TCP and UDP in trains of up to 64 KB where the "
                    + "kernel can; `Never`: packet by packet", or = "Auto")
            Offload offload,

            @Setting(value = "whether GRE may leave through packet sockets (below)", or = "Auto")
            PacketSockets packetSockets,

            @Setting(value = "whether GRE that may leave through packet sockets may leave through XDP sockets instead "
                    + "(below)", or = "Never")
            XdpSockets xdpSockets,

            @Setting(value = "whether workers may run ahead of the host's ordinary threads (below)", or = "Never")
            RealtimePriority realtimePriority,

            @Setting(value = "whether each worker keeps to a CPU of its own, where there are at least as many CPUs as "
                    + "workers", or = "false")
            boolean cpuAffinity) {

        /** Segmentation offload between the kernel and this process. */
        public enum Offload {
            /** As much as the kernel has. */
            AUTO,
            /** Every packet by itself. */
            NEVER
        }

        /** Sending past the kernel's routing. */
        public enum PacketSockets {
            /** Where the next hop is known, and no firewall rule, IPsec policy or routing rule is passed by. */
            AUTO,
            /** Where the next hop is known. */
            ALWAYS,
            /** Never. */
            NEVER
        }

        /** Sending past queueing disciplines. */
        public enum XdpSockets {
            /** Where no queueing discipline, filter or program at the link's egress is passed by. */
            AUTO,
            /** Where packet sockets may be used. */
            ALWAYS,
            /** Never. */
            NEVER
        }

        /** Running ahead of ordinary threads. */
        public enum RealtimePriority {
            /** Unless they use up a CPU, if the process may and its CPU time has no limit. */
            AUTO,
            /** Never. */
            NEVER
        }
    }
    // @formatter:on

    static final String PATH = "the path of a PEM file";
    static final String INTERFACE = "[.]*[A-Za-z0-9_-][A-Za-z0-9_.-]*";
    /** The kernel's IFNAMSIZ is 16 with the closing zero. */
    static final String MOST_INTERFACE = "15";
    static final String INTERFACE_FORM = "an interface's name of 1 to 15 letters, digits, dots, dashes and"
            + " underscores";

    private static <T> List<T> sorted(Collection<T> values, Comparator<? super T> order) {
        return values.stream().sorted(order).toList();
    }
}
