package io.pptpoperator.dataplane.config;

import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything {@code server.yaml} says, section by section. Which values are possible is decided by {@link ConfigCheck},
 * not here; every section has its defaults as a constant.
 *
 * @param name host name in Start-Control-Connection-Reply, CHAP name, and the server's name in logs and metrics
 * @param listen where clients connect to
 * @param network addresses, and what happens to the clients' packets
 * @param authentication how clients prove who they are
 * @param encryption MPPE
 * @param ppp keepalive of the links
 * @param gre order of the received packets
 * @param control keepalive of the control connections
 * @param limits what one server takes on
 * @param sessions what one user may have
 * @param admin the administration port
 * @param drain the end of the server
 * @param log what is logged, and how
 * @param datapath the threads that move packets
 */
public record ServerConfig(String name, Listen listen, Network network, Authentication authentication,
        Encryption encryption, Ppp ppp, Gre gre, Control control, Limits limits, Sessions sessions, Admin admin,
        Drain drain, Log log, Datapath datapath) {

    /** The default of {@link #name}. */
    public static final String DEFAULT_NAME = "pptp";

    /** A server with nothing but the two settings that have no default. */
    public static ServerConfig withDefaults(Ipv4Address localAddress, List<String> pools) {
        return new ServerConfig(DEFAULT_NAME, Listen.DEFAULTS, Network.withDefaults(localAddress, pools),
                Authentication.DEFAULTS, Encryption.DEFAULTS, Ppp.DEFAULTS, Gre.DEFAULTS, Control.DEFAULTS,
                Limits.DEFAULTS, Sessions.DEFAULTS, Admin.DEFAULTS, Drain.DEFAULTS, Log.DEFAULTS, Datapath.DEFAULTS);
    }

    /**
     * Where clients connect to.
     *
     * @param address the local address to listen on, 0.0.0.0 for all
     * @param port the TCP port; clients know no other than 1723
     */
    public record Listen(Ipv4Address address, int port) {
        /** All addresses, port 1723. */
        public static final Listen DEFAULTS = new Listen(Ipv4Address.ANY, 1723);
    }

    /**
     * Addresses, and what happens to the clients' packets.
     *
     * @param tun name of the TUN device
     * @param localAddress the server's end of every link
     * @param pools what clients get their addresses from, as {@link AddressPool#parse} reads it
     * @param exclude what is taken out of the pools, as {@link AddressPool#parseExclusion} reads it
     * @param dns name servers for the clients, at most two
     * @param wins NetBIOS name servers for the clients, at most two
     * @param mtu largest inner packet in bytes; empty: follows from the uplink's MTU
     * @param mss what happens to the maximum segment size of TCP connections
     * @param fragmentOversized whether packets toward a client that are too long are fragmented even where DF forbids
     *     it, instead of answering with ICMP "fragmentation needed"
     * @param clientToClient whether clients may reach one another
     * @param allowedDestinations networks that clients may reach; none: everything
     * @param hostAccess what clients may reach of the server's own host
     * @param proxyArp whether the host answers ARP for clients whose addresses lie in a network of one of its
     *     interfaces
     * @param nat address translation toward the uplink
     */
    public record Network(String tun, Ipv4Address localAddress, List<String> pools, List<String> exclude,
            List<Ipv4Address> dns, List<Ipv4Address> wins, OptionalInt mtu, MssClamp mss, boolean fragmentOversized,
            boolean clientToClient, List<Ipv4Prefix> allowedDestinations, List<HostRule> hostAccess, boolean proxyArp,
            Nat nat) {

        /** The default of {@link #tun}. */
        public static final String DEFAULT_TUN = "pptpd0";

        /** Copies the lists. */
        public Network {
            pools = List.copyOf(pools);
            exclude = List.copyOf(exclude);
            dns = List.copyOf(dns);
            wins = List.copyOf(wins);
            allowedDestinations = List.copyOf(allowedDestinations);
            hostAccess = List.copyOf(hostAccess);
        }

        /** A network with nothing but the two settings that have no default. */
        public static Network withDefaults(Ipv4Address localAddress, List<String> pools) {
            return new Network(DEFAULT_TUN, localAddress, pools, List.of(), List.of(), List.of(), OptionalInt.empty(),
                    MssClamp.AUTO, true, false, List.of(), List.of(), false, Nat.DEFAULTS);
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

    /**
     * Address translation (MASQUERADE) of what clients send.
     *
     * @param enabled whether there is any
     * @param uplink the interface it leaves through; empty: the default route's
     * @param excludeDestinations networks that see the clients' own addresses
     */
    public record Nat(boolean enabled, Optional<String> uplink, List<Ipv4Prefix> excludeDestinations) {
        /** Everything that leaves through the default route's interface. */
        public static final Nat DEFAULTS = new Nat(true, Optional.empty(), List.of());

        /** Copies the list. */
        public Nat {
            excludeDestinations = List.copyOf(excludeDestinations);
        }
    }

    /**
     * How clients prove who they are.
     *
     * @param methods what is offered, strongest first
     * @param retries how many further tries a link allows after a wrong password (MS-CHAP R=1)
     * @param timeout the time for a whole login, from the TCP connection to an open IPCP
     */
    public record Authentication(List<AuthMethod> methods, int retries, Duration timeout) {
        /** MS-CHAPv2, three tries, 30 s. */
        public static final Authentication DEFAULTS = new Authentication(List.of(AuthMethod.MSCHAPV2), 2,
                Duration.ofSeconds(30));

        /** Puts the methods in the order they are offered in. */
        public Authentication {
            methods = sorted(methods, Comparator.naturalOrder());
        }
    }

    /**
     * MPPE, RFC 3078.
     *
     * @param policy whether it is wanted
     * @param keyLengths allowed strengths in bits, longest first
     * @param stateful whether the stateful mode is accepted from clients that insist on it
     */
    public record Encryption(Policy policy, List<Integer> keyLengths, boolean stateful) {
        /** Required, 128 bits, stateless. */
        public static final Encryption DEFAULTS = new Encryption(Policy.REQUIRED, List.of(128), false);

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

    /**
     * Keepalive of the links.
     *
     * @param echoInterval an LCP Echo-Request is sent after this much silence; zero: never
     * @param echoFailures after so many unanswered ones the link is dead
     */
    public record Ppp(Duration echoInterval, int echoFailures) {
        /** Dead after two minutes. */
        public static final Ppp DEFAULTS = new Ppp(Duration.ofSeconds(20), 6);
    }

    /**
     * Order of the received packets.
     *
     * @param reorderPackets how many early packets a session holds back for a missing one; zero: none
     * @param reorderDelay how long it holds them back at most
     */
    public record Gre(int reorderPackets, Duration reorderDelay) {
        /** 64 packets, 50 ms. */
        public static final Gre DEFAULTS = new Gre(64, Duration.ofMillis(50));
    }

    /**
     * Keepalive of the control connections.
     *
     * @param echoInterval a PPTP Echo-Request is sent after this much silence, and the connection closed after the same
     *     time again
     */
    public record Control(Duration echoInterval) {
        /** RFC 2637 section 3.1.4: 60 s. */
        public static final Control DEFAULTS = new Control(Duration.ofSeconds(60));
    }

    /**
     * What one server takes on.
     *
     * @param sessions how many sessions at once
     * @param pendingConnections how many control connections that have not logged in yet
     * @param connectionsPerSource how many control connections from one address
     * @param connectionsPerSecond how many new control connections per second from one address
     */
    public record Limits(int sessions, int pendingConnections, int connectionsPerSource, int connectionsPerSecond) {
        /** 10,000 sessions. */
        public static final Limits DEFAULTS = new Limits(10_000, 512, 64, 100);
    }

    /**
     * What one user may have.
     *
     * @param perUser sessions at once, unless the user's own setting says otherwise; zero: any number
     * @param whenExceeded what a login beyond that does
     * @param idleTimeout a session without data for so long ends; zero: never
     * @param maxDuration a session ends after so long; zero: never
     */
    public record Sessions(int perUser, WhenExceeded whenExceeded, Duration idleTimeout, Duration maxDuration) {
        /** One session, which the next login replaces. */
        public static final Sessions DEFAULTS = new Sessions(1, WhenExceeded.REPLACE, Duration.ZERO, Duration.ZERO);

        /** What a login beyond the allowed number does. */
        public enum WhenExceeded {
            /** It ends the user's oldest session. */
            REPLACE,
            /** It is refused. */
            DENY
        }
    }

    /**
     * The administration port.
     *
     * @param address the local address to listen on
     * @param port the TCP port
     * @param tls what mutual TLS needs; empty only on loopback
     */
    public record Admin(Ipv4Address address, int port, Optional<Tls> tls) {
        /** Loopback, port 9723, without TLS. */
        public static final Admin DEFAULTS = new Admin(Ipv4Address.parse("127.0.0.1"), 9723, Optional.empty());

        /** Whether only this machine reaches the port. */
        public boolean isLoopback() {
            return address.bits() >>> 24 == 127;
        }
    }

    /**
     * Files for mutual TLS, PEM; read again when they change.
     *
     * @param certificate the server's certificate, followed by what leads to its root
     * @param key the private key, PKCS #8
     * @param clientCa the certificates that issue client certificates
     */
    public record Tls(Path certificate, Path key, Path clientCa) {}

    /**
     * The end of the server.
     *
     * @param timeout so long calls may end by themselves after SIGTERM
     */
    public record Drain(Duration timeout) {
        /** 30 s. */
        public static final Drain DEFAULTS = new Drain(Duration.ofSeconds(30));
    }

    /**
     * What is logged, and how.
     *
     * @param level the least important messages that are logged
     * @param format how lines look
     * @param debugPeers client addresses whose decoded packets are logged
     */
    public record Log(Level level, Format format, List<Ipv4Address> debugPeers) {
        /** Text from info up. */
        public static final Log DEFAULTS = new Log(Level.INFO, Format.TEXT, List.of());

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

    /**
     * The threads that move packets.
     *
     * @param workers how many; zero: one per core
     * @param offload whether TUN hands over and takes trains of segments
     * @param packetSocket whether GRE leaves through packet sockets
     * @param precedence whether they run ahead of the host's ordinary threads
     * @param pinned whether each keeps to a CPU of its own, if there are enough
     */
    public record Datapath(int workers, Offload offload, PacketSocket packetSocket, Precedence precedence,
            boolean pinned) {
        /** One per core, as fast as the kernel allows. */
        public static final Datapath DEFAULTS = new Datapath(0, Offload.AUTO, PacketSocket.AUTO, Precedence.OFF, false);

        /** Segmentation offload between the kernel and this process. */
        public enum Offload {
            /** As much as the kernel has. */
            AUTO,
            /** Every packet by itself. */
            OFF
        }

        /** Sending past the kernel's routing. */
        public enum PacketSocket {
            /** Where the next hop is known, and no firewall rule, IPsec policy or routing rule is passed by. */
            AUTO,
            /** Where the next hop is known. */
            ALWAYS,
            /** Never. */
            OFF
        }

        /** Running ahead of ordinary threads. */
        public enum Precedence {
            /** As long as that leaves them enough, if the process may and its CPU time has no limit. */
            AUTO,
            /** Never. */
            OFF
        }
    }

    private static <T> List<T> sorted(Collection<T> values, Comparator<? super T> order) {
        return values.stream().sorted(order).toList();
    }
}
