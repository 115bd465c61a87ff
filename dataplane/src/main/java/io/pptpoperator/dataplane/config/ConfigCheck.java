package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.ServerConfig.Admin;
import io.pptpoperator.dataplane.config.ServerConfig.Authentication;
import io.pptpoperator.dataplane.config.ServerConfig.Encryption;
import io.pptpoperator.dataplane.config.ServerConfig.Network;
import io.pptpoperator.dataplane.config.ServerConfig.Tls;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which configurations can work: bounds of single values, and what does not go together. */
public final class ConfigCheck {

    /** Longest user name in UTF-16 characters: PAP's Peer-ID holds 255 bytes (RFC 1334 section 2.2.1). */
    private static final int MAX_USERNAME = 255;
    /** Longest password in UTF-16 characters (RFC 2759 section 8.1). */
    private static final int MAX_PASSWORD = 256;
    private static final int MAX_LIST = 1024;

    private static final AddressPool NOBODYS = AddressPool.of(List.of(AddressRange.parse("0.0.0.0/8"),
            AddressRange.parse("127.0.0.0/8"), AddressRange.parse("224.0.0.0-255.255.255.255")));

    private final List<FieldProblem> problems = new ArrayList<>();

    private ConfigCheck() {}

    /** What is wrong with a server's settings; nothing when they can work. */
    public static List<FieldProblem> server(ServerConfig server) {
        var check = new ConfigCheck();
        check.name(server.name());
        check.range("listen.port", server.listen().port(), 1, 65_535);
        check.network(server.network());
        check.authentication(server.authentication());
        check.encryption(server.encryption(), server.authentication());
        check.range("ppp.echoInterval", server.ppp().echoInterval(), 1, 3600, true);
        check.range("ppp.echoFailures", server.ppp().echoFailures(), 1, 100);
        check.range("gre.reorderPackets", server.gre().reorderPackets(), 0, 1024);
        if (server.gre().reorderDelay().compareTo(Duration.ofSeconds(1)) > 0) {
            check.problem("gre.reorderDelay", DurationText.format(server.gre().reorderDelay())
                    + " is too long for packets to wait; 0s to 1s would be right");
        }
        check.range("control.echoInterval", server.control().echoInterval(), 1, 3600, false);
        check.range("limits.sessions", server.limits().sessions(), 1, 1_000_000);
        check.range("limits.pendingConnections", server.limits().pendingConnections(), 1, 1_000_000);
        check.range("limits.connectionsPerSource", server.limits().connectionsPerSource(), 1, 1_000_000);
        check.range("limits.connectionsPerSecond", server.limits().connectionsPerSecond(), 1, 1_000_000);
        check.range("sessions.perUser", server.sessions().perUser(), 0, 1_000_000);
        check.range("sessions.idleTimeout", server.sessions().idleTimeout(), 1, 31_536_000, true);
        check.range("sessions.maxDuration", server.sessions().maxDuration(), 1, 31_536_000, true);
        check.admin(server.admin(), server.listen());
        check.range("drain.timeout", server.drain().timeout(), 1, 86_400, true);
        check.length("log.debugPeers", server.log().debugPeers(), MAX_LIST);
        check.range("datapath.workers", server.datapath().workers(), 0, 256);
        return List.copyOf(check.problems);
    }

    /** What is wrong with the users, each alone and among themselves. */
    public static List<FieldProblem> users(List<UserConfig> users) {
        var check = new ConfigCheck();
        var names = new HashSet<String>();
        var addresses = new HashSet<Ipv4Address>();
        var routes = new HashMap<Ipv4Prefix, Integer>();
        for (int i = 0; i < users.size(); i++) {
            UserConfig user = users.get(i);
            String field = "users[" + i + "]";
            check.username(field + ".username", user.username());
            if (!names.add(user.username())) {
                check.problem(field + ".username",
                        "'" + user.username() + "' is another user's name already; a different one would be right");
            }
            check.credentials(field, user.credentials());
            if (user.address().isPresent()) {
                check.host(field + ".address", user.address().get());
                if (!addresses.add(user.address().get())) {
                    check.problem(field + ".address", user.address().get()
                            + " is another user's static address already; a different one would be right");
                }
            }
            check.length(field + ".allowedSources", user.allowedSources(), MAX_LIST);
            check.routes(field + ".routes", user.routes(), i, routes);
            user.sessions().ifPresent(count -> check.range(field + ".sessions", count, 0, 1_000_000));
        }
        return List.copyOf(check.problems);
    }

    /** Where users do not fit their server; both are right when looked at alone. */
    public static List<FieldProblem> together(ServerConfig server, List<UserConfig> users) {
        var check = new ConfigCheck();
        Ipv4Address local = server.network().localAddress();
        for (int i = 0; i < users.size(); i++) {
            if (users.get(i).address().equals(Optional.of(local))) {
                check.problem("users[" + i + "].address",
                        local + " is the server's own network.localAddress; another address would be right");
            }
        }
        return List.copyOf(check.problems);
    }

    private void problem(String field, String message) {
        problems.add(new FieldProblem(field, message));
    }

    private void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            problem(field, value + " is out of bounds; " + min + " to " + max + " would be right");
        }
    }

    private void range(String field, Duration value, int minSeconds, int maxSeconds, boolean zeroIsOff) {
        boolean fits = value.compareTo(Duration.ofSeconds(minSeconds)) >= 0
                && value.compareTo(Duration.ofSeconds(maxSeconds)) <= 0;
        if (!fits && !(zeroIsOff && value.isZero())) {
            problem(field,
                    DurationText.format(value) + " is out of bounds; " + (zeroIsOff ? "0s, or " : "")
                            + DurationText.format(Duration.ofSeconds(minSeconds)) + " to "
                            + DurationText.format(Duration.ofSeconds(maxSeconds)) + " would be right");
        }
    }

    private void length(String field, List<?> list, int max) {
        if (list.size() > max) {
            problem(field, "has " + list.size() + " items; at most " + max + " would be right");
        }
    }

    private void name(String name) {
        // The host name field of a control message has 64 bytes, zero included (RFC 2637 section 2.2).
        if (!name.matches("[!-~]{1,63}")) {
            problem("name", "'" + name + "' is not a host name; 1 to 63 letters, digits and dashes would be right");
        }
    }

    private void network(Network network) {
        interfaceName("network.tun", network.tun());
        host("network.localAddress", network.localAddress());
        pools(network);
        nameServers("network.dns", network.dns());
        nameServers("network.wins", network.wins());
        network.mtu().ifPresent(mtu -> range("network.mtu", mtu, 576, 1500));
        if (network.mss() instanceof MssClamp.Fixed fixed) {
            range("network.mss", fixed.bytes(), 216, 1460);
        }
        length("network.allowedDestinations", network.allowedDestinations(), MAX_LIST);
        hostAccess(network.hostAccess());
        network.nat().uplink().ifPresent(uplink -> interfaceName("network.nat.uplink", uplink));
        length("network.nat.excludeDestinations", network.nat().excludeDestinations(), MAX_LIST);
    }

    private void hostAccess(List<HostRule> rules) {
        length("network.hostAccess", rules, MAX_LIST);
        for (int i = 0; i < rules.size(); i++) {
            HostRule rule = rules.get(i);
            String field = "network.hostAccess[" + i + "]";
            int firstOctet = rule.address().map(address -> address.bits() >>> 24).orElse(10);
            if (firstOctet == 0 || firstOctet == 127) {
                problem(field + ".address", rule.address().orElseThrow()
                        + " cannot be reached from outside; one of the host's addresses, or none for all of them,"
                        + " would be right");
            }
            length(field + ".ports", rule.ports(), MAX_LIST);
            if (rule.ports().isEmpty() != (rule.protocol() == HostRule.Protocol.ICMP)) {
                problem(field + ".ports",
                        rule.ports().isEmpty()
                                ? "is missing; a list of ports such as [443, 30000-32767] would be right"
                                : "means nothing for icmp; none would be right");
            }
        }
    }

    private void interfaceName(String field, String name) {
        // The kernel's IFNAMSIZ is 16 with the closing zero.
        if (!name.matches("[A-Za-z0-9_.-]{1,15}") || name.matches("\\.{1,2}")) {
            problem(field, "'" + name + "' is not an interface name; 1 to 15 letters, digits, dots, dashes and"
                    + " underscores would be right");
        }
    }

    private void host(String field, Ipv4Address address) {
        if (NOBODYS.contains(address)) {
            problem(field, address + " cannot be the address of a host; one such as 192.168.10.1 would be right");
        }
    }

    private void nameServers(String field, List<Ipv4Address> servers) {
        // RFC 1877 has a primary and a secondary option of each kind.
        length(field, servers, 2);
        for (int i = 0; i < servers.size(); i++) {
            host(field + "[" + i + "]", servers.get(i));
        }
    }

    private void pools(Network network) {
        int before = problems.size();
        length("network.pools", network.pools(), MAX_LIST);
        length("network.exclude", network.exclude(), MAX_LIST);
        for (int i = 0; i < network.pools().size(); i++) {
            String field = "network.pools[" + i + "]";
            try {
                if (AddressPool.parse(network.pools().get(i)).overlaps(NOBODYS)) {
                    problem(field, "'" + network.pools().get(i) + "' has addresses that cannot be a host's;"
                            + " private ones such as 192.168.10.100-200 would be right");
                }
            } catch (IllegalArgumentException e) {
                problem(field, e.getMessage());
            }
        }
        for (int i = 0; i < network.exclude().size(); i++) {
            try {
                AddressPool.parseExclusion(network.exclude().get(i));
            } catch (IllegalArgumentException e) {
                problem("network.exclude[" + i + "]", e.getMessage());
            }
        }
        if (problems.size() > before) {
            return;
        }
        AddressPool pool = network.addressPool();
        Ipv4Address local = network.localAddress();
        if (pool.isEmpty()) {
            problem("network.pools",
                    "no address is left for clients; a range such as 192.168.10.100-200 would be right");
        } else if (pool.contains(local)) {
            problem("network.pools",
                    "the pool contains network.localAddress " + local
                            + ", which is the server's own; a pool without it, or " + local
                            + " in network.exclude, would be right");
        }
    }

    private void authentication(Authentication authentication) {
        List<AuthMethod> methods = authentication.methods();
        if (methods.isEmpty()) {
            problem("authentication.methods", "nobody could log in without a method; [mschapv2] would be right");
        } else if (new HashSet<>(methods).size() < methods.size()) {
            problem("authentication.methods", "a method stands here twice; each once would be right");
        }
        range("authentication.retries", authentication.retries(), 0, 10);
        range("authentication.timeout", authentication.timeout(), 1, 600, false);
    }

    private void encryption(Encryption encryption, Authentication authentication) {
        List<Integer> lengths = encryption.keyLengths();
        if (lengths.stream().anyMatch(bits -> bits != 128 && bits != 56 && bits != 40)) {
            problem("encryption.keyLengths", lengths + " is not what MPPE has; some of 128, 56 and 40 would be right");
        } else if (new HashSet<>(lengths).size() < lengths.size()) {
            problem("encryption.keyLengths", "a length stands here twice; each once would be right");
        } else if (lengths.isEmpty() && encryption.policy() != Encryption.Policy.OFF) {
            problem("encryption.keyLengths", "nothing could be encrypted without a key length; [128] would be right");
        }
        if (encryption.policy() == Encryption.Policy.REQUIRED
                && authentication.methods().stream().noneMatch(AuthMethod::yieldsMppeKeys)) {
            problem("encryption.policy", "encryption is required, but none of authentication.methods yields keys for"
                    + " it; mschapv2 among them, or the policy off, would be right");
        }
    }

    private void admin(Admin admin, ServerConfig.Listen listen) {
        range("admin.port", admin.port(), 1, 65_535);
        boolean sameAddress = admin.address().equals(listen.address()) || admin.address().equals(Ipv4Address.ANY)
                || listen.address().equals(Ipv4Address.ANY);
        if (admin.port() == listen.port() && sameAddress) {
            problem("admin.port", admin.port() + " is listen.port already; another port would be right");
        }
        if (!admin.isLoopback() && admin.tls().isEmpty()) {
            problem("admin.address", admin.address()
                    + " is open to other machines, which needs admin.tls; that, or 127.0.0.1, would be right");
        }
        admin.tls().ifPresent(this::tls);
    }

    private void tls(Tls tls) {
        Map.of("certificate", tls.certificate(), "key", tls.key(), "clientCa", tls.clientCa()).forEach((key, path) -> {
            if (path.equals(Path.of(""))) {
                problem("admin.tls." + key, "is empty; the path of a PEM file would be right");
            }
        });
    }

    private void username(String field, String username) {
        if (username.isEmpty() || username.length() > MAX_USERNAME || !isWellFormed(username)
                || !username.equals(username.strip())) {
            problem(field, "'" + username + "' is not a user name; 1 to " + MAX_USERNAME
                    + " characters without control characters, and without spaces at its ends, would be right");
        }
    }

    private void credentials(String field, Credentials credentials) {
        if (credentials instanceof Credentials.Password password && (password.value().isEmpty()
                || password.value().length() > MAX_PASSWORD || !isWellFormed(password.value()))) {
            problem(field + ".password", "this cannot be a password; 1 to " + MAX_PASSWORD
                    + " characters without control characters would be right");
        }
    }

    /** Whether a client could ever send this text: no control characters, no half of a surrogate pair. */
    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(character -> Character.isISOControl(character)
                        || Character.getType(character) == Character.SURROGATE);
    }

    private void routes(String field, List<Ipv4Prefix> routes, int user, Map<Ipv4Prefix, Integer> all) {
        length(field, routes, MAX_LIST);
        for (int i = 0; i < routes.size(); i++) {
            if (AddressPool.of(List.of(AddressRange.of(routes.get(i)))).overlaps(NOBODYS)) {
                problem(field + "[" + i + "]", routes.get(i) + " has addresses that cannot be a host's;"
                        + " a network such as 192.168.50.0/24 would be right");
            }
            Integer other = all.putIfAbsent(routes.get(i), user);
            if (other != null) {
                problem(field + "[" + i + "]", routes.get(i) + " is routed to users[" + other
                        + "] already; a network that no other entry has would be right");
            }
        }
    }
}
